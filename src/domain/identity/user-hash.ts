import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Instant, Platform } from '#db/schema.ts'
import { Failure } from '#errors'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { Keyring, SigningKey } from './keyring.ts'

/** The older proof: hex HMAC-SHA256 over the user_id alone. It proves who, never an attribute, and does not expire. */
export async function verifyUserHash(
  keyring: Keyring,
  workspace: Workspace,
  claim: { user_id: string; user_hash: string; platform: Platform },
  now: Instant,
): Promise<SigningKey> {
  const given = Buffer.from(/^[0-9a-f]{64}$/i.test(claim.user_hash) ? claim.user_hash : '', 'hex')
  for (const key of await keyring.keysOf(workspace, now)) {
    if (key.kind !== 'secret') continue
    const expected = createHmac('sha256', key.bytes).update(claim.user_id).digest()
    if (
      key.row.retired_at === null &&
      key.row[claim.platform] === 1 &&
      given.length === expected.length &&
      timingSafeEqual(given, expected)
    )
      return key
  }
  throw new Failure('user_hash_invalid')
}
