import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Certificates } from './certificates.ts'
import { startUntilOpen } from './until-open.ts'

const examples = join(import.meta.dirname, '../../examples/proxies')

export interface ProtectedSite {
  stop(): Promise<void>
}

/** Where the example file's addresses are in this test. */
export interface Place {
  name: string
  port: number
  latchkey: number
  site: number
  certificates: Certificates
}

/** A static site that says which headers reached it; it knows nothing of logins. */
export async function openStaticSite(): Promise<{ port: number; close(): void }> {
  const server = createServer(({ url = '/', headers }, response) => {
    const named = Object.entries(headers).filter(([name]) => /^latchkey[-_]/.test(name))
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(
      `<!doctype html><html lang="en"><title>Docs</title><h1>Guide</h1><p>${url}</p><pre>${JSON.stringify(Object.fromEntries(named))}</pre>`,
    )
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close().closeAllConnections()
    },
  }
}

/** The nginx of examples/proxies, as it stands there but for its addresses. */
export async function startNginxExample({ name, port, latchkey, site, certificates }: Place): Promise<ProtectedSite> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-docs-'))
  for (const needed of ['body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']) mkdirSync(join(folder, needed))
  const server = readExample('nginx.conf', [
    ['listen 443 ssl', `listen 127.0.0.1:${port} ssl`],
    ['docs.acme.com;', `${name};`],
    ['/etc/letsencrypt/live/docs.acme.com/fullchain.pem', certificates.certificate],
    ['/etc/letsencrypt/live/docs.acme.com/privkey.pem', certificates.key],
    ['127.0.0.1:8080', `127.0.0.1:${site}`],
    ['127.0.0.1:4000', `127.0.0.1:${latchkey}`],
  ])
  const paths = ['client_body_temp_path body', ...['proxy', 'fastcgi', 'uwsgi', 'scgi'].map((one) => `${one}_temp_path ${one}`)]
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  const file = join(folder, 'nginx.conf')
  writeFileSync(
    file,
    `daemon off; pid nginx.pid; ${user}\nevents {}\nhttp { access_log off; ${paths.map((path) => `${path};`).join(' ')}\n${server}}\n`,
  )
  return run({ command: 'nginx', words: ['-p', folder, '-c', file, '-e', 'stderr'], folder, port })
}

/** The same with Caddy. */
export async function startCaddyExample({ name, port, latchkey, site, certificates }: Place): Promise<ProtectedSite> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-docs-'))
  const sites = readExample('Caddyfile', [
    ['docs.acme.com {', `https://${name}:${port} {\n\tbind 127.0.0.1\n\ttls ${certificates.certificate} ${certificates.key}`],
    ['127.0.0.1:8080', `127.0.0.1:${site}`],
    ['127.0.0.1:4000', `127.0.0.1:${latchkey}`],
  ])
  const file = join(folder, 'Caddyfile')
  writeFileSync(file, `{\n\tadmin off\n\tauto_https off\n}\n${sites}`)
  return run({ command: 'caddy', words: ['run', '--config', file, '--adapter', 'caddyfile'], folder, port })
}

function readExample(file: string, changes: [from: string, to: string][]): string {
  let text = readFileSync(join(examples, file), 'utf8')
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`${file} says nothing of ${from}`)
    text = text.replaceAll(from, to)
  }
  return text
}

async function run({
  command,
  words,
  folder,
  port,
}: {
  command: string
  words: string[]
  folder: string
  port: number
}): Promise<ProtectedSite> {
  const env = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
  const clear = () => rmSync(folder, { recursive: true, force: true })
  try {
    const server = await startUntilOpen(command, words, { port, cwd: folder, env })
    return { stop: () => server.stop().finally(clear) }
  } catch (error) {
    clear()
    throw error
  }
}
