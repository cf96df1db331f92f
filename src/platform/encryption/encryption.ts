import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const IV_BYTES = 12
const TAG_BYTES = 16

/** Encrypts secrets at rest: AES-256-GCM under a key derived (HKDF, RFC 5869) from the installation's key and a label. */
export interface Encryption {
  seal(text: string, context: string): string
  /** Throws if the key or the context is another one. */
  open(sealed: string, context: string): string
}

/** `key`: 32 bytes or more. `label` keeps one use's ciphertexts worthless to another. */
export function encryptionWith(key: Uint8Array, label: string): Encryption {
  const derived = Buffer.from(hkdfSync('sha256', key, '', `latchkey/${label}`, 32))
  return {
    seal(text, context) {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', derived, iv).setAAD(Buffer.from(context))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')
    },
    open(sealed, context) {
      const bytes = Buffer.from(sealed, 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', derived, bytes.subarray(0, IV_BYTES))
        .setAAD(Buffer.from(context))
        .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
      return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8')
    },
  }
}
