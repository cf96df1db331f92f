import type { Platform } from '#db/columns.ts'
import { Failure } from '#errors'
import { atomically, type Db } from '#platform/database/database.ts'
import type { Contact } from '#domain/contacts/contacts.ts'
import { endSession, isVouchedFor, type Session } from '#domain/sessions/sessions.ts'
import { startSession } from '#domain/sessions/start-session.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { Claims } from './claims.ts'
import { hintOfAppId, hintOfNoProof } from './boot-hints.ts'
import { hintOfUserId, shown } from './hint.ts'
import { applyStatement, resolveWho } from './identify-contact.ts'
import type { Keyring } from './keyring.ts'
import { signIn, type Doorway, type SignedIn, type Vouched } from './sign-in.ts'
import { peekUserId } from './token-peek.ts'
import { verifyUserHash } from './user-hash.ts'
import { RefusedJwt, verifyUserJwt, type VerifiedUser } from './user-jwt.ts'

/** What a boot brings: a proof, or only words. */
export interface BootAttempt {
  app_id: string
  token: string | undefined
  user_id: string | undefined
  user_hash: string | undefined
  email: string | undefined
  unsigned: Claims
  /** What is odd about its settings, for the login log. */
  oddity: string | undefined
  platform: Platform
  /** Sent by a page of a listed origin; only then may a visitor start and somebody else's session end. */
  fromPage: boolean
}

/** The door's limit on sessions that cost a caller nothing: throws once this address has started too many. */
export type CountNewcomer = () => void

const UNNAMED =
  "The boot named nobody, so the standing session went on. Where the user has logged out of the app: it did not call Intercom('shutdown')."

export interface Admission {
  outcome: 'signed_in' | 'resumed' | 'visitor' | 'claimed'
  session: Session
  contact: Contact | null
  secret: string | undefined
  kid: string | undefined
  /** What the token says, where one vouches. */
  user?: VerifiedUser | undefined
  isBlank?: boolean
  /** Why a claim was not proved, where enforcement lets it pass as a claim. */
  refusal?: Failure
  /** What the people of the workspace may want to know of a decision that is no refusal. */
  hint?: string
}

/** Decides who a booting browser is: a vouched user, the session that stands, a visitor, or (not enforced) somebody who only claims it. */
export async function admit(
  db: Db,
  keyring: Keyring,
  workspace: Workspace,
  { attempt, doorway, countNewcomer }: { attempt: BootAttempt; doorway: Doorway; countNewcomer: CountNewcomer },
): Promise<Admission> {
  try {
    if (attempt.app_id !== workspace.app_id) throw new Failure('user_jwt_app_id_mismatch', { hint: hintOfAppId(attempt.app_id, workspace) })
    const vouched = await vouchFor(db, keyring, workspace, { attempt, doorway })
    if (vouched) {
      const admission = withHint(present(await signIn(db, workspace, vouched, doorway), vouched.key?.kid))
      return { ...admission, user: vouched.user }
    }
    return await goOnUnproved(db, workspace, attempt, { ...doorway, countNewcomer })
  } catch (refusal) {
    if (!(refusal instanceof Failure)) throw refusal
    const claimed = claimedBy(attempt, refusal)
    await endSomebodyElse(db, workspace, { ...attempt, claimed }, doorway)
    if (isFinal(refusal, workspace, attempt)) throw refusal
    return { ...(await admitClaim(db, workspace, { ...attempt, claimed }, { ...doorway, countNewcomer })), refusal }
  }
}

/** Also what a refused token says, unproved: in the words of its issuer's key, where there is one. */
type NamedAttempt = BootAttempt & { claimed: string | undefined }

function claimedBy({ token }: BootAttempt, refusal: Failure): string | undefined {
  if (refusal instanceof RefusedJwt) return refusal.claimed
  return token === undefined ? undefined : peekUserId(token)
}

type NewcomersDoorway = Doorway & { countNewcomer: CountNewcomer }

async function vouchFor(
  db: Db,
  keyring: Keyring,
  workspace: Workspace,
  { attempt, doorway }: { attempt: BootAttempt; doorway: Doorway },
): Promise<(Vouched & { user?: VerifiedUser }) | undefined> {
  const { token, user_id, user_hash, email, platform, unsigned } = attempt
  const { now } = doorway
  if (token !== undefined) {
    const user = await verifyUserJwt(keyring, workspace, token, { platform, oneTime: false, now })
    if (user_id !== undefined && user_id !== user.user_id)
      throw new Failure('user_id_mismatch', { hint: `The boot says ${shown(user_id)}, its token ${shown(user.user_id)}.` })
    await keyring.noteUse(user.key, now)
    return { who: await resolveWho(db, workspace, user.who), signed: user.claims, unsigned, key: user.key.row, unused: user, user }
  }
  if (user_hash === undefined || user_id === undefined) return undefined
  const key = await verifyUserHash(keyring, workspace, { user_id, user_hash, email, platform }, now)
  await keyring.noteUse(key, now)
  return { who: { user_id }, signed: undefined, unsigned, key: key.row }
}

