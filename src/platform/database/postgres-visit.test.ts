import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { emptyDatabase } from '#test/empty-database.ts'
import { atomically, openDatabase, versionOf, type Db } from './database.ts'
import { last, unread } from './packet.ts'

let db: Db
let other: Db
let close: () => Promise<void>
before(async () => {
  const { address, drop } = await emptyDatabase()
  db = openDatabase(address)
  other = openDatabase(address)
  close = async () => {
    await db.destroy()
    await other.destroy()
    await drop()
  }
  if (isPostgres) await sql`create table notes (id integer primary key)`.execute(db)
})
after(() => close())

const isPostgres = process.env['LATCHKEY_TEST_DATABASE'] === 'postgres'
/** SQLite sends nothing. */
function onPostgres(title: string, run: () => Promise<void>) {
  if (isPostgres) test(title, run)
}

const write = (db: Db, id: number, marker = sql``) => sql`insert into notes (id) values (${id}::int) ${marker}`.execute(db)
const noted = async (from: number) =>
  (await sql<{ id: number }>`select id from notes where id >= ${from}::int and id < ${from + 10}::int order by id`.execute(other)).rows.map(
    ({ id }) => id,
  )

onPostgres('the last statement is committed when it is answered, with what waited to be sent', async () => {
  await atomically(db, async (db) => {
    await write(db, 10, unread)
    assert.deepEqual(await noted(10), [])
    await write(db, 11, last)
    assert.deepEqual(await noted(10), [10, 11])
  })
  assert.deepEqual(await noted(10), [10, 11])
})

onPostgres('after it nothing more is taken', async () => {
  const late = atomically(db, async (db) => {
    await write(db, 20, last)
    await write(db, 21)
  })
  await assert.rejects(late, /committed with the statement before/)
  assert.deepEqual(await noted(20), [20])
  await write(db, 22)
})

onPostgres('where what waited fails, nothing is written, that failure is told, and the connection goes on', async () => {
  for (let time = 0; time < 12; time++) {
    const failing = atomically(db, async (db) => {
      await write(db, 30, unread)
      await write(db, 30, unread)
      await write(db, 31, last)
    })
    await assert.rejects(failing, { code: '23505' })
  }
  assert.deepEqual(await noted(30), [])
  await atomically(db, (db) => write(db, 32))
  assert.deepEqual(await noted(30), [32])
})

onPostgres('what waited counts as a change when it is committed', async () => {
  const before = versionOf(db, ['anything'])
  await atomically(db, async (db) => {
    await write(db, 40, unread)
    await sql`select 1 ${last}`.execute(db)
  })
  assert.notEqual(versionOf(db, ['anything']), before)
})
