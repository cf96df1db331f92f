import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { emptyDatabase } from '#test/empty-database.ts'
import { changeCheck } from './change-check.ts'
import { atomically, openDatabase, type Db } from './database.ts'

let db: Db
let kind: 'sqlite' | 'postgres'
let drop: () => Promise<void>
const run = (text: string) => sql.raw<{ name: string }>(text).execute(db)
const plants = async () => (await run('select name from plants order by name')).rows.map(({ name }) => name)
before(async () => {
  const empty = await emptyDatabase()
  ;({ kind, drop } = empty)
  db = openDatabase(empty.address)
  await run(`create table pots (id bigint primary key, colour text check (colour in ('red', 'green')), lid bigint, check (lid <> id))`)
  await run('create unique index pots_by_colour on pots (colour)')
  await run('create table plants (name text primary key, pot_id bigint not null references pots (id) on delete cascade)')
  await run(`insert into pots values (1, 'red', null), (2, 'green', 1)`)
  await run(`insert into plants values ('fern', 1), ('moss', 2)`)
  await change(
    `-- why\n{{check}} pots pots_colour_check: check (colour in ('red', 'green')) becomes check (colour in ('red', 'blue', 'green'))`,
  )
  await change(`{{check}} pots pots_check: check (lid <> id) becomes check (lid > 0)`)
})
after(async () => {
  await db.destroy()
  await drop()
})

async function change(statement: string): Promise<boolean> {
  if (kind === 'sqlite') await run('pragma foreign_keys = off')
  const changed = await atomically(db, (db) => changeCheck(db, kind, statement))
  if (kind === 'sqlite') await run('pragma foreign_keys = on')
  return changed
}

test('what the new check allows is taken, what it does not is refused', async () => {
  await run(`insert into pots values (3, 'blue', 3)`)
  await assert.rejects(run(`insert into pots values (4, 'black', 3)`), /check/i)
  await assert.rejects(run(`insert into pots values (4, null, 0)`), /check/i)
})

test('rows, indexes and whoever refers to the table are as before', async () => {
  await assert.rejects(run(`insert into pots values (5, 'red', null)`), /unique/i)
  await assert.rejects(run(`insert into plants values ('ivy', 99)`), /foreign key/i)
  assert.deepEqual(await plants(), ['fern', 'moss'])
  await run('delete from pots where id = 1')
  assert.deepEqual(await plants(), ['moss'])
})

test('a check that is not there is not passed over in silence', async () => {
  await assert.rejects(change('{{check}} pots pots_size_check: check (size > 1) becomes check (size > 2)'))
  assert.equal(await change('select 1'), false)
})
