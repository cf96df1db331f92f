import type { Selectable } from 'kysely'
import type { ContactId, Instant, MessengerSecretId, Platform, SessionId, SessionsTable } from '#db/schema.ts'
import { hashOf, newHexId, newSecret } from '#platform/ids/ids.ts'
import type { Db } from '#platform/database/database.ts'
import type { Contact } from '#domain/contacts/contacts.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'

const DAY = 86_400_000
/** A session ends when it was not used for this long … */
export const IDLE_LIFE = 7 * DAY
/** … and at this age in any case. */
export const WHOLE_LIFE = 30 * DAY
const SHORTEST_LIFE = 60_000

export type Session = Selectable<SessionsTable>
/** A session that is alive, with the person it stands for; a visitor has no contact before the first message. */
export type StandingSession = Session & { contact: Contact | null }

/** Somebody or something stands for this person: a token, an OpenID provider (`user`), or our mail to their address (`lead`). */
export function isVouchedFor({ kind }: Pick<Session, 'kind'>): boolean {
  return kind === 'user' || kind === 'lead'
}

export interface NewSession {
  kind: Session['kind']
  contact_id: ContactId | null
  visitor_id?: ContactId
  claimed_user_id?: string | null
  claimed_email?: string | null
  claims_digest?: string | null
  device: string
  platform: Platform
  door: string
  messenger_secret_id?: MessengerSecretId | null
  parent_session_id?: SessionId | undefined
  duration_ms?: number | undefined
}

/** Answers the row and the secret that goes into the cookie; only the secret's hash is stored. */
export async function startSession(
  db: Db,
  workspace: Workspace,
  session: NewSession,
  now: Instant,
): Promise<{ session: Session; secret: string }> {
  const secret = newSecret()
  const duration = idleLife(session.duration_ms)
  const row = await db
    .insertInto('sessions')
    .values({
      workspace_id: workspace.id,
      secret_hash: hashOf(secret),
      kind: session.kind,
      contact_id: session.contact_id,
      visitor_id: session.visitor_id ?? (newHexId() as ContactId),
      claimed_user_id: session.claimed_user_id ?? null,
      claimed_email: session.claimed_email ?? null,
      claims_digest: session.claims_digest ?? null,
      device: session.device,
      platform: session.platform,
      door: session.door,
      messenger_secret_id: session.messenger_secret_id ?? null,
      parent_session_id: session.parent_session_id ?? null,
      duration_ms: duration,
      created_at: now,
      last_seen_at: now,
      expires_at: now + duration,
      ends_at: now + WHOLE_LIFE,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return { session: row, secret }
}

export function idleLife(asked: number | undefined): number {
  return Math.min(IDLE_LIFE, Math.max(SHORTEST_LIFE, asked ?? IDLE_LIFE))
}

/** The living session behind a cookie's secret, if the person is not blocked. */
export async function findSession(db: Db, workspace: Workspace, secret: string, now: Instant): Promise<StandingSession | null> {
  const session = await db
    .selectFrom('sessions')
    .selectAll()
    .where('secret_hash', '=', hashOf(secret))
    .where('workspace_id', '=', workspace.id)
    .executeTakeFirst()
  if (!session || now >= session.expires_at || now >= session.ends_at) return null
  if (session.contact_id === null) return { ...session, contact: null }
  const contact = await db
    .selectFrom('contacts')
    .selectAll()
    .where('workspace_id', '=', workspace.id)
    .where('id', '=', session.contact_id)
    .executeTakeFirst()
  return contact && contact.blocked_at === null ? { ...session, contact } : null
}

export async function listSessions(
  db: Db,
  workspace: Workspace,
  { contact_id, now }: { contact_id: ContactId; now: Instant },
): Promise<Session[]> {
  return db
    .selectFrom('sessions')
    .selectAll()
    .where('workspace_id', '=', workspace.id)
    .where('contact_id', '=', contact_id)
    .where('expires_at', '>', now)
    .orderBy('last_seen_at', 'desc')
    .execute()
}

export async function endSession(db: Db, workspace: Workspace, id: SessionId): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('sessions')
    .where('workspace_id', '=', workspace.id)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

/** Answers the ids of the sessions that ended. */
export async function endSessionsOfContact(db: Db, workspace: Workspace, contact: ContactId): Promise<SessionId[]> {
  const ended = await db
    .deleteFrom('sessions')
    .where('workspace_id', '=', workspace.id)
    .where('contact_id', '=', contact)
    .returning('id')
    .execute()
  return ended.map((session) => session.id)
}

/** Slides the expiry of sessions that were used, in one write; `at` is when the last of them was. */
export async function slideSessions(db: Db, ids: readonly SessionId[], at: Instant): Promise<void> {
  await db
    .updateTable('sessions')
    .set((row) => {
      const slid = row(row.ref('duration_ms'), '+', at)
      return { last_seen_at: at, expires_at: row.case().when(slid, '<', row.ref('ends_at')).then(slid).else(row.ref('ends_at')).end() }
    })
    .where('id', 'in', ids)
    .execute()
}
