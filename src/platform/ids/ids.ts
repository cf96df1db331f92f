import { hash, randomBytes } from 'node:crypto'

/** 12 random bytes as 24 hex digits: the form clients of the REST API expect of contacts and companies. */
export function newHexId(): string {
  return randomBytes(12).toString('hex')
}

/** 256 random bits, 43 characters of base64url. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** SHA-256 in hex: the only form in which session, token and link secrets are stored. */
export function hashOf(secret: string): string {
  return hash('sha256', secret, 'hex')
}
