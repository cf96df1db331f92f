import { hash } from 'node:crypto'
import type { Carrier, Instant, Platform, SessionId } from '#db/columns.ts'
import { Failure } from '#errors'
import { lockStanding } from '#platform/database/advisory-lock.ts'
import { atomically, type Db } from '#platform/database/database.ts'
import { moveVisitorConversations } from '#domain/conversations/visitor-conversations.ts'
import type { Contact } from '#domain/contacts/contacts.ts'
import { endSession, isVouchedFor, type Session, type StandingSession } from '#domain/sessions/sessions.ts'
import { startSession, type NewSession } from '#domain/sessions/start-session.ts'
import { lockedSessions, type Which } from '#domain/sessions/lock-sessions.ts'
import type { Host, Workspace } from '#domain/workspaces/workspaces.ts'
import type { Claims } from './claims.ts'
import { identifyContact, isSamePerson, newUser, type Statement, type Who } from './identify-contact.ts'
import type { SigningKey } from './keyring.ts'
import { admitNewcomer, type Newcomer } from './newcomers.ts'
import { refuseUsedToken, takeToken, type OneTimeUse } from './used-tokens.ts'

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
  /** What no other door may have taken, at a door whose tokens work many times. */
  unused?: OneTimeUse | undefined
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
  const session = beginning(vouched, doorway)
  const own = ownSession(vouched, doorway)
  const isRepeated = own?.claims_digest === session.claims_digest && own?.signing_key_id === session.signing_key_id && !vouched.oneTimeUse
  // Inside a transaction of somebody else's nothing may be committed yet.
  const newcomer = db.isTransaction ? undefined : newcomerOf(workspace, vouched, doorway)
  const admitted = newcomer && (await admitNewcomer(db, workspace, { ...newcomer, session }))
  if (admitted) return { ...admitted, contact: newcomer.contact, resumed: false, isBlank: true }
  if (vouched.unused) await refuseUsedToken(db, workspace, vouched.unused)
  if (own && isRepeated) return { session: own, contact: own.contact, secret: undefined, resumed: true }
  const entry = { session, own, isKnown: newcomer !== undefined }
  return atomically(db, (db) => enter(db, workspace, vouched, { ...entry, doorway }))
}

/** The session that begins here, if one does; whose it is, is still to be found. */
function beginning(vouched: Vouched, { device, platform, door, carrier, host, duration_ms, secret }: Doorway): NewSession {
  const { key, parent_session_id } = vouched
  const about = { device, platform, door, carrier, host, duration_ms, secret }
  return { kind: 'user', contact_id: null, claims_digest: digestOf(vouched), signing_key_id: key?.id ?? null, parent_session_id, ...about }
}

type OwnSession = StandingSession & { contact: Contact }

/** The standing session, if it is of the person who is vouched for. */
function ownSession({ who }: Vouched, { standing }: Doorway): OwnSession | undefined {
  if (!standing || !isVouchedFor(standing) || !standing.contact || !isSamePerson(standing.contact, who)) return undefined
  return { ...standing, contact: standing.contact }
}

async function enter(
  db: Db,
  workspace: Workspace,
  vouched: Vouched,
  { doorway, session, own, isKnown }: { doorway: Doorway; session: NewSession; own: OwnSession | undefined; isKnown: boolean },
): Promise<SignedIn> {
  const { standing, now } = doorway
  // Before anything else is locked. Retiring the key waits, and then finds the session that starts here.
  if (vouched.key) await lockStanding(db, workspace.id)
  if (vouched.oneTimeUse) await takeToken(db, workspace, vouched.oneTimeUse)
  const said = { who: vouched.who, statements: statementsOf(vouched), isKnown }
  const { contact, isNew } = await identifyContact(db, workspace, said, now)
  if (!isNew) await forgetDigests(db, { contact, standing })
  if (own && vouched.key) await refuseRetiredKey(db, workspace, vouched.key)
  const renewed = own && (await renewSession(db, workspace, own, session))
  if (renewed) return { session: renewed, contact, secret: undefined, resumed: false }
  if (standing) await leaveSession(db, workspace, { standing, contact }, doorway)
  const started = await startSession(db, workspace, { ...session, kind: kindOf(contact), contact_id: contact.id }, now)
  return { ...started, contact, resumed: false, isBlank: isNew && !standing }
}

/** Who may be somebody new: in a browser where nobody stands, with claims that the contact's row can hold. */
function newcomerOf(workspace: Workspace, vouched: Vouched, { standing, secret, now }: Doorway): Omit<Newcomer, 'session'> | undefined {
  const { who, key, signed, unsigned, unused, oneTimeUse, parent_session_id } = vouched
  const isPlain = [signed, unsigned].every((claims) => !claims || (claims.attributes.size === 0 && claims.companies.length === 0))
  const isFirst = !standing && !oneTimeUse && secret === undefined && parent_session_id === undefined
  if (!('user_id' in who) || !key || !isPlain || !isFirst) return undefined
  const contact = newUser(workspace, { user_id: who.user_id, statements: statementsOf(vouched) }, now)
  return { contact, voucher: { signing_key_id: key.id, replay_key: unused?.replay_key ?? null } }
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
  { id }: Session,
  { claims_digest, signing_key_id }: NewSession,
): Promise<Session | undefined> {
  return db
    .updateTable('sessions')
    .set({ claims_digest, signing_key_id })
    .where('workspace_id', '=', workspace.id)
    .where('id', '=', id)
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
