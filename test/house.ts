import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { LightMyRequestResponse } from 'fastify'
import { createApp, type Installation } from '#app'
import { readConfig } from '#config'
import { createSecret } from '#domain/identity/signing-keys.ts'
import {
  addHost,
  addOrigin,
  changeWorkspace,
  createWorkspace,
  getWorkspace,
  type Host,
  type Workspace,
  type WorkspaceSettings,
} from '#domain/workspaces/workspaces.ts'
import type { App } from '#http/app-types.ts'
import { databaseKind, openDatabase, type Db } from '#platform/database/database.ts'
import { migrate } from '#platform/database/migrate.ts'
import { encryptionWith, type Encryption } from '#platform/encryption/encryption.ts'
import { formTokenFor } from '#http/middleware/form-token.ts'
import { hashOf } from '#platform/ids/ids.ts'
import { signJwt } from '#test/cast.ts'
import { emptyDatabase } from '#test/empty-database.ts'

export const START = Date.UTC(2026, 0, 5, 9)

export interface Tenant {
  workspace: Workspace
  host: Host
  help: string
  app: string
  kid: string
  secret: string
}

/** A migrated house with an app in front: two workspaces, one key each, a clock that stands until it is moved. */
export interface House {
  app: App
  db: Db
  /** Where another process finds the same database; `:memory:` unless LATCHKEY_DATA names a folder. */
  address: string
  encryption: Encryption
  acme: Workspace
  globex: Workspace
  tenants: Record<'acme' | 'globex', Tenant>
  now(): number
  pass(milliseconds: number): void
  /** A JWT signed with the tenant's live secret; `exp` is in 2 minutes unless claims say otherwise. */
  jwt(person: object, tenant?: Tenant): string
  browser(tenant?: Tenant): Browser
  change(settings: WorkspaceSettings, tenant?: Tenant): Promise<void>
  post(path: string, body: object, options?: Asking): Promise<LightMyRequestResponse>
  get(path: string, options?: Asking): Promise<LightMyRequestResponse>
  /** Another process' app over the same database; not over `:memory:`. */
  openNode(): Promise<Node>
  close(): Promise<void>
}

export interface Node {
  /** The same browser, asking here. */
  browser(of: Browser): Browser
  close(): Promise<void>
}

export interface Asking {
  origin?: string | null
  headers?: Record<string, string>
  form?: boolean
}

/** Keeps cookies like one browser on one support host; it asks as a page of the app unless told otherwise. */
export interface Browser {
  cookies: Map<string, string>
  get(path: string, options?: Asking): Promise<LightMyRequestResponse>
  post(path: string, body: object, options?: Asking): Promise<LightMyRequestResponse>
  put(path: string, body: object, options?: Asking): Promise<LightMyRequestResponse>
  boot(person?: object | string, body?: object): Promise<LightMyRequestResponse>
  shutdown(): Promise<LightMyRequestResponse>
}

/** `outside` is the world around the house: fakes of what it asks and where it sends. */
export async function openHouse(
  environment: Record<string, string> = {},
  outside: Pick<Installation, 'httpClient' | 'mailer' | 'findTxt'> = {},
): Promise<House> {
  const folder = environment['LATCHKEY_DATA']
  const { address, drop } = await emptyDatabase(folder === undefined ? undefined : join(folder, 'latchkey.db'))
  let time = START
  const now = () => time
  const encryptionKey = randomBytes(32)
  const encryption = encryptionWith(encryptionKey, 'messenger-secrets')
  const db = openDatabase(address)
  await migrate(db, databaseKind(address))
  const config = readConfig({ LATCHKEY_TEAM_URL: 'https://latchkey.test', LATCHKEY_LOG: 'silent', ...environment })
  const open = (db: Db) => createApp({ db, config, encryptionKey, now, findTxt: async () => [], ...outside })
  const app = await open(db)
  const tenants = { acme: await openTenant(db, encryption, 'Acme'), globex: await openTenant(db, encryption, 'Globex') }
  await app.ready()
  const jwt = (person: object, tenant = tenants.acme) => signJwt({ exp: Math.floor(time / 1000) + 120, ...person }, tenant.secret)
  const browser = (tenant = tenants.acme) => openBrowser(app, tenant, (person) => jwt(person, tenant))
  return {
    app,
    db,
    address,
    encryption,
    acme: tenants.acme.workspace,
    globex: tenants.globex.workspace,
    tenants,
    now,
    jwt,
    browser,
    pass: (milliseconds) => void (time += milliseconds),
    get: (path, options) => browser().get(path, options),
    post: (path, body, options) => browser().post(path, body, options),
    async change(settings, tenant = tenants.acme) {
      await changeWorkspace(db, tenant.workspace, settings)
      time += 1001
    },
    async openNode() {
      const db = openDatabase(address)
      const app = await open(db)
      return {
        browser: ({ cookies }) => openBrowser(app, tenants.acme, jwt, cookies),
        async close() {
          await app.close()
          await db.destroy()
        },
      }
    },
    async close() {
      await app.close()
      await db.destroy()
      await drop()
    },
  }
}

