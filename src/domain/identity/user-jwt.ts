import type { Instant, Platform } from '#db/columns.ts'
import { Failure, type ErrorCode } from '#errors'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { Claims } from './claims.ts'
import type { Dialect } from './dialects.ts'
import { isFor } from './find-signer.ts'
import type { Who } from './identify-contact.ts'
import { secretsAmong, type Keyring, type SigningKey } from './keyring.ts'
import { proveJwt, readJti } from './prove-jwt.ts'
import { hintsFor } from './token-hints.ts'
import { MAX_TOKEN_BYTES, peekToken } from './token-peek.ts'

const LEEWAY_SECONDS = 60
export const COOKIE_AUDIENCE = ':cookie'
const YEAR_SECONDS = 365 * 86_400

/** What a door asks of its tokens. `oneTime` doors need an `exp` at most `maxLifetime` seconds away. */
export interface TokenRules {
  platform: Platform
  oneTime: boolean
  maxLifetime?: number
  /** Instead of an `exp`: an `iat` at most so many seconds old, and a `jti`. */
  maxAge?: number
  /** Takes only tokens whose `aud` is the app_id with this behind it; every other door refuses those. */
  audience?: typeof COOKIE_AUDIENCE
  /** How another product's tokens name what they say; `user_id` itself is always read too. */
  dialect?: Dialect
}

export interface VerifiedUser {
  /** The user_id, or (issuer, subject) where the key may not say one. */
  who: Exclude<Who, { contact_id: unknown }>
  user_id: string | undefined
  claims: Claims
  /** Its `iat`, as it stands there. */
  issued: unknown
  /** The payload the claims were read from. */
  payload: Map<string, unknown>
  key: SigningKey
  /** What a one-time door remembers: the key and `jti`, else SHA-256 of the canonical signing input. */
  replay_key: string
  /** Until when a replay could pass, leeway included. */
  replayable_until: Instant
}

/** A refusal that says what is known for the login log: the key after a good signature, and the unproved user_id. */
export class RefusedJwt extends Failure {
  kid: string | undefined
  claimed: string | undefined
}

/** Checks a user JWT in the order form, key, times, audience, identity, claims; the first failure is thrown. Does not look at replays. */
export async function verifyUserJwt(
  keyring: Keyring,
  workspace: Workspace,
  token: string,
  rules: TokenRules & { now: Instant },
): Promise<VerifiedUser> {
  try {
    return await checkUserJwt(keyring, workspace, token, rules)
  } catch (refusal) {
    if (refusal instanceof RefusedJwt && token.length <= MAX_TOKEN_BYTES) {
      const known = await keyring.keysOf(workspace, rules.now)
      const signer = known.find(({ row }) => row.kid === refusal.kid)?.row
      const { now, platform } = rules
      const context = { token, peek: peekToken(token), keys: secretsAmong(known), workspace, elsewhere: [], now, platform, signer }
      refusal.hint = () => hintsFor(refusal.code, context)[0]
    }
    throw refusal
  }
}

async function checkUserJwt(
  keyring: Keyring,
  workspace: Workspace,
  token: string,
  { now, ...rules }: TokenRules & { now: Instant },
): Promise<VerifiedUser> {
  if (token.length > MAX_TOKEN_BYTES) {
    const refusal = refused('user_jwt_too_large', undefined, undefined)
    refusal.hint = `It has ${token.length} characters; ${MAX_TOKEN_BYTES} are the most. Send big attributes through the API.`
    throw refusal
  }
  const proof = await proveJwt(keyring, workspace, token, { ...rules, now })
  if ('code' in proof) throw refused(proof.code, proof.claimed, undefined)
  const { key, said, meaning } = proof
  const refuse = (code: ErrorCode) => refused(code, proof.claimed, key.row.kid)
  if (key.row.retired_at !== null) throw refuse('user_jwt_key_retired')
  if (key.row[rules.platform] !== 1) throw refuse('user_jwt_key_not_for_platform')
  if (!said || !meaning) throw refuse('user_jwt_malformed')
  const flaw = flawOf(said, { workspace, key, rules, now: now / 1000 })
  if (flaw) throw refuse(flaw)
  const { who, claims, payload, replay_key } = meaning
  if (typeof who === 'string') throw refuse(who)
  if (!claims) throw refuse('user_jwt_claims_invalid')
  return {
    who,
    user_id: 'user_id' in who ? who.user_id : undefined,
    claims,
    issued: said.get('iat'),
    payload,
    key,
    replay_key,
    replayable_until: Math.ceil((lastMoment(said, now / 1000) + LEEWAY_SECONDS) * 1000),
  }
}

