import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, test } from 'node:test'
import { sql } from 'kysely'
import { openDatabase, type Db } from '#platform/database/database.ts'
import { migrate } from '#platform/database/migrate.ts'
import { emptyDatabase } from '#test/empty-database.ts'

const all = readdirSync(new URL('../../../db/migrations/', import.meta.url))
  .filter((name) => name.endsWith('.sql'))
  .toSorted()
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

/** A database that several may open: a file, or one of the PostgreSQL server's. */
async function emptyAddress() {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-migrate-'))
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }))
  const { address, kind, drop } = await emptyDatabase(join(folder, 'latchkey.db'))
  cleanups.push(drop)
  return { address, kind }
}

function open(address: string): Db {
  const db = openDatabase(address)
  cleanups.push(() => db.destroy())
  return db
}

async function recorded(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from migrations order by name`.execute(db)
  return rows.map(({ name }) => name)
}

test('every migration is applied once, in order; the next start has nothing to do', async () => {
  const { address, kind } = await emptyAddress()
  const db = open(address)
  assert.deepEqual(await migrate(db, kind), all)
  assert.deepEqual(await migrate(db, kind), [])
  assert.deepEqual(await recorded(db), all)
})

test('two who start at once on an empty database apply each migration once between them', async () => {
  const { address, kind } = await emptyAddress()
  const [one, two] = [open(address), open(address)]
  if (kind === 'postgres') {
    const applied = await Promise.all([migrate(one, kind), migrate(two, kind)])
    assert.deepEqual(applied.flat().toSorted(), all)
  } else {
    assert.deepEqual([...(await migrate(one, kind)), ...(await migrate(two, kind))], all)
  }
  assert.deepEqual(await recorded(two), all)
})

test('processes that start at once on an empty database all come up', async () => {
  const { address, kind } = await emptyAddress()
  const module = (path: string) => JSON.stringify(new URL(path, import.meta.url).href)
  const script = `import { openDatabase } from ${module('./database.ts')}
import { migrate } from ${module('./migrate.ts')}
const db = openDatabase(${JSON.stringify(address)})
console.log(JSON.stringify(await migrate(db, '${kind}')))
await db.destroy()`
  const runs = Array.from({ length: 4 }, async () => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let complaint = ''
    child.stdout.on('data', (chunk) => (out += String(chunk)))
    child.stderr.on('data', (chunk) => (complaint += String(chunk)))
    const [code] = (await once(child, 'close')) as [number]
    assert.equal(code, 0, complaint)
    return JSON.parse(out) as string[]
  })
  assert.deepEqual((await Promise.all(runs)).flat().toSorted(), all)
  assert.deepEqual(await recorded(open(address)), all)
})

test('references are kept: a row cannot point at a workspace that is not there', async () => {
  const { address, kind } = await emptyAddress()
  const db = open(address)
  await migrate(db, kind)
  await assert.rejects(
    sql`insert into origins (workspace_id, origin, created_at) values (4711, 'https://x.test', 0)`.execute(db),
    /foreign key/i,
  )
})
