import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Instant } from '#db/columns.ts'
import { Failure } from '#errors'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { secretsAmong, type Keyring, type SigningKey } from './keyring.ts'
import { hintOfUserHash, type HashClaim } from './user-hash-hints.ts'

/** The older proof: hex HMAC-SHA256 over the user_id alone. It proves who, never an attribute, and does not expire. */
export async function verifyUserHash(keyring: Keyring, workspace: Workspace, claim: HashClaim, now: Instant): Promise<SigningKey> {
  const given = Buffer.from(/^[0-9a-f]{64}$/i.test(claim.user_hash) ? claim.user_hash : '', 'hex')
  const keys = await keyring.keysOf(workspace, now)
  for (const key of keys) {
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
  throw new Failure('user_hash_invalid', { hint: () => hintOfUserHash(claim, secretsAmong(keys)) })
}
