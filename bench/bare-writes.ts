import { DatabaseSync, type StatementSync } from 'node:sqlite'
import pg from 'pg'
import { databaseKind } from '#platform/database/database.ts'
import { CONNECTIONS, summarise, type Run } from './load.ts'

/** Portable SQL with `?` for its values and nowhere else. */
export interface Statement {
  sql: string
  values: (string | number | null)[]
}

/** The yardstick for writes: prepared statements on the bare driver, each transaction durable before the next of its connection begins. */
export function writeBare(address: string, transaction: () => Statement[]): Run {
  return (seconds) =>
    databaseKind(address) === 'postgres' ? writePostgres(address, transaction, seconds) : writeSqlite(address, transaction, seconds)
}

async function writeSqlite(file: string, transaction: () => Statement[], seconds: number) {
  const database = new DatabaseSync(file)
  database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma busy_timeout = 5000')
  const prepared = new Map<string, StatementSync>()
  const latencies: number[] = []
  const started = performance.now()
  while (performance.now() - started < seconds * 1000) {
    const statements = transaction()
    const begun = performance.now()
    database.exec('begin immediate')
    for (const { sql, values } of statements) {
      const statement = prepared.get(sql) ?? database.prepare(sql)
      prepared.set(sql, statement)
      statement.run(...values)
    }
    database.exec('commit')
    latencies.push(performance.now() - begun)
  }
  const load = summarise(latencies, (performance.now() - started) / 1000)
  database.close()
  return load
}

async function writePostgres(url: string, transaction: () => Statement[], seconds: number) {
  const latencies: number[] = []
  const clients = Array.from({ length: CONNECTIONS }, () => new pg.Client({ connectionString: url }))
  await Promise.all(clients.map((client) => client.connect()))
  const started = performance.now()
  const write = async (client: pg.Client) => {
    while (performance.now() - started < seconds * 1000) {
      const statements = transaction()
      const begun = performance.now()
      await client.query('begin')
      for (const { sql, values } of statements) await client.query({ ...preparedOf(sql), values })
      await client.query('commit')
      latencies.push(performance.now() - begun)
    }
  }
  try {
    await Promise.all(clients.map(write))
    return summarise(latencies, (performance.now() - started) / 1000)
  } finally {
    await Promise.all(clients.map((client) => client.end()))
  }
}

const names = new Map<string, { name: string; text: string }>()

function preparedOf(sql: string) {
  let place = 0
  const known = names.get(sql) ?? { name: `bare_${names.size}`, text: sql.replaceAll('?', () => `$${++place}`) }
  names.set(sql, known)
  return known
}
