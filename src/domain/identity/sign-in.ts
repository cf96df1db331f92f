import { hash } from 'node:crypto'
import type { Carrier, Instant, SigningKeyId, Platform, SessionId } from '#db/columns.ts'
import { Failure } from '#errors'
import { lockStanding } from '#platform/database/advisory-lock.ts'
import { atomically, type Db } from '#platform/database/database.ts'
import { moveVisitorConversations } from '#domain/conversations/visitor-conversations.ts'
import type { Contact } from '#domain/contacts/contacts.ts'
import { endSession, isVouchedFor, startSession, type Session, type StandingSession } from '#domain/sessions/sessions.ts'
import { lockedSessions, type Which } from '#domain/sessions/lock-sessions.ts'
import type { Host, Workspace } from '#domain/workspaces/workspaces.ts'
import type { Claims } from './claims.ts'
import { identifyContact, isSamePerson, type Statement, type Who } from './identify-contact.ts'
import type { SigningKey } from './keyring.ts'
import { takeToken, type OneTimeUse } from './used-tokens.ts'

const VISITOR_FOLLOWS_WITHIN = 86_400_000

/** Somebody vouched for, and all that a door knows about them. */
export interface Vouched {
  who: Who
  /** What the token says; undefined where none speaks, as with a user_hash. */
  signed: Claims | undefined
  /** What the page adds without a signature. */
  unsigned: Claims | undefined
  /** The key that vouches; null where something else does: an API token, a session on another host. */
  key: SigningKey['row'] | null
  /** Taken in the same transaction, at doors whose tokens work once. */
  oneTimeUse?: OneTimeUse | undefined
  /** The session this one ends with. */
  parent_session_id?: SessionId | undefined
}

export interface Doorway {
  door: string
  platform: Platform
  device: string
  /** What this browser stood as; a user's session of somebody else ends here. */
  standing: StandingSession | null
  /** The conversations of this browser's visitor follow: door 1, a matching state, or Continue was pressed. */
  visitorFollows: boolean
  /** Absent: the first-party cookie. */
  carrier?: Carrier | undefined
  /** Where the browser is, and its session counts. */
  host: Host
  duration_ms?: number | undefined
  /** What a new session's secret is to be, where it belongs to one token. */
  secret?: string | undefined
  now: Instant
}

export interface SignedIn {
  session: Session
  contact: Contact
  /** Goes into the cookie; undefined where the standing session goes on. */
  secret: string | undefined
  resumed: boolean
  /** Somebody new whom nothing followed: there is nothing yet to look up. */
  isBlank?: boolean
}

/** Every door ends here: the vouched person is found or created and has a session; the same person in the same browser keeps theirs. */
export async function signIn(db: Db, workspace: Workspace, vouched: Vouched, doorway: Doorway): Promise<SignedIn> {
  const { standing, now } = doorway
  const digest = digestOf(vouched)
  const key_id = vouched.key?.id ?? null
  const own =
    standing && isVouchedFor(standing) && standing.contact && isSamePerson(standing.contact, vouched.who)
      ? { ...standing, contact: standing.contact }
      : undefined
  if (own && own.claims_digest === digest && own.signing_key_id === key_id && !vouched.oneTimeUse) {
    return { session: own, contact: own.contact, secret: undefined, resumed: true }
  }
  return atomically(db, async (db) => {
    // Before anything else is locked. Retiring the key waits, and then finds the session that starts here.
    if (vouched.key) await lockStanding(db, workspace.id)
    if (vouched.oneTimeUse) await takeToken(db, workspace, vouched.oneTimeUse)
    const { contact, isNew } = await identifyContact(db, workspace, { who: vouched.who, statements: statementsOf(vouched) }, now)
    if (!isNew) await forgetDigests(db, { contact, standing })
    if (own && vouched.key) await refuseRetiredKey(db, workspace, vouched.key)
    const renewed = own && (await renewSession(db, workspace, own, { digest, key_id }))
    if (renewed) return { session: renewed, contact, secret: undefined, resumed: false }
    if (standing) await leaveSession(db, workspace, { standing, contact }, doorway)
    const { session, secret } = await startSession(
      db,
      workspace,
      {
        kind: kindOf(contact),
        contact_id: contact.id,
        claims_digest: digest,
        device: doorway.device,
        platform: doorway.platform,
        door: doorway.door,
        signing_key_id: key_id,
        parent_session_id: vouched.parent_session_id,
        carrier: doorway.carrier,
        host: doorway.host,
        duration_ms: doorway.duration_ms,
        secret: doorway.secret,
      },
      now,
    )
    return { session, contact, secret, resumed: false, isBlank: isNew && !standing }
  })
}