/** No proof came: the session that stands goes on if nobody else is named, a nameless browser is a visitor, the rest is refused. */
async function goOnUnproved(db: Db, workspace: Workspace, attempt: BootAttempt, doorway: NewcomersDoorway): Promise<Admission> {
  const { standing, now } = doorway
  if (standing && (namesNobody(attempt) || namesStanding(attempt, doorway))) {
    const contact = await noteUnsigned(db, standing.contact, attempt, now)
    const admission = present({ session: standing, contact, secret: undefined, resumed: true })
    return standing.kind === 'user' && namesNobody(attempt) ? { ...admission, hint: attempt.oddity ?? UNNAMED } : admission
  }
  if (!namesNobody(attempt)) throw new Failure('user_jwt_missing', { hint: attempt.oddity ?? hintOfNoProof(attempt) })
  if (!attempt.fromPage) throw new Failure('origin_missing')
  doorway.countNewcomer()
  const { session, secret } = await startSession(db, workspace, { kind: 'visitor', contact_id: null, ...browserOf(doorway) }, now)
  const hint = attempt.oddity === undefined ? {} : { hint: attempt.oddity }
  return { outcome: 'visitor', session, contact: null, secret, kid: undefined, ...hint }
}

/** What a page adds about the person whose session stands; it never overwrites what was signed. */
async function noteUnsigned(db: Db, contact: Contact | null, { unsigned }: BootAttempt, now: number): Promise<Contact | null> {
  const saysNothing = unsigned.attributes.size === 0 && unsigned.standard.size === 0 && unsigned.signed_up_at === undefined
  if (!contact || saysNothing) return contact
  return atomically(db, (db) => applyStatement(db, contact, { claims: unsigned, source: 'messenger' }, now))
}

/** Not enforced: a session with a label that never writes a user's row and sees nothing of theirs. */
async function admitClaim(db: Db, workspace: Workspace, attempt: NamedAttempt, doorway: NewcomersDoorway): Promise<Admission> {
  const { standing, now } = doorway
  const claimed_user_id = attempt.user_id ?? attempt.claimed ?? null
  const claimed_email = attempt.email ?? null
  if (claimed_user_id !== null && standing?.kind === 'user' && standing.contact?.external_id === claimed_user_id) {
    return { outcome: 'resumed', session: standing, contact: standing.contact, secret: undefined, kid: undefined }
  }
  if (standing?.kind === 'claimed' && standing.claimed_user_id === claimed_user_id && standing.claimed_email === claimed_email) {
    return { outcome: 'claimed', session: standing, contact: standing.contact, secret: undefined, kid: undefined }
  }
  doorway.countNewcomer()
  if (standing) await endSession(db, workspace, standing.id)
  const { session, secret } = await startSession(
    db,
    workspace,
    { kind: 'claimed', contact_id: null, claimed_user_id, claimed_email, ...browserOf(doorway) },
    now,
  )
  return { outcome: 'claimed', session, contact: null, secret, kid: undefined }
}

/** A page that names another user than the session's ends that session, even when its proof is refused: no more than a logout. */
async function endSomebodyElse(db: Db, workspace: Workspace, attempt: NamedAttempt, { standing }: Doorway): Promise<void> {
  if (!standing || standing.kind === 'visitor' || !attempt.fromPage) return
  const named = [attempt.user_id, attempt.claimed].filter((id) => id !== undefined)
  const own = standing.contact?.external_id ?? standing.claimed_user_id
  const email = standing.contact?.email ?? standing.claimed_email
  const isOtherPerson =
    named.some((id) => id !== own) || (named.length === 0 && attempt.email !== undefined && email !== null && attempt.email !== email)
  if (isOtherPerson) await endSession(db, workspace, standing.id)
}

function isFinal(refusal: Failure, workspace: Workspace, attempt: BootAttempt): boolean {
  if (workspace[`enforcement_${attempt.platform}`] === 'enforce' || !attempt.fromPage) return true
  return refusal.code === 'contact_blocked' || refusal.code === 'user_jwt_app_id_mismatch'
}

function namesNobody(attempt: BootAttempt): boolean {
  return attempt.user_id === undefined && attempt.email === undefined && attempt.user_hash === undefined
}

function namesStanding(attempt: BootAttempt, { standing }: Doorway): boolean {
  if (!standing || !isVouchedFor(standing) || !standing.contact || attempt.user_hash !== undefined) return false
  const { external_id, email } = standing.contact
  if (attempt.user_id !== undefined) return attempt.user_id === external_id
  return email === null || attempt.email === email
}

function browserOf({ device, platform, door, carrier, host, duration_ms }: Doorway) {
  return { device, platform, door, carrier, host, duration_ms }
}

/** Said in the login log although all was well: this `user_id` is hardly anybody’s. */
function withHint(admission: Admission): Admission {
  const hint = hintOfUserId(admission.contact?.external_id)
  return hint === undefined ? admission : { ...admission, hint }
}

function present({ resumed, ...admitted }: Omit<SignedIn, 'contact'> & { contact: Contact | null }, kid?: string): Admission {
  return { ...admitted, outcome: resumed ? 'resumed' : 'signed_in', kid }
}
