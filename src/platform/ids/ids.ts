import { hash, randomFillSync } from 'node:crypto'

/** Asking the system costs the same for many bytes as for a few. */
const pool = Buffer.alloc(4096)
let used = pool.length

/** 12 random bytes as 24 hex digits: the form clients of the REST API expect of contacts and companies. */
export function newHexId(): string {
  return randomText(12, 'hex')
}

/** 256 random bits, 43 characters of base64url. */
export function newSecret(): string {
  return randomText(32, 'base64url')
}

/** SHA-256 in hex: the only form in which session, token and link secrets are stored. */
export function hashOf(secret: string): string {
  return hash('sha256', secret, 'hex')
}

function randomText(size: number, encoding: 'hex' | 'base64url'): string {
  if (used + size > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const bytes = pool.subarray(used, (used += size))
  const text = bytes.toString(encoding)
  bytes.fill(0)
  return text
}
