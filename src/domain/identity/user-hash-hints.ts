import { createHash, createHmac } from 'node:crypto'
import type { Platform } from '#db/columns.ts'
import type { SecretKey } from './keyring.ts'
import { insteadOfSecret, misuseOf } from './secret-misuse.ts'
import { isTokenShaped } from './token-peek.ts'

export interface HashClaim {
  user_id: string
  user_hash: string
  email: string | undefined
  platform: Platform
}

/** What a user_hash that does not match most likely is. */
export function hintOfUserHash(claim: HashClaim, keys: readonly SecretKey[]): string {
  const form = hintOfForm(claim.user_hash)
  if (form !== undefined) return form
  for (const key of keys) {
    const hint = hintOfKey(claim, key)
    if (hint !== undefined) return hint
  }
  const instead = insteadOfSecret((key) => mac(key, claim.user_id) === claim.user_hash)
  if (instead) return `It was made with ${instead}`
  return hintOfPlainHash(claim) ?? 'It was made with a secret that is none of this workspace, or over something else than this user_id.'
}

function hintOfForm(hash: string): string | undefined {
  if (isTokenShaped(hash)) return 'This is a token: pass it as intercom_user_jwt, without user_hash.'
  if (hash !== hash.trim()) return 'There is white space or a line break at an end of it: trim it.'
  if (/^["'`]|["'`]$/.test(hash)) return 'There are quotes around it: send it without them.'
  if (/^[\da-f]{40}$/i.test(hash)) return 'It has 40 digits, as SHA-1 has: use HMAC-SHA256.'
  if (/^[\da-f]{128}$/i.test(hash)) return 'It has 128 digits, as SHA-512 has: use HMAC-SHA256.'
  if (/^[\da-f]{64}$/i.test(hash)) return undefined
  if (/^[\w+/-]{43}=?$/.test(hash)) return 'It is written in base64: write it in hex, 64 digits.'
  return `It has ${hash.length} characters; the hex of an HMAC-SHA256 has 64 digits.`
}

function hintOfKey({ user_id, user_hash, email, platform }: HashClaim, { row, bytes }: SecretKey): string | undefined {
  const given = user_hash.toLowerCase()
  const name = `“${row.name}” (${row.kid})`
  if (mac(bytes, user_id) === given) {
    if (row.retired_at !== null) return `${name} made it, which is retired.`
    return row[platform] === 1 ? undefined : `${name} made it, which is not for ${platform}.`
  }
  if (email !== undefined && [email, email.toLowerCase()].some((text) => mac(bytes, text) === given))
    return 'It was made over the e-mail: make it over the user_id that is sent beside it.'
  if ([`"${user_id}"`, `${user_id}\n`, ` ${user_id}`, `${user_id} `, `user_id=${user_id}`].some((text) => mac(bytes, text) === given))
    return 'It was made over the user_id with quotes, white space or a name around it: make it over the user_id alone.'
  if (mac(user_id, bytes) === given) return 'Secret and user_id are the wrong way round: the secret is the key, the user_id the message.'
  const secret = Buffer.from(bytes).toString()
  if ([secret + user_id, user_id + secret].some((text) => plain(text) === given))
    return 'It is a plain SHA-256 over secret and user_id: use HMAC-SHA256, with the secret as its key.'
  const misuse = misuseOf(secret, (key) => mac(key, user_id) === given)
  return misuse && `The secret ${name} was ${misuse.replaceAll('signing', 'hashing')}.`
}

function hintOfPlainHash({ user_id, user_hash }: HashClaim): string | undefined {
  return plain(user_id) === user_hash.toLowerCase()
    ? 'It is the plain SHA-256 of the user_id, which anybody can make: use HMAC-SHA256 with a messenger secret.'
    : undefined
}

function mac(key: string | Uint8Array, text: string | Uint8Array): string {
  return createHmac('sha256', key).update(text).digest('hex')
}

function plain(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
