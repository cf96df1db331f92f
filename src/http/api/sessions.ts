import { getContact } from '#domain/contacts/contacts.ts'
import { endSessionsOfContact, listSessions, type Session } from '#domain/sessions/sessions.ts'
import type { App } from '#http/app-types.ts'
import { may } from './authenticate.ts'
import { presentReference } from './present-contact.ts'
import { ById, seconds } from './shapes.ts'

export function sessionRoutes(api: App) {
  api.get('/api/contacts/:id/sessions', { ...may('contacts:read'), schema: ById }, async ({ workspace, params }) => {
    const contact = await getContact(api.db, workspace, params.id)
    const sessions = await listSessions(api.db, workspace, { contact_id: contact.id, now: api.now() })
    return { type: 'list', data: sessions.map(presentSession), total_count: sessions.length }
  })

  api.delete('/api/contacts/:id/sessions', { ...may('sessions:write'), schema: ById }, async ({ workspace, params }) => {
    const contact = await getContact(api.db, workspace, params.id)
    const ended = await endSessionsOfContact(api.db, workspace, contact.id)
    return { ...presentReference(contact), sessions_ended: ended.length }
  })
}

function presentSession({ id, kind, device, platform, door, created_at, last_seen_at, expires_at }: Session) {
  const times = { created_at: seconds(created_at), last_seen_at: seconds(last_seen_at), expires_at: seconds(expires_at) }
  return { type: 'session', id: String(id), kind, device, platform, door, ...times }
}
