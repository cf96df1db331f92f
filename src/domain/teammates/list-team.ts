import type { Instant } from '#db/columns.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { Db } from '#platform/database/database.ts'
import { listTeammates, type Teammate } from './teammates.ts'

export interface TeamMember {
  teammate: Teammate
  can_sign_in: boolean
  has_second_step: boolean
  last_seen_at: Instant | null
}

/** Who was not removed, with what tells whether they are at work here. */
export async function listTeam(db: Db, workspace: Pick<Workspace, 'id'>): Promise<TeamMember[]> {
  const teammates = (await listTeammates(db, workspace)).filter(({ removed_at }) => removed_at === null)
  const passwords = await db.selectFrom('teammate_passwords').select('teammate_id').where('workspace_id', '=', workspace.id).execute()
  const steps = await db.selectFrom('second_steps').select('teammate_id').where('workspace_id', '=', workspace.id).execute()
  const sessions = await db
    .selectFrom('teammate_sessions')
    .select(({ fn }) => ['teammate_id', fn.max('last_seen_at').as('last_seen_at')])
    .where('workspace_id', '=', workspace.id)
    .groupBy('teammate_id')
    .execute()
  const withPassword = new Set(passwords.map(({ teammate_id }) => teammate_id))
  const withStep = new Set(steps.map(({ teammate_id }) => teammate_id))
  const seen = new Map(sessions.map(({ teammate_id, last_seen_at }) => [teammate_id, last_seen_at]))
  return teammates.map((teammate) => ({
    teammate,
    can_sign_in: withPassword.has(teammate.id),
    has_second_step: withStep.has(teammate.id),
    last_seen_at: seen.get(teammate.id) ?? null,
  }))
}
