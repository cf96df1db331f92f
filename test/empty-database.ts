import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { databaseKind, type DatabaseKind } from '#platform/database/database.ts'

export interface EmptyDatabase {
  address: string
  kind: DatabaseKind
  drop(): Promise<void>
}

/** Of the kind that LATCHKEY_TEST_DATABASE names; `file` is where it is on SQLite. */
export async function emptyDatabase(file = ':memory:'): Promise<EmptyDatabase> {
  if (process.env['LATCHKEY_TEST_DATABASE'] !== 'postgres') return { address: file, kind: 'sqlite', drop: async () => {} }
  const server = process.env['LATCHKEY_TEST_POSTGRES_URL']
  if (!server) throw new Error('LATCHKEY_TEST_POSTGRES_URL is not set; run the suite with: npm test')
  const name = `house_${randomBytes(6).toString('hex')}`
  await runOnServer(server, `create database ${name}`)
  const address = new URL(server)
  address.pathname = `/${name}`
  return {
    address: address.href,
    kind: databaseKind(address.href),
    drop: () => runOnServer(server, `drop database if exists ${name} with (force)`),
  }
}

async function runOnServer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}