/** Whose address is all that is proved stays a lead. */
function kindOf({ role }: Contact): 'lead' | 'user' {
  if (role === 'visitor') throw new Error('Nobody can vouch for a visitor.')
  return role
}

/** The keyring may be a second old; a session must not start under a key whose sessions were just ended. */
async function refuseRetiredKey(db: Db, workspace: Workspace, key: SigningKey['row']): Promise<void> {
  const live = await db
    .selectFrom('signing_keys')
    .select('id')
    .where('workspace_id', '=', workspace.id)
    .where('id', '=', key.id)
    .where('retired_at', 'is', null)
    .executeTakeFirst()
  if (!live) throw new Failure('user_jwt_key_retired')
}

/**
 * What was just said of the contact may differ from what their other sessions said last; those say it anew at their next boot.
 * The session that the browser leaves may be somebody else's, and is locked with them.
 */
async function forgetDigests(db: Db, { contact, standing }: { contact: Contact; standing: StandingSession | null }): Promise<void> {
  const workspace = { id: contact.workspace_id }
  const theirs: Which = (row) => row('contact_id', '=', contact.id)
  const left: Which[] = standing ? [(row) => row('id', '=', standing.id), (row) => row('parent_session_id', '=', standing.id)] : []
  await db
    .updateTable('sessions')
    .set({ claims_digest: null })
    .where('workspace_id', '=', workspace.id)
    .where('id', 'in', lockedSessions(db, workspace, theirs, ...left))
    .execute()
}

/** The old session never becomes the new one; a visitor's conversations may follow. */
async function leaveSession(
  db: Db,
  workspace: Workspace,
  { standing, contact }: { standing: StandingSession; contact: Contact },
  { visitorFollows, now }: Doorway,
): Promise<void> {
  await endSession(db, workspace, standing.id)
  const isRecentVisitor = standing.kind === 'visitor' && now - standing.last_seen_at < VISITOR_FOLLOWS_WITHIN
  if (visitorFollows && isRecentVisitor && standing.contact && standing.contact.id !== contact.id) {
    await moveVisitorConversations(db, workspace, { from: standing.contact.id, to: contact }, now)
  }
}

async function renewSession(
  db: Db,
  workspace: Workspace,
  session: Session,
  { digest, key_id }: { digest: string; key_id: SigningKeyId | null },
): Promise<Session | undefined> {
  return db
    .updateTable('sessions')
    .set({ claims_digest: digest, signing_key_id: key_id })
    .where('workspace_id', '=', workspace.id)
    .where('id', '=', session.id)
    .returningAll()
    .executeTakeFirst()
}

function statementsOf({ signed, unsigned }: Vouched): Statement[] {
  const statements: Statement[] = []
  if (signed) statements.push({ claims: signed, source: 'token' })
  if (unsigned) statements.push({ claims: unsigned, source: 'messenger' })
  return statements
}

/** Equal digests mean that a boot says nothing new, so nothing is written. */
function digestOf({ who, signed, unsigned }: Vouched): string {
  return hash('sha256', textOf([who, signed, unsigned]), 'base64url')
}

function textOf(said: unknown): string {
  return JSON.stringify(said, (_key, value: unknown) => (value instanceof Map ? [...value] : value))
}