function flawOf(
  payload: Map<string, unknown>,
  { workspace, key, rules, now }: { workspace: Workspace; key: SigningKey; rules: TokenRules; now: number },
): ErrorCode | undefined {
  const { oneTime, maxLifetime, maxAge, audience } = rules
  const expRequired = maxAge === undefined && (oneTime || workspace.require_exp === 1)
  return (
    timeFlaw(payload, { now, expRequired, maxLifetime }) ??
    ageFlaw(payload, { now, maxAge }) ??
    issuerFlaw(payload, key) ??
    audienceFlaw(payload, { app_id: workspace.app_id, own: key.row.audience }, audience)
  )
}

/** RFC 7519 §4.1.4–6, with 60 seconds of leeway. `now` in seconds. */
function timeFlaw(
  payload: Map<string, unknown>,
  rules: { now: number; expRequired: boolean; maxLifetime: number | undefined },
): ErrorCode | undefined {
  const { now, expRequired, maxLifetime } = rules
  for (const name of ['exp', 'nbf', 'iat']) {
    if (payload.has(name) && !Number.isFinite(payload.get(name))) return 'user_jwt_times_invalid'
  }
  const exp = Number(payload.get('exp') ?? Number.NaN)
  if (expRequired && Number.isNaN(exp)) return 'user_jwt_exp_missing'
  if (exp < now - LEEWAY_SECONDS) return 'user_jwt_expired'
  if (maxLifetime !== undefined && exp > now + maxLifetime + LEEWAY_SECONDS) return 'user_jwt_lifetime_too_long'
  if (Number(payload.get('nbf') ?? 0) > now + LEEWAY_SECONDS || Number(payload.get('iat') ?? 0) > now + LEEWAY_SECONDS)
    return 'user_jwt_not_yet_valid'
  return undefined
}

function ageFlaw(payload: Map<string, unknown>, { now, maxAge }: { now: number; maxAge: number | undefined }): ErrorCode | undefined {
  if (maxAge === undefined) return undefined
  const iat = payload.get('iat')
  if (typeof iat !== 'number') return 'user_jwt_iat_missing'
  if (readJti(payload) === undefined) return 'user_jwt_jti_missing'
  return iat < now - maxAge - LEEWAY_SECONDS ? 'user_jwt_too_old' : undefined
}

/**
 * The last second at which some door could take the token, leeway aside. A door that goes by `iat` is shut after minutes, but a
 * boot takes one without `exp` for ever, `require_exp` or not: the switch may be moved back. Here for ever is a year.
 */
function lastMoment(payload: Map<string, unknown>, now: number): number {
  const exp = payload.get('exp')
  return Math.min(typeof exp === 'number' ? exp : Infinity, now + YEAR_SECONDS)
}

/** A public key signs for one issuer; a messenger secret's tokens may name any. */
function issuerFlaw(payload: Map<string, unknown>, { row }: SigningKey): ErrorCode | undefined {
  return row.issuer === null || payload.get('iss') === row.issuer ? undefined : 'user_jwt_issuer_mismatch'
}

/** A public key has an audience of its own, which its tokens must name; with a messenger secret `aud` may be left out. */
function audienceFlaw(
  payload: Map<string, unknown>,
  { app_id, own }: { app_id: string; own: string | null },
  wanted: TokenRules['audience'],
): ErrorCode | undefined {
  const isForCookie = isFor(payload, app_id + COOKIE_AUDIENCE)
  if (own !== null && !isFor(payload, own)) return 'user_jwt_audience_mismatch'
  if (wanted === COOKIE_AUDIENCE) return isForCookie ? undefined : 'user_jwt_not_for_cookie'
  if (isForCookie) return 'user_jwt_only_for_cookie'
  return own !== null || !payload.has('aud') || isFor(payload, app_id) ? undefined : 'user_jwt_audience_mismatch'
}

function refused(code: ErrorCode, claimed: string | undefined, kid: string | undefined): RefusedJwt {
  const refusal = new RefusedJwt(code)
  refusal.claimed = claimed
  refusal.kid = kid
  return refusal
}
