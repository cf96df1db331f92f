import { createHash } from 'node:crypto'
import type { Instant, Platform } from '#db/schema.ts'
import { Failure, type ErrorCode } from '#errors'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { mapClaims } from './claim-mapping.ts'
import { readClaims, readUserId, type Claims } from './claims.ts'
import { translate, userIdName, type Dialect } from './dialects.ts'
import { findSigner, isFor } from './find-signer.ts'
import type { Who } from './identify-contact.ts'
import { secretsAmong, type Keyring, type PublicSigner, type SigningKey } from './keyring.ts'
import { hintsFor } from './token-hints.ts'
import { MAX_TOKEN_BYTES, peekToken } from './token-peek.ts'
import { parseObject, readJws, type Jws } from './verify-jws.ts'

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
      const keys = secretsAmong(await keyring.keysOf(workspace, rules.now))
      const context = { token, peek: peekToken(token), keys, workspace, elsewhere: [], now: rules.now }
      refusal.hint = hintsFor(refusal.code, context)[0]
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
  const { platform, dialect } = rules
  let claimed = peekUserId(token, dialect)
  const refuse = (code: ErrorCode, kid?: string) => refused(code, claimed, kid)
  if (token.length > MAX_TOKEN_BYTES) throw refuse('user_jwt_too_large')
  const jws = readJws(token)
  if (typeof jws === 'string') throw refuse(jws)
  const said = parseObject(jws.payload)
  if (jws.algorithm !== 'HS256' && said) claimed = peekMapped(said, await keyring.keysOf(workspace, now)) ?? claimed
  const key = await findSigner(keyring, workspace, { jws, said, now })
  if (typeof key === 'string') throw refuse(key)
  if (key.row.retired_at !== null) throw refuse('user_jwt_key_retired', key.row.kid)
  if (key.row[platform] !== 1) throw refuse('user_jwt_key_not_for_platform', key.row.kid)
  if (!said) throw refuse('user_jwt_malformed', key.row.kid)
  const flaw = flawOf(said, { workspace, key, rules, now: now / 1000 })
  if (flaw) throw refuse(flaw, key.row.kid)
  const payload = inOurWords(said, key, dialect)
  const who = whoOf(payload, { key, jws, name: userIdName(said, dialect) })
  if (typeof who === 'string') throw refuse(who, key.row.kid)
  const claims = readClaims(payload)
  if (!claims) throw refuse('user_jwt_claims_invalid', key.row.kid)
  return {
    who,
    user_id: 'user_id' in who ? who.user_id : undefined,
    claims,
    payload,
    key,
    replay_key: replayKey(jws, key, said),
    replayable_until: Math.ceil((lastMoment(said, now / 1000) + LEEWAY_SECONDS) * 1000),
  }
}

function inOurWords(said: Map<string, unknown>, key: SigningKey, dialect: Dialect | undefined): Map<string, unknown> {
  const base = dialect ? translate(said, dialect) : said
  return key.kind === 'secret' ? base : mapClaims(said, { base, kind: key.kind, mapping: key.mapping })
}

/** A key that may not say user_ids vouches for what its issuer calls the person (OpenID Connect Core §2: `iss` and `sub`). */
function whoOf(
  payload: Map<string, unknown>,
  { key, jws, name }: { key: SigningKey; jws: Jws; name: string },
): VerifiedUser['who'] | ErrorCode {
  const { issuer, asserts_user_id } = key.row
  if (issuer !== null && asserts_user_id === 0) {
    const subject = readUserId(new Map([['user_id', parseObject(jws.payload)?.get('sub')]]))
    return typeof subject === 'string' ? { issuer, subject } : 'user_jwt_user_id_missing'
  }
  const mapped = key.kind === 'secret' ? undefined : key.mapping['user_id']
  const user_id = readUserId(payload, { bytes: jws.payload, name: mapped ?? name })
  if (user_id === undefined) return 'user_jwt_user_id_missing'
  return user_id === null ? 'user_jwt_user_id_invalid' : { user_id }
}

/** The user_id that a token claims in the words of its issuer's key, unproved. */
function peekMapped(said: Map<string, unknown>, keys: readonly SigningKey[]): string | undefined {
  const isMeant = (key: SigningKey): key is PublicSigner => key.kind !== 'secret' && key.row.issuer === said.get('iss')
  const key = keys.filter(isMeant).find(({ row }) => row.asserts_user_id === 1)
  return key && (readUserId(mapClaims(said, { kind: key.kind, mapping: key.mapping })) ?? undefined)
}

/** The user_id a token claims, unproved: good for ending somebody else's session, for the log, for nothing else. */
export function peekUserId(token: string, dialect?: Dialect): string | undefined {
  if (token.length > MAX_TOKEN_BYTES) return undefined
  const bytes = Buffer.from(token.split('.', 2)[1] ?? '', 'base64url')
  const payload = parseObject(bytes)
  if (!payload) return undefined
  return readUserId(dialect ? translate(payload, dialect) : payload, { bytes, name: userIdName(payload, dialect) }) ?? undefined
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

/** The last second at which some door could take the token, leeway aside: at a boot one without `exp` never ends, which here is a year. */
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

function replayKey(jws: Jws, key: SigningKey, payload: Map<string, unknown>): string {
  const jti = readJti(payload)
  const seed = jti !== undefined ? `jti/${key.row.kid}/${jti}` : `input/${jws.signingInput}`
  return createHash('sha256').update(seed).digest('base64url')
}

/** Some sign a number; one text for it, so that a token is the same at every door. */
function readJti(payload: Map<string, unknown>): string | undefined {
  const jti = payload.get('jti')
  return (typeof jti === 'string' && jti !== '') || typeof jti === 'number' ? String(jti) : undefined
}

function refused(code: ErrorCode, claimed: string | undefined, kid: string | undefined): RefusedJwt {
  const refusal = new RefusedJwt(code)
  refusal.claimed = claimed
  refusal.kid = kid
  return refusal
}
