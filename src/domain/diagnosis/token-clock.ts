import { MAX_TOKEN_BYTES } from '#domain/identity/token-peek.ts'
import { parseObject } from '#domain/identity/verify-jws.ts'

/** Our clock less the token's `iat`, in milliseconds; null without one. Only worth something after a good signature. */
export function tokenAge(token: string | undefined, now: number): number | null {
  if (token === undefined || token.length > MAX_TOKEN_BYTES) return null
  return ageSince(parseObject(Buffer.from(token.split('.', 2)[1] ?? '', 'base64url'))?.get('iat'), now)
}

/** The same of an `iat` that was read already. */
export function ageSince(issued: unknown, now: number): number | null {
  const age = typeof issued === 'number' ? Math.round(now - issued * 1000) : Number.NaN
  return Number.isSafeInteger(age) ? age : null
}
