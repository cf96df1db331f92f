import pg from 'pg'
import { PostgresDialect, PostgresDriver, type Dialect, type PostgresDialectConfig } from 'kysely'
import { refuseInsideTransaction } from './transaction-guard.ts'

const INT8 = 20

/** PostgreSQL 14 or later. int8 is read as a number: ids and times stay below 2^53. */
export function postgresDialect(url: string): Dialect {
  pg.types.setTypeParser(INT8, Number)
  const pool = new pg.Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 10_000 })
  // An idle connection that the server closed is replaced at the next query; unheard, its error would end the process.
  pool.on('error', () => {})
  const config: PostgresDialectConfig = { pool }
  const dialect = new PostgresDialect(config)
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => new GuardedPostgresDriver(config),
  }
}

class GuardedPostgresDriver extends PostgresDriver {
  override async acquireConnection() {
    refuseInsideTransaction(this)
    return super.acquireConnection()
  }
}
