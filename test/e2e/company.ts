import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { chromium, type Browser, type BrowserContext } from 'playwright-core'
import { createApp } from '#app'
import { readConfig } from '#config'
import { readChecklist } from '#domain/diagnosis/checklist.ts'
import { createSecret } from '#domain/identity/signing-keys.ts'
import { addHost, addOrigin, changeWorkspace, createWorkspace, type Workspace } from '#domain/workspaces/workspaces.ts'
import type { App } from '#http/app-types.ts'
import { databaseKind, openDatabase, type Db } from '#platform/database/database.ts'
import { migrate } from '#platform/database/migrate.ts'
import { encryptionWith } from '#platform/encryption/encryption.ts'
import { openHttpClient } from '#platform/http-client/http-client.ts'
import type { Checklist } from '#shared/diagnosis.ts'
import { ada, signJwt } from '#test/cast.ts'
import { emptyDatabase } from '#test/empty-database.ts'
import { makeCertificates } from './certificates.ts'
import { findFreePorts } from '#bin/server-process.ts'
import { startNginx } from './nginx.ts'

const APP = 'app.acme.test'
const HELP = 'help.acme.test'
const root = join(import.meta.dirname, '../..')

/** A way from the browser to Latchkey: what nginx does to it, and what differs in the company's set-up. */
export interface Way {
  lines?: string[]
  /** How the host is configured; its public scheme unless told otherwise. */
  scheme?: 'http'
  /** The clock of the app less the right time, in milliseconds. */
  clock?: number
}

/** One workspace behind one way, with the app that signs for it. */
export interface Branch {
  workspace: Workspace
  help: string
  app: string
  checklist(): Promise<Checklist>
  /** The command itself, told of our authority and our names; answers its exit code and its findings. */
  doctor(...words: string[]): Promise<{ exitCode: number; text: string }>
}

export interface Company<Name extends string> {
  branches: Record<Name, Branch>
  /** An empty browser profile that knows the names and pins the certificate. */
  open(): Promise<BrowserContext>
  close(): Promise<void>
}

