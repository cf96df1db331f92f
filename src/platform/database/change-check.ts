import { sql } from 'kysely'
import type { Db, DatabaseKind } from './database.ts'

/** `{{check}} TABLE NAME: check (old) becomes check (new)`, a statement of its own in a migration. */
const CHANGE = /^\{\{check\}\} (\w+) (\w+): (check \(.+\)) becomes (check \(.+\))$/

/** Changes a table's check, if the statement says so: PostgreSQL knows it by its name, SQLite by its text. */
export async function changeCheck(db: Db, kind: DatabaseKind, statement: string): Promise<boolean> {
  const [, table = '', name = '', before = '', after = ''] = CHANGE.exec(statement.replaceAll(/^--.*\n/gm, '').trim()) ?? []
  if (table === '') return false
  if (kind === 'postgres') await sql.raw(`alter table ${table} drop constraint ${name}, add constraint ${name} ${after}`).execute(db)
  else await remakeTable(db, table, { before, after })
  return true
}

/** https://sqlite.org/lang_altertable.html#otheralter: made anew under another name, filled, and renamed; its indexes come along. */
async function remakeTable(db: Db, table: string, { before, after }: { before: string; after: string }): Promise<void> {
  const { rows } = await sql<{ type: string; sql: string }>`
    select type, sql from sqlite_master where tbl_name = ${table} and sql is not null order by rowid`.execute(db)
  const made = rows.find(({ type }) => type === 'table')?.sql ?? ''
  if (made.split(before).length !== 2) throw new Error(`The table ${table} has no, or more than one, ${before}`)
  const remade = `${table}_remade`
  await sql.raw(made.replace(before, () => after).replace(/^create table "?\w+"?/i, `create table ${remade}`)).execute(db)
  await sql.raw(`insert into ${remade} select * from ${table}`).execute(db)
  await sql.raw(`drop table ${table}`).execute(db)
  await sql.raw(`alter table ${remade} rename to ${table}`).execute(db)
  for (const index of rows.filter(({ type }) => type === 'index')) await sql.raw(index.sql).execute(db)
}
