import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Algorithm } from '#db/login-tables.ts'

const MAC_BYTES = 32
const SEGMENT = /^[A-Za-z0-9_-]+$/
const ALGORITHMS: readonly Algorithm[] = ['HS256', 'RS256', 'PS256', 'ES256', 'EdDSA']
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export interface Jws {
  /** What the header claims. A key verifies only what claims the key's own algorithm. */
  algorithm: Algorithm
  kid: string | undefined
  payload: Uint8Array
  /** The first two segments as received: what the signature is over (RFC 7515 §5.2). */
  signingInput: string
  signature: Uint8Array
}

export type JwsFlaw = 'user_jwt_malformed' | 'user_jwt_algorithm_not_allowed'

/** True if `token` is a compact JWS (RFC 7515 §7.1) under HS256 whose form, header and MAC hold; its payload is not looked at. */
export function verifyJws(token: string, key: Uint8Array): boolean {
  const jws = readJws(token)
  return typeof jws !== 'string' && hasMac(jws, key)
}

/** Checks form and header only (RFC 7515 §2, §4.1.11; RFC 7797: no `b64`; RFC 8725 §3.1, §3.11). `jwk`, `jku`, `x5u` and `x5c` are not read. */
export function readJws(token: string): Jws | JwsFlaw {
  const [head = '', body = '', tail = '', ...more] = token.split('.', 4)
  const header = decodeSegment(head)
  const payload = decodeSegment(body)
  const signature = decodeSegment(tail)
  if (!header || !payload || !signature || more.length > 0) return 'user_jwt_malformed'
  const fields = parseObject(header)
  if (!fields) return 'user_jwt_malformed'
  const algorithm = ALGORITHMS.find((name) => name === fields.get('alg'))
  if (algorithm === undefined) return 'user_jwt_algorithm_not_allowed'
  if (fields.has('crit') || fields.has('b64') || !isJwtType(fields)) return 'user_jwt_malformed'
  const kid = fields.get('kid')
  return { algorithm, kid: typeof kid === 'string' ? kid : undefined, payload, signingInput: `${head}.${body}`, signature }
}

export function hasMac(jws: Jws, key: Uint8Array): boolean {
  if (jws.algorithm !== 'HS256') return false
  const expected = createHmac('sha256', key).update(jws.signingInput).digest()
  return jws.signature.length === MAC_BYTES && timingSafeEqual(expected, jws.signature)
}

/** Strict UTF-8, one JSON object and nothing behind it; of a repeated member the last counts (RFC 7519 §4). */
export function parseObject(bytes: Uint8Array): Map<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(strictUtf8.decode(bytes))
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined
    return new Map(Object.entries(value))
  } catch {
    return undefined
  }
}

/** base64url without padding, in its one canonical spelling (unused bits zero). */
function decodeSegment(segment: string): Uint8Array | undefined {
  if (!SEGMENT.test(segment)) return undefined
  const bytes = Buffer.from(segment, 'base64url')
  return bytes.toString('base64url') === segment ? bytes : undefined
}

function isJwtType(fields: Map<string, unknown>): boolean {
  if (!fields.has('typ')) return true
  const type = fields.get('typ')
  return typeof type === 'string' && type.toUpperCase() === 'JWT'
}
