import { createHmac, hkdfSync } from 'node:crypto'

/** What the installation derives from its key and stores nowhere. */
export interface InstallationKeys {
  /** Of the set-up link: the same on every node, known to whoever can read the key. */
  setUpCode: string
  /** What a browser keeps to show that this account has signed in there before. */
  markDevice(account: string, nonce: string): string
  /** Of the one session that a token in the sign-in cookie starts: 256 bits that only the installation can compute. */
  cookieSessionSecret(token: string): string
}

export function installationKeys(encryptionKey: Uint8Array): InstallationKeys {
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', encryptionKey, '', `latchkey/${use}`, 32))
  const deviceKey = derive('known-devices')
  const cookieKey = derive('cookie-sessions')
  return {
    setUpCode: derive('set-up-link').toString('base64url'),
    markDevice: (account, nonce) => createHmac('sha256', deviceKey).update(`${nonce}/${account}`).digest('base64url'),
    cookieSessionSecret: (token) => createHmac('sha256', cookieKey).update(token).digest('base64url'),
  }
}
