import type { TeammateRole } from '#shared/inbox.ts'

export const ROLE_HINTS: Record<TeammateRole, string> = {
  owner: 'Everything, and makes other owners.',
  admin: 'Settings, secrets, teammates and the audit log.',
  agent: 'Answers conversations and tickets; reads the settings.',
  viewer: 'Reads everything but the audit log, and changes nothing.',
}

export function roleOptions(roles: readonly TeammateRole[]) {
  return roles.map((role) => ({ value: role, label: `${role[0]?.toUpperCase()}${role.slice(1)}` }))
}
