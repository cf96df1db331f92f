import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext } from 'playwright-core'
import { createApp } from '#app'
import { readConfig } from '#config'
import { createHelpCenter } from '#domain/articles/help-centers.ts'
import { importArticles } from '#domain/articles/import-articles.ts'
import { createAudience } from '#domain/audiences/audiences.ts'
import { createSecret } from '#domain/identity/signing-keys.ts'
import { seedTicketDefaults } from '#domain/tickets/ticket-defaults.ts'
import { addHost, addOrigin, changeWorkspace, createWorkspace, type Workspace } from '#domain/workspaces/workspaces.ts'
import { databaseKind, openDatabase, type Db } from '#platform/database/database.ts'
import { migrate } from '#platform/database/migrate.ts'
import { encryptionWith } from '#platform/encryption/encryption.ts'
import { ada, ben, signJwt } from '#test/cast.ts'
import { emptyDatabase } from '#test/empty-database.ts'
import { makeCertificates, type Certificates } from './certificates.ts'

const PATIENCE_MS = 10_000
const APP = 'app.acme.test'
const PEOPLE: Record<string, object> = { ada, ben }

/** What a browser refuses on pages of app.acme.test: other sites' cookies, or partitioned ones too. */
export type Refusing = 'third-party cookies' | 'every cookie of the other site'

/** The app on app.acme.test; Latchkey with TLS on hosts of this site and of another. */
export interface TwoSites {
  db: Db
  workspace: Workspace
  app: string
  /** The address of a host by its name. */
  at(name: string): string
  certificates: Certificates
  port: number
  /** Where Latchkey itself listens, for a proxy in front. */
  upstream: number
  /** An empty Chromium profile; it lives until `close`. */
  open(refusing?: Refusing): Promise<BrowserContext>
  close(): Promise<void>
}

