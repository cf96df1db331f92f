import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '#config'
import { isSetUp } from '#domain/installation/first-owner.ts'
import type { App } from '#http/app-types.ts'
import { prune } from '#jobs/prune.ts'
import { databaseKind, openDatabase, type DatabaseKind, type Db } from '#platform/database/database.ts'
import { migrate } from '#platform/database/migrate.ts'
import { newSecret } from '#platform/ids/ids.ts'

const PATIENCE_MS = 25_000
const PRUNE_EVERY_MS = 600_000

export interface Installation {
  db: Db
  kind: DatabaseKind
  encryptionKey: Uint8Array
  /** Names of the migrations that were applied just now. */
  migrated: string[]
}

/** Database and key of this configuration, migrated. The data folder and its key are made at the first start. */
export async function openInstallation(config: Config): Promise<Installation> {
  const encryptionKey = config.encryptionKey ?? keyInFolder(config.dataFolder)
  if (config.databaseUrl === undefined) openFolder(config.dataFolder)
  const address = config.databaseUrl ?? join(config.dataFolder, 'latchkey.db')
  const kind = databaseKind(address)
  const db = openDatabase(address)
  return { db, kind, encryptionKey, migrated: await migrate(db, kind) }
}

export interface RunningServer {
  app: App
  db: Db
  /** Takes no more requests, lets the running ones end, at most 25 seconds. */
  close(): Promise<void>
}

export async function startServer(config: Config): Promise<RunningServer> {
  // Only now: commands that open the installation need none of it.
  const { createApp } = await import('#app')
  const installation = await openInstallation(config)
  const app = await createApp({ ...installation, config })
  await app.listen({ host: config.listen, port: config.port })
  const pruning = setInterval(() => void prune(installation.db, Date.now()).catch(reportTo(app)), PRUNE_EVERY_MS).unref()
  const close = async () => {
    clearInterval(pruning)
    const impatient = setTimeout(() => app.server.closeAllConnections(), PATIENCE_MS)
    await app.close()
    clearTimeout(impatient)
    await installation.db.destroy()
  }
  return { app, db: installation.db, close }
}

function reportTo(app: App) {
  return (error: unknown) =>
    app.log.error({ error: error instanceof Error ? error.stack : typeof error }, 'what ran out could not be forgotten')
}

/** Serves until SIGTERM or SIGINT. */
export async function serve(config: Config): Promise<void> {
  const server = await startServer(config)
  await printSetUpLink(server)
  let leaving = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (leaving) return
      leaving = true
      setTimeout(() => process.exit(1), PATIENCE_MS + 2000).unref()
      void server.close().then(() => process.exit(0))
    })
  }
}

/** To whoever started the server, and to nobody else: until there is an owner. */
async function printSetUpLink({ app, db }: RunningServer): Promise<void> {
  if (!(await isSetUp(db))) console.log(`Make the owner’s account: ${app.config.teamUrl}/setup?code=${app.installationKeys.setUpCode}`)
}

function openFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
}

/** 32 random bytes in base64url, readable by this user alone; of two first starts at once, one writes and both read it. */
function keyInFolder(folder: string): Uint8Array {
  openFolder(folder)
  const file = join(folder, 'encryption.key')
  try {
    writeFileSync(file, `${newSecret()}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url')
  if (key.length < 32)
    throw new Error(`${file} holds no key of 32 bytes. Restore it from a backup: without it the messenger secrets cannot be read.`)
  return key
}
