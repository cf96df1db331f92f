import { Secret, TOTP } from 'otpauth'
import type { Instant } from '#db/columns.ts'

const STEP_MS = 30_000
/** RFC 4226, section 4, R6: 160 bits. */
const SECRET_BYTES = 20

/** Of an authenticator app, in base32 as people can type it. */
export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32
}

/** What the QR code holds; `issuer` and `account` are the two lines under which the app lists it. */
export function totpUri(secret: string, { issuer, account }: { issuer: string; account: string }): string {
  // Between the two stands a colon, so neither may have one.
  return new TOTP({ secret, issuer: issuer.replaceAll(':', ' '), label: account.replaceAll(':', ' ') }).toString()
}

/** The time step whose code this is, now or one step to either side (RFC 6238, section 5.2); undefined if it is none of them. */
export function findTotpStep(secret: string, code: string, now: Instant): number | undefined {
  const token = code.replaceAll(/\s/g, '')
  if (!/^\d{6}$/.test(token)) return undefined
  const delta = new TOTP({ secret }).validate({ token, timestamp: now, window: 1 })
  return delta === null ? undefined : Math.floor(now / STEP_MS) + delta
}
