import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import { atomically, databaseKind, openDatabase, type Db } from '#platform/database/database.ts'
import { emptyDatabase } from '#test/empty-database.ts'

let db: Db
let drop: () => Promise<void>
before(async () => {
  const made = await emptyDatabase()
  drop = made.drop
  db = openDatabase(made.address)
  await sql`create table notes (text text not null)`.execute(db)
})
beforeEach(() => sql`delete from notes`.execute(db))
after(async () => {
  await db.destroy()
  await drop()
})

const write = (on: Db, text: string) => sql`insert into notes (text) values (${text})`.execute(on)
const notes = async () => (await sql<{ text: string }>`select text from notes order by text`.execute(db)).rows.map(({ text }) => text)

test('the address says which database it is', () => {
  for (const address of ['postgres://db/latchkey', 'postgresql://u:p@db:5432/latchkey?ssl=true'])
    assert.equal(databaseKind(address), 'postgres')
  for (const address of [':memory:', 'data/latchkey.db', 'postgres.db', '/var/lib/latchkey/postgres://x'])
    assert.equal(databaseKind(address), 'sqlite')
})

test('a transaction that fails leaves nothing behind, and the next one works', async () => {
  const failing = atomically(db, async (db) => {
    await write(db, 'never')
    throw new Error('no')
  })
  await assert.rejects(failing, /^Error: no$/)
  assert.deepEqual(await notes(), [])
  await atomically(db, (db) => write(db, 'kept'))
  assert.deepEqual(await notes(), ['kept'])
})

test('inside a transaction, one more is the same one', async () => {
  const failing = atomically(db, async (db) => {
    await atomically(db, (db) => write(db, 'inner'))
    throw new Error('no')
  })
  await assert.rejects(failing)
  assert.deepEqual(await notes(), [])
})

test('inside a transaction the outer database refuses at once, also for a transaction of its own, and nothing is kept', async () => {
  for (const misuse of [() => write(db, 'outside'), () => atomically(db, (db) => write(db, 'outside'))]) {
    const misused = atomically(db, async (inner) => {
      await write(inner, 'inside')
      await misuse()
    })
    await assert.rejects(misused, /must go through the transaction/)
  }
  assert.deepEqual(await notes(), [])
  await write(db, 'afterwards')
  assert.deepEqual(await notes(), ['afterwards'])
})

test('inside a transaction another database may be used', async () => {
  const other = openDatabase(':memory:')
  await sql`create table notes (text text)`.execute(other)
  await atomically(db, async (db) => {
    await write(other, 'there')
    await write(db, 'here')
  })
  assert.deepEqual(await notes(), ['here'])
  await other.destroy()
})

test('many at once wait their turn, none sees half a transaction', async () => {
  await write(db, 'start')
  const runs = Array.from({ length: 50 }, async (_, index) => {
    await atomically(db, async (db) => {
      await write(db, `a${index}`)
      await write(db, `b${index}`)
    })
    const seen = await notes()
    assert.equal(seen.filter((text) => text.startsWith('a')).length, seen.filter((text) => text.startsWith('b')).length)
  })
  await Promise.all(runs)
  assert.equal((await notes()).length, 101)
})

test('whole numbers to 2^53 come back as numbers, text as it was', async () => {
  const text = `it's "quoted" \\ 100 % 日本語 👩‍👩‍👧‍👦`
  const { rows } = await sql<{
    text: string
    number: number
  }>`select cast(${text} as text) as text, cast(${Number.MAX_SAFE_INTEGER} as bigint) as number`.execute(db)
  assert.deepEqual({ ...rows[0] }, { text, number: Number.MAX_SAFE_INTEGER })
})
