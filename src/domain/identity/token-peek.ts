import { readUserId } from './claims.ts'
import { translate, userIdName, type Dialect } from './dialects.ts'
import { parseObject } from './verify-jws.ts'

/** Longer ones are not looked at. */
export const MAX_TOKEN_BYTES = 16 * 1024

/** What can be read of a token without proving anything. */
export interface TokenPeek {
  segments: string[]
  header: Map<string, unknown> | undefined
  payload: Map<string, unknown> | undefined
  payloadText: string
}

/** The look of a JWT, whoever signed it. */
export function isTokenShaped(value: unknown): boolean {
  return typeof value === 'string' && /^ey[\w-]+\.ey[\w-]+\.[\w-]*$/.test(value)
}

export function peekToken(token: string): TokenPeek {
  const segments = token.split('.', 6)
  const [head, body] = segments.map((segment) => Buffer.from(segment, 'base64url'))
  return {
    segments,
    header: head && parseObject(head),
    payload: body && parseObject(body),
    payloadText: body?.toString('utf8') ?? '',
  }
}

/** The user_id a token claims, unproved: good for ending somebody else's session, for the log, for nothing else. */
export function peekUserId(token: string, dialect?: Dialect): string | undefined {
  if (token.length > MAX_TOKEN_BYTES) return undefined
  const bytes = Buffer.from(token.split('.', 2)[1] ?? '', 'base64url')
  const payload = parseObject(bytes)
  if (!payload) return undefined
  return readUserId(dialect ? translate(payload, dialect) : payload, { bytes, name: userIdName(payload, dialect) }) ?? undefined
}
