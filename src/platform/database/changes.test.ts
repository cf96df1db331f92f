import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Instant } from '#db/columns.ts'
import { unnoticed } from '#platform/database/changes.ts'
import { atomically, databaseKind, openDatabase, versionOf, type Db } from '#platform/database/database.ts'
import { migrate } from '#platform/database/migrate.ts'
import { emptyDatabase } from '#test/empty-database.ts'

let db: Db
let other: Db
let close: () => Promise<void>
before(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-changes-'))
  const { address, drop } = await emptyDatabase(join(folder, 'latchkey.db'))
  db = openDatabase(address)
  await migrate(db, databaseKind(address))
  other = openDatabase(address)
  close = async () => {
    await db.destroy()
    await other.destroy()
    await drop()
    rmSync(folder, { recursive: true, force: true })
  }
})
after(() => close())

const add = (on: Db, code: string) =>
  on
    .insertInto('used_tokens')
    .values({ workspace_id: 1 as never, replay_key: code, expires_at: 0 as Instant })
    .execute()
const change = (on: Db) => on.updateTable('used_tokens').set({ expires_at: 1 }).where('replay_key', '=', 'a')
const remove = (on: Db, code: string) => on.deleteFrom('used_tokens').where('replay_key', '=', code).execute()
/** Whose version was another one after the write, beside what is forgotten as time goes by. */
async function noticed(write: () => Promise<unknown>): Promise<string[]> {
  const watched = ['used_tokens', '+used_tokens', 'sessions', '+sessions']
  const own = (name: string) => versionOf(db, [name]) - versionOf(db, [])
  const before = watched.map(own)
  await write()
  return watched.filter((name, index) => own(name) !== before[index])
}

test('what is written through a database is noticed at once, by table and by whether rows came or changed', async () => {
  await sql`insert into workspaces (id, app_id, name, created_at) values (1, 'acme', 'Acme', 0)`.execute(db)
  assert.deepEqual(await noticed(() => add(db, 'a')), ['+used_tokens'])
  assert.deepEqual(await noticed(() => change(db).execute()), ['used_tokens'])
  assert.deepEqual(await noticed(() => atomically(db, (db) => change(db).execute())), ['used_tokens'])
  assert.deepEqual(await noticed(() => remove(db, 'a')), ['used_tokens'])
})

test('raw SQL that may write changes everything', async () => {
  const before = versionOf(db, [])
  await sql`delete from used_tokens`.execute(db)
  assert.notEqual(versionOf(db, []), before)
})

test('what says that it changes no answer is not noticed, nor is a read, nor what meets no row', async () => {
  await add(db, 'a')
  assert.deepEqual(await noticed(() => change(db).modifyEnd(unnoticed).execute()), [])
  assert.deepEqual(await noticed(() => db.selectFrom('used_tokens').selectAll().execute()), [])
  assert.deepEqual(await noticed(() => remove(db, 'nobody')), [])
})

test('a transaction is noticed when it is committed, not before', async () => {
  const during = await noticed(() =>
    atomically(db, async (inner) => {
      const seen = await noticed(() => change(inner).execute())
      assert.deepEqual(seen, [])
    }),
  )
  assert.deepEqual(during, ['used_tokens'])
})

test('what another process writes is noticed within a second', async () => {
  const before = versionOf(db, ['+used_tokens'])
  await add(other, 'b')
  const noticedIt = async () => {
    for (let looks = 0; looks < 200; looks++) {
      if (versionOf(db, ['+used_tokens']) !== before) return true
      await sleep(20)
    }
    return false
  }
  assert.equal(await noticedIt(), true)
})

test('inside a transaction nothing may be kept', async () => {
  await atomically(db, async (db) => assert.ok(Number.isNaN(versionOf(db, ['sessions']))))
})
