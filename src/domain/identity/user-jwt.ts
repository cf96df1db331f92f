import { createHash } from 'node:crypto'
import type { Instant, Platform } from '#db/schema.ts'
import { Failure, type ErrorCode } from '#errors'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { readClaims, readUserId, type Claims } from './claims.ts'
import type { Keyring, SigningKey } from './keyring.ts'
import { hasMac, parseObject, readJws, type Jws } from './verify-jws.ts'

const LEEWAY_SECONDS = 60
const MAX_TOKEN_BYTES = 16 * 1024

/** What a door asks of its tokens. `oneTime` doors need an `exp` at most `maxLifetime` seconds away. */
export interface TokenRules {
  platform: Platform
  oneTime: boolean
  maxLifetime?: number
}

export interface VerifiedUser {
  user_id: string
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
  { platform, oneTime, maxLifetime, now }: TokenRules & { now: Instant },
): Promise<VerifiedUser> {
  const claimed = peekUserId(token)
  const refuse = (code: ErrorCode, kid?: string) => refused(code, claimed, kid)
  if (token.length > MAX_TOKEN_BYTES) throw refuse('user_jwt_too_large')
  const jws = readJws(token)
  if (typeof jws === 'string') throw refuse(jws)
  const keys = await keyring.keysOf(workspace, now)
  const key = findSigner(jws, keys)
  if (!key) throw refuse('user_jwt_signature_invalid')
  if (key.row.retired_at !== null) throw refuse('user_jwt_key_retired', key.row.kid)
  if (key.row[platform] !== 1) throw refuse('user_jwt_key_not_for_platform', key.row.kid)
  const payload = parseObject(jws.payload)
  if (!payload) throw refuse('user_jwt_malformed', key.row.kid)
  const flaw =
    timeFlaw(payload, { now: now / 1000, expRequired: oneTime || workspace.require_exp === 1, maxLifetime }) ??
    audienceFlaw(payload, workspace)
  if (flaw) throw refuse(flaw, key.row.kid)
  const user_id = readUserId(payload, jws.payload)
  if (user_id === undefined) throw refuse('user_jwt_user_id_missing', key.row.kid)
  if (user_id === null) throw refuse('user_jwt_user_id_invalid', key.row.kid)
  const claims = readClaims(payload)
  if (!claims) throw refuse('user_jwt_claims_invalid', key.row.kid)
  const exp = payload.get('exp')
  return {
    user_id,
    claims,
    payload,
    key,
    replay_key: replayKey(jws, key, payload),
    replayable_until: Math.ceil(((typeof exp === 'number' ? exp : now / 1000) + LEEWAY_SECONDS) * 1000),
  }
}

/** The user_id a token claims, unproved: good for ending somebody else's session, for the log, for nothing else. */
export function peekUserId(token: string): string | undefined {
  if (token.length > MAX_TOKEN_BYTES) return undefined
  const bytes = Buffer.from(token.split('.', 2)[1] ?? '', 'base64url')
  const payload = parseObject(bytes)
  return (payload && readUserId(payload, bytes)) ?? undefined
}

/** `kid` may select one of the workspace's live keys; otherwise every key is tried, the live ones first. */
function findSigner(jws: Jws, keys: SigningKey[]): SigningKey | undefined {
  const live = keys.filter((key) => key.row.retired_at === null)
  const named = live.find((key) => key.row.kid === jws.kid)
  if (named) return hasMac(jws, named.bytes) ? named : undefined
  const retired = keys.filter((key) => key.row.retired_at !== null)
  return [...live, ...retired].find((key) => hasMac(jws, key.bytes))
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

function audienceFlaw(payload: Map<string, unknown>, workspace: Workspace): ErrorCode | undefined {
  if (!payload.has('aud')) return undefined
  const audience = payload.get('aud')
  const isMeant = audience === workspace.app_id || (Array.isArray(audience) && audience.includes(workspace.app_id))
  return isMeant ? undefined : 'user_jwt_audience_mismatch'
}

function replayKey(jws: Jws, key: SigningKey, payload: Map<string, unknown>): string {
  const jti = payload.get('jti')
  const seed = typeof jti === 'string' && jti !== '' ? `jti/${key.row.kid}/${jti}` : `input/${jws.signingInput}`
  return createHash('sha256').update(seed).digest('base64url')
}

function refused(code: ErrorCode, claimed: string | undefined, kid: string | undefined): RefusedJwt {
  const refusal = new RefusedJwt(code)
  refusal.claimed = claimed
  refusal.kid = kid
  return refusal
}
