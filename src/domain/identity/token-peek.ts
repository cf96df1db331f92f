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
