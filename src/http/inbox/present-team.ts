import type { Instant } from '#db/columns.ts'
import type { Invite } from '#domain/teammates/invites.ts'
import type { TeamMember } from '#domain/teammates/list-team.ts'
import { can, canChangeTeammate, permissionsOf } from '#domain/teammates/roles.ts'
import type { AtWork, TeammateSession } from '#domain/teammates/teammate-sessions.ts'
import type { Teammate } from '#domain/teammates/teammates.ts'
import type { AtWorkAnswer, InviteRow, SessionRow, TeammateRow } from '#shared/inbox.ts'

export function presentAtWork({ teammate, workspace }: AtWork): AtWorkAnswer {
  const { id, name, email, role } = teammate
  return {
    teammate: { id, name, email, role },
    workspace: { app_id: workspace.app_id, name: workspace.name },
    permissions: permissionsOf(teammate),
  }
}

export function presentTeammate(you: Teammate, { teammate, can_sign_in, has_second_step, last_seen_at }: TeamMember): TeammateRow {
  const { id, name, email, role } = teammate
  return {
    ...{ id, name, email, role, is_you: id === you.id, can_sign_in, last_seen_at },
    // Who can be attacked by a password alone is for those who can do something about it.
    has_second_step: can(you, 'teammates:write') ? has_second_step : null,
    can_change: canChangeTeammate(you, teammate),
  }
}

export function presentInvite({ id, email, role, expires_at }: Invite, now: Instant): InviteRow {
  return { id, email, role, expires_at, is_expired: now >= expires_at }
}

export function presentSession(session: TeammateSession, current: TeammateSession): SessionRow {
  const { id, device, address, created_at, last_seen_at } = session
  return { id, device, address, is_current: id === current.id, created_at, last_seen_at }
}
