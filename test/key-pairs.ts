import { constants, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import type { PublicAlgorithm } from '#domain/identity/public-keys.ts'

export interface KeyPair {
  algorithm: PublicAlgorithm
  kid: string
  privateKey: KeyObject
  publicKey: KeyObject
  pem: string
  /** The public half, as it stands in a JWKS. */
  jwk: Record<string, unknown>
}

let made = 0

export function makeKeyPair(algorithm: PublicAlgorithm, bits = 2048): KeyPair {
  const { privateKey, publicKey } = generate(algorithm, bits)
  const kid = `key-${++made}`
  const pem = String(publicKey.export({ type: 'spki', format: 'pem' }))
  return { algorithm, kid, privateKey, publicKey, pem, jwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: algorithm } }
}

/** A compact JWS as the owner of the private key, or a forger, makes it. */
export function signWith(pair: KeyPair, payload: object, header: Record<string, unknown> = {}): string {
  const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${segment({ alg: pair.algorithm, kid: pair.kid, typ: 'JWT', ...header })}.${segment(payload)}`
  return `${input}.${signatureOf(pair, input).toString('base64url')}`
}

function generate(algorithm: PublicAlgorithm, modulusLength: number) {
  if (algorithm === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return algorithm === 'EdDSA' ? generateKeyPairSync('ed25519') : generateKeyPairSync('rsa', { modulusLength })
}

function signatureOf({ algorithm, privateKey: key }: KeyPair, text: string): Buffer {
  const input = Buffer.from(text)
  switch (algorithm) {
    case 'RS256':
      return sign('sha256', input, key)
    case 'PS256':
      return sign('sha256', input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 })
    case 'ES256':
      return sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' })
    case 'EdDSA':
      return sign(null, input, key)
  }
}
