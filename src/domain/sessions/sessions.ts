import { sql, type Selectable } from 'kysely'
import type { SessionsTable } from '#db/session-tables.ts'
import type { ContactId, Instant, SessionId } from '#db/columns.ts'
import { hashOf } from '#platform/ids/ids.ts'
import type { Db } from '#platform/database/database.ts'
import { losable, unnoticed } from '#platform/database/changes.ts'
import { keepUntil } from '#platform/database/kept.ts'
import { prepared } from '#platform/database/prepared.ts'
import { findContact, type Contact } from '#domain/contacts/contacts.ts'
import { hostnameOf, type Host, type Workspace } from '#domain/workspaces/workspaces.ts'
import { lockedFamilies, lockedSessions } from './lock-sessions.ts'

const DAY = 86_400_000
/** A session ends when it was not used for this long … */
export const IDLE_LIFE = 7 * DAY
/** … and at this age in any case. */
export const WHOLE_LIFE = 30 * DAY
/** Carried by nothing but a page's memory, a session ends this long after its last use; so does the bearer itself. */
export const BEARER_LIFE = 3_600_000

export type Session = Selectable<SessionsTable>
/** A session that is alive, with the person it stands for; a visitor has no contact before the first message. */
export type StandingSession = Session & { contact: Contact | null }

/** Somebody or something stands for this person: a token, an OpenID provider (`user`), or our mail to their address (`lead`). */
export function isVouchedFor({ kind }: Pick<Session, 'kind'>): boolean {
  return kind === 'user' || kind === 'lead'
}

function isAlive({ expires_at, ends_at }: Session, now: Instant): boolean {
  return now < expires_at && now < ends_at
}

/** The living session behind the first-party cookie's secret, if it is this host's cookie and the person is not blocked. */
export async function findSession(db: Db, host: Host, secret: string, now: Instant): Promise<StandingSession | null> {
  const session = await findSessionByHash(db, host, hashOf(secret), now)
  return session?.carrier === 'cookie' ? session : null
}

/** Not at another host than its own: whoever serves one sees the cookies of its readers, and is nobody with them elsewhere. */
export async function findSessionByHash(db: Db, host: Host, secret_hash: string, now: Instant): Promise<StandingSession | null> {
  const known = standing.find(db, secret_hash)
  const isKnown = known && known.session.workspace_id === host.workspace_id && holds(known, now)
  const { session } = (isKnown ? known : await readStanding(db, host, secret_hash, now)) ?? {}
  return session && (session.hostname === null || session.hostname === hostnameOf(host)) ? session : null
}

/** A session that was found standing; while nothing changes, it stands until then. */
interface Standing {
  session: StandingSession
  readAt: Instant
  until: Instant
}

/** Sliding a session changes no answer, so it is read again after this time to learn of it. */
const KEPT_MS = 60_000
const KEPT_SESSIONS = 5000
const standing = keepUntil<string, Standing>(['sessions', 'contacts'], KEPT_SESSIONS)

function holds({ until, readAt }: Standing, now: Instant): boolean {
  return now < until && Math.abs(now - readAt) < KEPT_MS
}

async function readStanding(db: Db, { workspace_id }: Host, secret_hash: string, now: Instant): Promise<Standing | undefined> {
  const read = async () => {
    const [session] = await selectByHash(db, { workspace_id, secret_hash })
    return session && whileAlive(db, session, now)
  }
  return standing.readAnew(db, secret_hash, read)
}

const selectByHash = prepared((db, { workspace_id, secret_hash }: Pick<Session, 'workspace_id' | 'secret_hash'>) =>
  db.selectFrom('sessions').selectAll().where('secret_hash', '=', secret_hash).where('workspace_id', '=', workspace_id),
)

/** What a row stands for while it, its parent and its person do. */
async function whileAlive(db: Db, session: Session, now: Instant): Promise<Standing | undefined> {
  if (!isAlive(session, now)) return undefined
  const { workspace_id, contact_id, parent_session_id } = session
  const parent = parent_session_id === null ? session : await findAlive(db, session, parent_session_id, now)
  if (!parent) return undefined
  const until = Math.min(session.expires_at, session.ends_at, parent.expires_at, parent.ends_at)
  if (contact_id === null) return { session: { ...session, contact: null }, readAt: now, until }
  const contact = await findContact(db, { id: workspace_id }, contact_id)
  return contact && contact.blocked_at === null ? { session: { ...session, contact }, readAt: now, until } : undefined
}

export async function findAlive(
  db: Db,
  { workspace_id }: Pick<Session, 'workspace_id'>,
  id: SessionId,
  now: Instant,
): Promise<Session | undefined> {
  const session = await db
    .selectFrom('sessions')
    .selectAll()
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .executeTakeFirst()
  return session && isAlive(session, now) ? session : undefined
}

/** The living session with this id. */
export async function findSessionById(db: Db, workspace: Workspace, id: SessionId, now: Instant): Promise<StandingSession | null> {
  const session = await findAlive(db, { workspace_id: workspace.id }, id, now)
  return session ? ((await whileAlive(db, session, now))?.session ?? null) : null
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

/** The session that this one came from, if it was handed over: it hands on that one and is left with it, so that all end together. */
export function rootOf({ id, parent_session_id }: Session): SessionId {
  return parent_session_id ?? id
}

export async function endSession(db: Db, workspace: Workspace, id: SessionId): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('sessions')
    .where('workspace_id', '=', workspace.id)
    .where('id', 'in', lockedFamilies(db, workspace, [id]))
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

/** Answers the ids of the sessions that ended. */
export async function endSessionsOfContact(db: Db, workspace: Workspace, contact: ContactId): Promise<SessionId[]> {
  const theirs = lockedSessions(db, workspace, (row) => row('contact_id', '=', contact))
  const ended = await db.deleteFrom('sessions').where('workspace_id', '=', workspace.id).where('id', 'in', theirs).returning('id').execute()
  return ended.map((session) => session.id)
}

/** Slides the expiry of sessions that were used, in one write; `at` is when the last of them was. */
export async function slideSessions(db: Db, ids: readonly SessionId[], at: Instant): Promise<void> {
  await db
    .updateTable('sessions')
    .set((row) => {
      const idle = row
        .case()
        .when(row.and([row('carrier', '=', 'bearer'), row('duration_ms', '>', BEARER_LIFE)]))
        .then(BEARER_LIFE)
        .else(row.ref('duration_ms'))
        .end()
      const slid = row(idle, '+', at)
      return { last_seen_at: at, expires_at: row.case().when(slid, '<', row.ref('ends_at')).then(slid).else(row.ref('ends_at')).end() }
    })
    .where(
      'id',
      'in',
      lockedSessions(db, undefined, (row) => row('id', 'in', ids)),
    )
    .modifyEnd(sql`${losable} ${unnoticed}`)
    .execute()
}

/** What counts no longer. */
export async function pruneSessions(db: Db, now: Instant): Promise<void> {
  const over = db
    .selectFrom('sessions as over')
    .select('over.id')
    .where((row) => row.or([row('over.expires_at', '<=', now), row('over.ends_at', '<=', now)]))
  const falling = lockedSessions(
    db,
    undefined,
    (row) => row('id', 'in', over),
    (row) => row('parent_session_id', 'in', over),
  )
  await db.deleteFrom('sessions').where('id', 'in', falling).execute()
}
