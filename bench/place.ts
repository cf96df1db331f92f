import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '#config'
import { openInstallation } from '#main'
import { getWorkspace, type Workspace } from '#domain/workspaces/workspaces.ts'
import type { Db } from '#platform/database/database.ts'
import { encryptionWith } from '#platform/encryption/encryption.ts'
import { signJwt } from '#test/cast.ts'
import { buildIfStale } from '#bin/build-if-stale.ts'
import { seedTenant, type Tenant } from '#bin/demo-seed.ts'
import { openAsker, type Answer } from './ask.ts'
import { startBareServer } from './bare-server.ts'
import { startDurablePostgres } from './durable-postgres.ts'
import { CONNECTIONS, type Request } from './load.ts'
import type { Result } from './result.ts'
import { findFreePort, startServerProcess, type ServerProcess } from '#bin/server-process.ts'

export const DATABASES = ['SQLite', 'PostgreSQL'] as const

/** A seeded installation on one database with its server running; `db` is a second way in, beside the server. */
export interface Place {
  database: (typeof DATABASES)[number]
  /** Path of the file, or postgres:// address. */
  address: string
  db: Db
  workspace: Workspace
  tenant: Tenant
  server: ServerProcess
  url: string
  /** Host of the teammates' app and the API. */
  teamHost: string
  /** What a page of the app sends along. */
  headers: Record<string, string>
  ask: (request: Request) => Promise<Answer>
  close: () => Promise<void>
}

/** Measures on one database after the other, each in a folder and with processes of its own. */
export async function onEachDatabase(measure: (place: Place) => Promise<Result[]>): Promise<Result[]> {
  const results: Result[] = []
  for (const database of DATABASES) {
    const place = await openPlace(database)
    try {
      results.push(...(await measure(place)))
    } finally {
      await place.close()
    }
  }
  return results
}

export async function openPlace(database: Place['database']): Promise<Place> {
  buildIfStale()
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'))
  const postgres = database === 'PostgreSQL' ? await startDurablePostgres() : undefined
  const port = await findFreePort()
  const environment = {
    LATCHKEY_DATA: folder,
    PORT: String(port),
    LATCHKEY_LISTEN: '127.0.0.1',
    LATCHKEY_TEAM_URL: `http://latchkey.localhost:${port}`,
    ...(postgres && { DATABASE_URL: postgres.url, LATCHKEY_ENCRYPTION_KEY: randomBytes(32).toString('base64url') }),
  }
  const { db, encryptionKey } = await openInstallation(readConfig(environment))
  const tools = { db, encryption: encryptionWith(encryptionKey, 'messenger-secrets'), now: Date.now() }
  const [help_url, app_url] = [`http://help.acme.localhost:${port}`, `http://app.acme.localhost:${port}`]
  const tenant = await seedTenant(tools, { name: 'Acme', help_url, app_url }, undefined)
  const server = await startServerProcess(environment)
  const url = `http://127.0.0.1:${port}`
  const asker = openAsker(url, CONNECTIONS)
  return {
    database,
    db,
    tenant,
    server,
    url,
    ask: asker.ask,
    address: postgres?.url ?? join(folder, 'latchkey.db'),
    workspace: await getWorkspace(db, tenant.app_id),
    teamHost: `latchkey.localhost:${port}`,
    headers: { host: new URL(help_url).host, origin: app_url },
    async close() {
      asker.close()
      await server.stop()
      await db.destroy()
      await postgres?.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A boot by somebody with this id, as the loader sends it. */
export function bootOf({ tenant, headers }: Place, user_id: string, cookie?: string): Request {
  const exp = Math.floor(Date.now() / 1000) + 3600
  const token = signJwt({ user_id, email: `${user_id}@example.com`, name: `Person ${user_id}`, exp }, tenant.messenger_secret, {
    header: { alg: 'HS256', typ: 'JWT', kid: tenant.kid },
  })
  return {
    ...{
      method: 'POST',
      path: '/messenger/boot',
      headers: { ...headers, 'content-type': 'application/json', ...(cookie !== undefined && { cookie }) },
    },
    body: JSON.stringify({ app_id: tenant.app_id, intercom_user_jwt: token }),
  }
}

export interface Person {
  cookie: string
  /** The very boot that signed them in, with their cookie: it says nothing new. */
  boot: Request
}

/** So many people who are signed in, by the front door. */
export async function signInPeople(place: Place, count: number): Promise<Person[]> {
  const ids = Array.from({ length: count }, (_, index) => `standing-${index}`)
  return Promise.all(
    ids.map(async (id) => {
      const boot = bootOf(place, id)
      const { headers } = await place.ask(boot)
      const cookie = headers['set-cookie']?.[0]?.split(';', 1)[0] ?? ''
      return { cookie, boot: { ...boot, headers: { ...boot.headers, cookie } } }
    }),
  )
}

const PER_CONNECTION = new Set(['connection', 'keep-alive', 'date', 'content-length', 'transfer-encoding'])

/** A bare server that sends what ours answers to this request, byte for byte. */
export async function startTwin(place: Place, request: Request): Promise<{ url: string; stop: () => void }> {
  const { status, headers, body } = await place.ask(request)
  const copied = Object.entries(headers).filter(([name]) => !PER_CONNECTION.has(name))
  return startBareServer({
    status,
    headers: Object.fromEntries(copied.map(([name, value]) => [name, [value ?? ''].flat().join(', ')])),
    body: body.toString('base64'),
  })
}
