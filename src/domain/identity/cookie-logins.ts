import { Failure } from '#errors'
import type { Db } from '#platform/database/database.ts'
import { hashOf } from '#platform/ids/ids.ts'
import type { Contact } from '#domain/contacts/contacts.ts'
import { findSession, type Session } from '#domain/sessions/sessions.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { DOOR_RULES } from './door-rules.ts'
import type { Keyring } from './keyring.ts'
import { signIn, type Doorway } from './sign-in.ts'
import type { OneTimeUse } from './used-tokens.ts'
import { verifyUserJwt, type VerifiedUser } from './user-jwt.ts'

export const COOKIE_DOOR = 'cookie'
/** A browser keeps 4 kB of a cookie, name and attributes included. */
const MAX_TOKEN = 3584

export interface CookieUser extends VerifiedUser {
  /** One token, one session: remembered until the token could no longer be presented. */
  oneTimeUse: OneTimeUse
}

/** Checks a token that the app has put into the sign-in cookie. */
export async function verifyCookie(keyring: Keyring, workspace: Workspace, token: string, now: number): Promise<CookieUser> {
  if (token.length > MAX_TOKEN) throw new Failure('user_jwt_too_large')
  const user = await verifyUserJwt(keyring, workspace, token, { ...DOOR_RULES.cookie, platform: 'web', now })
  // Without the signature: of one by ES256 anybody can make a second good one (n − s in place of s).
  const signed = token.slice(0, token.lastIndexOf('.'))
  return { ...user, oneTimeUse: { replay_key: `cookie/${hashOf(signed)}`, replayable_until: user.replayable_until } }
}

/**
 * Door 5. The token's one session: started now, or by another tab a moment ago. `secret` is derived from the token, so that
 * tabs which open together get the same one; once that session has ended, the token is worth nothing.
 */
export async function signInByCookie(
  db: Db,
  workspace: Workspace,
  user: CookieUser,
  doorway: Doorway & { secret: string },
): Promise<{ session: Session; contact: Contact; isNew: boolean }> {
  const standing = await findTokensSession(db, doorway)
  if (standing) return standing
  const { who, claims, key, oneTimeUse } = user
  const vouched = { who, signed: claims, unsigned: undefined, key: key.row, oneTimeUse }
  try {
    const { session, contact } = await signIn(db, workspace, vouched, doorway)
    return { session, contact, isNew: true }
  } catch (refusal) {
    if (!(refusal instanceof Failure) || refusal.code !== 'user_jwt_already_used') throw refusal
    const started = await findTokensSession(db, doorway)
    if (started) return started
    throw new Failure('user_jwt_cookie_ended')
  }
}

async function findTokensSession(db: Db, { host, secret, now }: Doorway & { secret: string }) {
  const session = await findSession(db, host, secret, now)
  return session?.contact ? { session, contact: session.contact, isNew: false } : undefined
}