async function openTenant(db: Db, encryption: Encryption, name: string): Promise<Tenant> {
  const word = name.toLowerCase()
  await createWorkspace(db, name, { now: START, appId: word })
  const workspace = await getWorkspace(db, word)
  const host = await addHost(db, workspace, `https://help.${word}.test`, START)
  await addOrigin(db, workspace, `https://app.${word}.test`, START)
  const { row, secret } = await createSecret(db, encryption, workspace, { name: 'first', now: START })
  return { workspace, host, help: `https://help.${word}.test`, app: `https://app.${word}.test`, kid: row.kid, secret }
}

function openBrowser(app: App, tenant: Tenant, sign: (person: object) => string, cookies = new Map<string, string>()): Browser {
  const ask = async (method: 'GET' | 'POST' | 'PUT', url: string, { body, origin, headers, form }: Asking & { body?: object | string }) => {
    const secret = cookies.get('__Host-latchkey')
    // A person's form carries the hidden fields that its page had.
    const hidden = {
      ...(secret !== undefined && { form_token: formTokenFor(hashOf(secret)) }),
      ...(url === '/login/continue' && { login: hashOf(cookies.get('__Host-latchkey-continue') ?? '') }),
    }
    const fields = form && typeof body === 'object' ? { ...hidden, ...body } : body
    const sent = origin === undefined ? (method === 'GET' ? null : tenant.app) : origin
    const response = await app.inject({
      method,
      url,
      headers: {
        host: new URL(tenant.help).host,
        ...(sent !== null && { origin: sent }),
        ...(cookies.size > 0 && { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
      ...(fields !== undefined && {
        payload: form && typeof fields === 'object' ? new URLSearchParams(Object.entries(fields)).toString() : fields,
      }),
    })
    for (const line of [response.headers['set-cookie'] ?? []].flat()) keepCookie(cookies, line)
    return response
  }
  return {
    cookies,
    get: (path, options = {}) => ask('GET', path, options),
    post: (path, body, options = {}) => ask('POST', path, { ...options, body }),
    put: (path, body, options = {}) => ask('PUT', path, { ...options, body }),
    boot(person, body = {}) {
      const token = typeof person === 'object' ? sign(person) : person
      return ask('POST', '/messenger/boot', {
        body: { app_id: tenant.workspace.app_id, ...(token !== undefined && { intercom_user_jwt: token }), ...body },
      })
    },
    shutdown: () =>
      ask('POST', '/messenger/shutdown', {
        body: JSON.stringify({ app_id: tenant.workspace.app_id }),
        headers: { 'content-type': 'text/plain' },
      }),
  }
}

/** Where an answer leads, without its query; undefined if nowhere. */
export function pathLedTo({ headers: { location } }: LightMyRequestResponse): string | undefined {
  return location === undefined ? undefined : String(location).split('?', 1)[0]
}

function keepCookie(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
  const name = pair.slice(0, pair.indexOf('='))
  if (attributes.includes('Max-Age=0')) cookies.delete(name)
  else cookies.set(name, pair.slice(name.length + 1))
}
