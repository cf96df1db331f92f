import type { TeammateRole } from '#db/columns.ts'
import type { Teammate } from './teammates.ts'

export const ROLES = ['owner', 'admin', 'agent', 'viewer'] as const satisfies readonly TeammateRole[]

const VIEWER = ['teammates:read', 'settings:read', 'conversations:read'] as const
const AGENT = [...VIEWER, 'conversations:write'] as const
const ADMIN = [...AGENT, 'settings:write', 'secrets:write', 'teammates:write', 'audit:read'] as const
const OWNER = [...ADMIN, 'owners:write'] as const

export type Permission = (typeof OWNER)[number]

const MAY: Record<TeammateRole, ReadonlySet<Permission>> = {
  viewer: new Set(VIEWER),
  agent: new Set(AGENT),
  admin: new Set(ADMIN),
  owner: new Set(OWNER),
}

export function can(teammate: Pick<Teammate, 'role'>, permission: Permission): boolean {
  return MAY[teammate.role].has(permission)
}

export function permissionsOf(teammate: Pick<Teammate, 'role'>): Permission[] {
  return [...MAY[teammate.role]]
}

/** Only an owner makes owners. */
export function canGiveRole(actor: Pick<Teammate, 'role'>, role: TeammateRole): boolean {
  return can(actor, role === 'owner' ? 'owners:write' : 'teammates:write')
}

/** Nobody changes or removes themselves, so an installation keeps its last owner. */
export function canChangeTeammate(actor: Pick<Teammate, 'id' | 'role'>, teammate: Pick<Teammate, 'id' | 'role'>): boolean {
  return actor.id !== teammate.id && canGiveRole(actor, teammate.role)
}
