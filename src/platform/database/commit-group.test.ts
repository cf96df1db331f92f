import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import { losable } from '#platform/database/changes.ts'
import { atomically, openDatabase, type Db } from '#platform/database/database.ts'

let folder: string
let file: string
let db: Db
let other: Db
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-group-'))
  file = join(folder, 'latchkey.db')
  db = openDatabase(file)
  await sql`create table notes (id integer primary key, text text not null unique)`.execute(db)
  other = openDatabase(file)
})
afterEach(async () => {
  await db.destroy()
  await other.destroy()
  rmSync(folder, { recursive: true, force: true })
})

const write = (on: Db, text: string) => sql`insert into notes (text) values (${text})`.execute(on)
const notes = async (on: Db) => (await sql<{ text: string }>`select text from notes order by text`.execute(on)).rows.map(({ text }) => text)
const many = Array.from({ length: 30 }, (_, index) => index)

test('transactions that are queued together are on disk together when the first of them is acknowledged', async () => {
  const seen: number[] = []
  await Promise.all(
    many.map(async (index) => {
      await atomically(db, (db) => write(db, `a${index}`))
      seen.push((await notes(other)).length)
    }),
  )
  assert.deepEqual(
    seen,
    Array.from(many, () => many.length),
  )
})

/** SQLite's words: at 2 a commit waits for the disk, at 1 it does not. */
async function synchronous(): Promise<unknown> {
  const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(db)
  return rows[0]?.synchronous
}
const writeLosable = (text: string) => sql`insert into notes (text) values (${text}) ${losable}`.execute(db)

test('what may be lost does not wait for the disk, and is there for everybody', async () => {
  await writeLosable('a')
  assert.equal(await synchronous(), 1)
  assert.deepEqual(await notes(other), ['a'])
})

test('what must be durable waits for the disk, whatever is written along with it', async () => {
  await Promise.all([writeLosable('a'), atomically(db, (db) => write(db, 'b')), writeLosable('c')])
  assert.equal(await synchronous(), 2)
  await Promise.all([writeLosable('d'), write(db, 'e')])
  assert.equal(await synchronous(), 2)
  assert.deepEqual(await notes(other), ['a', 'b', 'c', 'd', 'e'])
})

test('two who write to one file at once wait for each other without holding up anybody', async () => {
  await Promise.all(many.map((index) => write(index % 2 === 0 ? db : other, `w${index}`)))
  await Promise.all(many.map((index) => atomically(index % 2 === 0 ? db : other, (db) => write(db, `t${index}`))))
  assert.equal((await notes(db)).length, 2 * many.length)
})

test('a transaction that fails is undone alone: the others of its group stay', async () => {
  const results = await Promise.allSettled(
    many.map((index) =>
      atomically(db, async (db) => {
        await write(db, `a${index}`)
        await write(db, `b${index}`)
        if (index % 3 === 0) throw new Error('no')
        if (index % 3 === 1) await write(db, `a${index}`)
      }),
    ),
  )
  assert.deepEqual(
    results.map(({ status }) => status),
    many.map((index) => (index % 3 === 2 ? 'fulfilled' : 'rejected')),
  )
  const kept = many.flatMap((index) => (index % 3 === 2 ? [`a${index}`, `b${index}`] : []))
  assert.deepEqual(await notes(other), kept.toSorted())
})

test('a single write that fails leaves its group as it was', async () => {
  const results = await Promise.allSettled(['one', 'one', 'two', 'one', 'three'].map((text) => write(db, text)))
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled'],
  )
  assert.deepEqual(await notes(other), ['one', 'three', 'two'])
})

test('nobody reads what is not on disk yet', async () => {
  const seen: string[][] = []
  await atomically(db, async (inner) => {
    await write(inner, 'open')
    seen.push(await notes(inner), await notes(other))
  })
  assert.deepEqual(seen, [['open'], []])
  assert.deepEqual(await notes(db), ['open'])
})

test('where the commit itself is refused, each of the group is refused, nothing is left, and the next one works', async () => {
  await sql`create table replies (note integer references notes (id) deferrable initially deferred)`.execute(db)
  const results = await Promise.allSettled([
    atomically(db, (db) => write(db, 'before')),
    atomically(db, (db) => sql`insert into replies (note) values (4711)`.execute(db)),
    write(db, 'after'),
  ])
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected'],
  )
  assert.deepEqual(await notes(db), [])
  await atomically(db, (db) => write(db, 'next'))
  assert.deepEqual(await notes(other), ['next'])
})

test('what waits for the disk when the database closes is on disk', async () => {
  const last = write(db, 'last')
  await sql`select 1`.execute(db)
  await db.destroy()
  await last
  assert.deepEqual(await notes(other), ['last'])
})

test('what was acknowledged to any of many writers survives kill -9, numbered without gaps', async () => {
  await sql`create table counters (name text primary key, last integer not null)`.execute(db)
  await sql`create table parts (counter text not null, sequence integer not null, primary key (counter, sequence))`.execute(db)
  for (let round = 0; round < 5; round++) {
    const acknowledged = await writeUntilKilled(300 + round * 40)
    assert.ok(acknowledged.length > 0)
    const { rows } = await sql<{ counter: string; sequence: number }>`select counter, sequence from parts`.execute(other)
    const stored = new Set(rows.map(({ counter, sequence }) => `${counter} ${sequence}`))
    assert.deepEqual(
      acknowledged.filter((part) => !stored.has(part)),
      [],
    )
    const { rows: counters } = await sql<{ name: string; last: number; count: number; highest: number }>`
      select name, last, (select count(*) from parts where counter = name) as count,
      (select max(sequence) from parts where counter = name) as highest from counters`.execute(other)
    for (const { name, last, count, highest } of counters) assert.deepEqual([name, count, highest], [name, last, last])
  }
})

/** Twenty writers on four counters; some of their transactions fail half way. Answers what they were told is kept. */
async function writeUntilKilled(milliseconds: number): Promise<string[]> {
  const script = `import { writeSync } from 'node:fs'
import { sql } from 'kysely'
import { atomically, openDatabase } from ${JSON.stringify(new URL('./database.ts', import.meta.url).href)}
const db = openDatabase(${JSON.stringify(file)})
async function write(counter) {
  for (let turn = 0; ; turn++) {
    try {
      const sequence = await atomically(db, async (db) => {
        const { rows: [row] } = await sql\`insert into counters (name, last) values (\${counter}, 1)
          on conflict (name) do update set last = last + 1 returning last\`.execute(db)
        await sql\`insert into parts (counter, sequence) values (\${counter}, \${row.last})\`.execute(db)
        if (turn % 7 === 3) throw new Error('on purpose')
        return row.last
      })
      writeSync(1, counter + ' ' + sequence + '\\n')
    } catch (error) {
      if (error.message !== 'on purpose') throw error
    }
  }
}
for (let writer = 0; writer < 20; writer++) void write('c' + (writer % 4))`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  child.stdout.on('data', (chunk) => (out += String(chunk)))
  const gone = once(child, 'close')
  await once(child.stdout, 'data')
  setTimeout(() => child.kill('SIGKILL'), milliseconds)
  await gone
  return out.slice(0, out.lastIndexOf('\n')).split('\n')
}