/** The first host is the primary one. `elsewhere` are names of the certificate that somebody else serves. */
export async function openTwoSites(
  hosts: readonly [string, ...string[]],
  { elsewhere = {}, trustedProxies = '' }: { elsewhere?: Record<string, number>; trustedProxies?: string } = {},
): Promise<TwoSites> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-sites-'))
  const certificates = makeCertificates(folder, [APP, ...hosts, ...Object.keys(elsewhere)])
  const { address, drop } = await emptyDatabase()
  const db = openDatabase(address)
  await migrate(db, databaseKind(address))
  const encryptionKey = randomBytes(32)
  const config = readConfig({
    LATCHKEY_TEAM_URL: 'https://latchkey.test',
    LATCHKEY_LOG: 'silent',
    LATCHKEY_TRUSTED_PROXIES: trustedProxies,
  })
  const latchkey = await createApp({ db, config, encryptionKey })
  await latchkey.listen({ host: '127.0.0.1', port: 0 })
  const tls = { key: readFileSync(certificates.key), cert: readFileSync(certificates.certificate) }
  const server = createServer(tls, (request, response) => {
    if (request.headers.host?.startsWith(APP)) return serveApp(request, response)
    latchkey.routing(request, response)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const at = (name: string) => `https://${name}:${elsewhere[name] ?? port}`
  const workspace = await changeWorkspace(db, await createWorkspace(db, 'Acme', { now: Date.now() }), {
    login_url: `${at(APP)}/help/login`,
  })
  for (const name of [...hosts, ...Object.keys(elsewhere)]) await addHost(db, workspace, at(name), Date.now())
  await addOrigin(db, workspace, at(APP), Date.now())
  await openShelf(db, workspace)
  const { secret } = await createSecret(db, encryptionWith(encryptionKey, 'messenger-secrets'), workspace, {
    name: 'first',
    now: Date.now(),
  })
  const serveApp = appOf({ workspace, secret, help: at(hosts[0]) })
  const contexts: BrowserContext[] = []
  return {
    ...{ db, workspace, certificates, port, at, app: at(APP), upstream: (latchkey.server.address() as AddressInfo).port },
    async open(refusing) {
      const context = await openChromium(folder, certificates, refusing)
      contexts.push(context)
      return context
    },
    async close() {
      for (const context of contexts) await context.close()
      server.close().closeAllConnections()
      await latchkey.close()
      await db.destroy()
      await drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** An article for everybody that links to another one, for users alone. */
async function openShelf(db: Db, workspace: Workspace): Promise<void> {
  const now = Date.now()
  await seedTicketDefaults(db, workspace, now)
  await createHelpCenter(db, workspace, { name: 'Acme Help', default_locale: 'en', locales: ['en'] }, now)
  await createAudience(db, workspace, { name: 'users', roles: ['user'], rules: [] })
  const article = { locale: 'en', description: '', collection: 'first' }
  const articles = [
    { ...article, title: 'For everybody', markdown: 'Hello. See [your tickets](/tickets).', path: 'open' },
    { ...article, title: 'For users', markdown: 'Only for you.', path: 'closed', audience: 'users' },
  ]
  await importArticles(db, workspace, { articles, collections: { first: { en: { name: 'First steps' } } } }, now)
}

/** `/?as=ada` is a page of the app for a logged-in Ada, `/` for nobody; `/help/login` is where the Login URL leads. */
function appOf({ workspace, secret, help }: { workspace: Workspace; secret: string; help: string }) {
  return (request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', `https://${APP}`)
    const cookie = /(?:^|; )as=(\w+)/.exec(request.headers.cookie ?? '')?.[1]
    const as = searchParams.get('as') ?? (pathname === '/help/login' ? cookie : undefined) ?? ''
    const person = PEOPLE[as]
    const now = Math.floor(Date.now() / 1000)
    const jwt = person && signJwt({ ...person, exp: now + 120, jti: randomBytes(8).toString('hex') }, secret)
    const settings = JSON.stringify({ app_id: workspace.app_id, ...(jwt !== undefined && { user_id: as, intercom_user_jwt: jwt }) })
    const field = (name: string, value = '') => `<input type="hidden" name="${name}" value="${value.replaceAll('"', '&quot;')}">`
    const body =
      pathname === '/help/login' && jwt !== undefined
        ? `<form method="post" action="${help}/login/jwt">${field('jwt', jwt)}${field('return_to', searchParams.get('return_to') ?? '')}${field('state', searchParams.get('state') ?? '')}</form><script>document.forms[0].submit()</script>`
        : `<h1>${pathname === '/help/login' ? 'Log in to Acme' : 'The app'}</h1><script src="${help}/messenger.js"></script><script>Intercom('boot', ${settings})</script>`
    response.setHeader('content-type', 'text/html; charset=utf-8')
    if (pathname === '/') response.setHeader('set-cookie', `as=${as}; Path=/; Secure; SameSite=Lax`)
    response.end(`<!doctype html><html lang="en"><title>Acme</title><body>${body}`)
  }
}

async function openChromium(folder: string, { pin }: Certificates, refusing: Refusing | undefined): Promise<BrowserContext> {
  const profile = mkdtempSync(join(folder, 'profile-'))
  mkdirSync(join(profile, 'Default'))
  const exceptions = { cookies: { '[*.]vendor.test,[*.]acme.test': { setting: 2 } } }
  const preferences = {
    profile: {
      ...(refusing && { cookie_controls_mode: 1, block_third_party_cookies: true }),
      ...(refusing === 'every cookie of the other site' && { content_settings: { exceptions } }),
    },
  }
  writeFileSync(join(profile, 'Default/Preferences'), JSON.stringify(preferences))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env['LATCHKEY_CHROMIUM'] ?? '/usr/bin/chromium',
    locale: 'en-GB',
    args: ['--no-sandbox', '--disable-gpu', '--host-resolver-rules=MAP *.test 127.0.0.1', `--ignore-certificate-errors-spki-list=${pin}`],
  })
  context.setDefaultTimeout(PATIENCE_MS)
  return context
}