/** Latchkey and an app behind a real nginx with TLS, on app.acme.test and help.acme.test. */
export async function openCompany<Name extends string>(ways: Record<Name, Way>): Promise<Company<Name>> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-nginx-'))
  const certificates = makeCertificates(folder, [HELP, APP])
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(certificates.authority, 'utf8')])
  const names = Object.keys(ways) as Name[]
  const ports = await findFreePorts(2 * names.length)
  const { app, db, addBranch } = await openLatchkey(ports)
  const upstream = (app.server.address() as AddressInfo).port
  const branches: Partial<Record<Name, Branch>> = {}
  const sites = []
  const servers: Server[] = []
  for (const [index, name] of names.entries()) {
    const [help = 0, own = 0] = ports.slice(2 * index)
    const way = ways[name]
    const { branch, secret } = await addBranch(name, {
      way,
      help: `${HELP}:${help}`,
      app: `${APP}:${own}`,
      authority: certificates.authority,
    })
    branches[name] = branch
    const server = openApp(branch, secret, way.clock ?? 0)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    servers.push(server)
    sites.push({ name: HELP, port: help, upstream, ...(way.lines && { lines: way.lines }) })
    const { port } = server.address() as AddressInfo
    sites.push({ name: APP, port: own, upstream: port, lines: ['proxy_set_header Host $http_host;', 'proxy_pass_header Date;'] })
  }
  const nginx = await startNginx(folder, certificates, sites)
  const browser = await launch(certificates.pin)
  return {
    branches: branches as Record<Name, Branch>,
    open: () => browser.newContext({ locale: 'en-GB' }),
    async close() {
      await browser.close()
      await nginx.stop()
      for (const server of servers) server.close().closeAllConnections()
      await app.close()
      await db.destroy()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function launch(pin: string): Promise<Browser> {
  const executablePath = process.env['LATCHKEY_CHROMIUM'] ?? '/usr/bin/chromium'
  const rules = '--host-resolver-rules=MAP *.acme.test 127.0.0.1'
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', rules, `--ignore-certificate-errors-spki-list=${pin}`] })
}

async function openLatchkey(ports: number[]) {
  const { address } = await emptyDatabase()
  const db = openDatabase(address)
  await migrate(db, databaseKind(address))
  const encryptionKey = randomBytes(32)
  const lookup = async () => [{ address: '127.0.0.1', family: 4 }]
  const httpClient = openHttpClient({ allow: ['127.0.0.1'], ports, lookup })
  const config = readConfig({ LATCHKEY_TEAM_URL: 'https://latchkey.test', LATCHKEY_LOG: 'silent', LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' })
  const app = await createApp({ db, config, encryptionKey, httpClient })
  await app.listen({ host: '127.0.0.1', port: 0 })
  return { app, db, addBranch: branchMaker(app, db, encryptionKey) }
}

interface Addresses {
  way: Way
  help: string
  app: string
  authority: string
}

function branchMaker(app: App, db: Db, encryptionKey: Uint8Array) {
  return async (name: string, { way, help, app: own, authority }: Addresses): Promise<{ branch: Branch; secret: string }> => {
    const now = Date.now()
    const made = await createWorkspace(db, name, { now })
    const workspace = await changeWorkspace(db, made, { login_url: `https://${own}/login`, test_mode: 1 })
    await addHost(db, workspace, `${way.scheme ?? 'https'}://${help}`, now)
    await addOrigin(db, workspace, `https://${own}`, now)
    const { secret } = await createSecret(db, encryptionWith(encryptionKey, 'messenger-secrets'), workspace, { name, now })
    const branch: Branch = {
      workspace,
      help: `https://${help}`,
      app: `https://${own}`,
      async checklist() {
        for (const batch of [app.decisions, app.probes, app.sightings]) await batch.flush()
        return readChecklist(db, workspace, { now: Date.now(), outside: app.outside })
      },
      doctor: (...words) => runDoctor([`https://${help}`, '--app-url', `https://${own}`, ...words], authority),
    }
    return { branch, secret }
  }
}

function runDoctor(words: string[], authority: string): Promise<{ exitCode: number; text: string }> {
  const names = [HELP, APP].flatMap((name) => ['--resolve', `${name}=127.0.0.1`])
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: authority, LATCHKEY_DATA: join(tmpdir(), 'no-installation-is-needed') }
  return new Promise((resolve) => {
    execFile(process.execPath, ['bin/latchkey.js', 'doctor', ...words, ...names], { cwd: root, env }, (error, stdout, stderr) =>
      resolve({ exitCode: Number(error?.code ?? 0), text: stdout + stderr }),
    )
  })
}

/** The company's app: its page boots, its login page sends a signed-in user back. */
function openApp(branch: Branch, secret: string, clock: number): Server {
  return createServer((request, response) => {
    const now = Date.now() + clock
    const iat = Math.floor(now / 1000)
    const jwt = signJwt({ ...ada, iat, exp: iat + 120, jti: randomBytes(8).toString('hex') }, secret)
    const { pathname, searchParams } = new URL(request.url ?? '/', branch.app)
    response.sendDate = false
    response.setHeader('date', new Date(now).toUTCString()).setHeader('content-type', 'text/html; charset=utf-8')
    response.end(pathname === '/login' ? loginPage(branch, jwt, searchParams) : homePage(branch, jwt))
  })
}

function homePage({ help, workspace }: Branch, jwt: string): string {
  return `<!doctype html><html lang="en"><title>App</title><h1>App</h1><a href="${help}/login/status">Help</a>
<script src="${help}/messenger.js"></script>
<script>Intercom('boot', { app_id: '${workspace.app_id}', intercom_user_jwt: '${jwt}' })</script>`
}

function loginPage({ help }: Branch, jwt: string, searchParams: URLSearchParams): string {
  const field = (name: string, value: string) => `<input type="hidden" name="${name}" value="${value}">`
  return `<!doctype html><html lang="en"><title>Login</title><form method="post" action="${help}/login/jwt">
${field('jwt', jwt)}${field('return_to', searchParams.get('return_to') ?? '')}${field('state', searchParams.get('state') ?? '')}</form>
<script>document.forms[0].submit()</script>`
}
