import { readFileSync, writeFileSync } from 'node:fs'
import { sql } from 'kysely'
import { openDatabase } from '#platform/database/database.ts'
import { migrate } from '#platform/database/migrate.ts'

const FILE = new URL('../db/schema.sql', import.meta.url)

// Writes what the migrations make, on SQLite, to db/schema.sql; with --check it only says whether the file is up to date.
const schema = await readSchema()
if (!process.argv.includes('--check')) writeFileSync(FILE, schema)
else if (readFileSync(FILE, { encoding: 'utf8', flag: 'a+' }) !== schema) {
  console.error('db/schema.sql is not what the migrations make. Write it anew: node bin/schema.ts')
  process.exitCode = 1
}

async function readSchema(): Promise<string> {
  const db = openDatabase(':memory:')
  await migrate(db, 'sqlite')
  const { rows } = await sql<{
    sql: string
  }>`select sql from sqlite_master where sql is not null and name not like 'sqlite_%' order by rowid`.execute(db)
  await db.destroy()
  return `-- Made by bin/schema.ts from db/migrations/; do not edit.\n${rows.map((row) => `${row.sql};\n`).join('\n')}`
}
