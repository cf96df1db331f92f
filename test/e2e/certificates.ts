import { execFileSync } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Certificates {
  /** The authority's certificate, which nobody trusts but who is told to. */
  authority: string
  certificate: string
  key: string
  /** What Chromium's `--ignore-certificate-errors-spki-list` takes: SHA-256 of the public key. */
  pin: string
}

/** An authority of our own and a certificate by it for these names, made by openssl in `folder`. */
export function makeCertificates(folder: string, names: readonly string[]): Certificates {
  const file = (name: string) => join(folder, name)
  const run = (...words: string[]) => execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  run('req', '-x509', ...newKey, '-keyout', 'authority.key', '-out', 'authority.pem', '-days', '30', '-subj', '/CN=Authority of a test')
  run('req', ...newKey, '-keyout', 'host.key', '-out', 'host.csr', '-subj', `/CN=${names[0]}`)
  writeFileSync(file('names'), `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}\n`)
  const signing = ['-CA', 'authority.pem', '-CAkey', 'authority.key', '-CAcreateserial']
  run('x509', '-req', '-in', 'host.csr', ...signing, '-out', 'host.pem', '-days', '30', '-extfile', 'names')
  const { publicKey } = new X509Certificate(readFileSync(file('host.pem')))
  const pin = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64')
  return { authority: file('authority.pem'), certificate: file('host.pem'), key: file('host.key'), pin }
}
