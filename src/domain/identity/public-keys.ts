import { constants, createPublicKey, verify, type KeyObject } from 'node:crypto'
import type { Algorithm } from '#db/login-tables.ts'
import { Failure } from '#errors'
import type { Jws } from './verify-jws.ts'

export type PublicAlgorithm = Exclude<Algorithm, 'HS256'>
export const PUBLIC_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const satisfies PublicAlgorithm[]

/** A key that can check signatures of its one algorithm and make none. */
export interface PublicKey {
  algorithm: PublicAlgorithm
  /** Its name in a JWKS. */
  kid: string | undefined
  key: KeyObject
}

/** Only a private or a secret key has these members (RFC 7518 §6). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']
const RSA_BITS = { least: 2048, most: 8192 }
/** ES256 and Ed25519 signatures have one length (RFC 7518 §3.4, RFC 8032 §5.1.6); OpenSSL holds RSA's to the modulus. */
const CURVE_SIGNATURE_BYTES = 64

export function hasSignature(jws: Jws, { algorithm, key }: PublicKey): boolean {
  if (jws.algorithm !== algorithm) return false
  const input = Buffer.from(jws.signingInput)
  const { signature } = jws
  switch (algorithm) {
    case 'RS256':
      return verify('sha256', input, { key, padding: constants.RSA_PKCS1_PADDING }, signature)
    case 'PS256':
      return verify('sha256', input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }, signature)
    case 'ES256':
      return signature.length === CURVE_SIGNATURE_BYTES && verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, signature)
    case 'EdDSA':
      return signature.length === CURVE_SIGNATURE_BYTES && verify(null, input, key, signature)
  }
}

/** A pasted PEM (SPKI, PKCS#1 or a certificate) or JWK. Whoever pastes a private key is told so; it is not kept. */
export function readPublicKey(text: string, algorithm: PublicAlgorithm): PublicKey {
  const trimmed = text.trim()
  const isJson = trimmed.startsWith('{')
  const jwk = isJson ? parseJson(trimmed) : undefined
  if (trimmed.includes('PRIVATE KEY-----') || (jwk && isPrivate(jwk))) throw new Failure('signing_key_private')
  const found = isJson ? jwk && keyFromJwk(jwk, algorithm) : keyFromPem(trimmed, algorithm)
  if (!found) throw new Failure('signing_key_unusable', { detail: `This is no public key that ${algorithm} can be checked with.` })
  return found
}

/** Undefined if it is private, for another use, too weak, or of a kind that does not fit the algorithm. */
export function keyFromJwk(jwk: Record<string, unknown>, algorithm: PublicAlgorithm): PublicKey | undefined {
  const { use = 'sig', alg = algorithm, key_ops: operations = ['verify'], kid } = jwk
  const isMeant = use === 'sig' && alg === algorithm && Array.isArray(operations) && operations.includes('verify')
  if (!isMeant || isPrivate(jwk)) return undefined
  // Node checks every member that it reads.
  const key = attempt(() => createPublicKey({ key: jwk, format: 'jwk' }))
  return key && fits(key, algorithm) ? { algorithm, kid: typeof kid === 'string' ? kid : undefined, key } : undefined
}

/** The public members and the name, and nothing else that stood in the original. */
export function presentJwk({ kid, key }: PublicKey): Record<string, unknown> {
  return { ...key.export({ format: 'jwk' }), ...(kid !== undefined && { kid }) }
}

function keyFromPem(text: string, algorithm: PublicAlgorithm): PublicKey | undefined {
  if (text.split('-----BEGIN ').length !== 2) return undefined
  const key = attempt(() => createPublicKey(text))
  return key && fits(key, algorithm) ? { algorithm, kid: undefined, key } : undefined
}

function fits(key: KeyObject, algorithm: PublicAlgorithm): boolean {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  switch (algorithm) {
    case 'RS256':
    case 'PS256': {
      const bits = details?.modulusLength ?? 0
      // Under the exponent 1 a signature is its own message.
      return type === 'rsa' && bits >= RSA_BITS.least && bits <= RSA_BITS.most && (details?.publicExponent ?? 1n) > 1n
    }
    case 'ES256':
      return type === 'ec' && details?.namedCurve === 'prime256v1'
    case 'EdDSA':
      return type === 'ed25519'
  }
}

function isPrivate(jwk: Record<string, unknown>): boolean {
  return PRIVATE_MEMBERS.some((name) => Object.hasOwn(jwk, name))
}

function parseJson(text: string): Record<string, unknown> | undefined {
  return attempt(() => JSON.parse(text) as Record<string, unknown>)
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make()
  } catch {
    return undefined
  }
}
