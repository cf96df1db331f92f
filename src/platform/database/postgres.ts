import {
  PostgresDialect,
  PostgresDriver,
  type CompiledQuery,
  type PostgresDialectConfig,
  type PostgresPool,
  type TransactionSettings,
} from 'kysely'
import { Changes, changesBy, type Change, type WatchedDialect, type WatchedDriver } from './changes.ts'
import { refuseInsideTransaction } from './transaction-guard.ts'

const INT8 = 20
const FORGET_MS = 1000

/** PostgreSQL 14 or later. int8 is read as a number: ids and times stay below 2^53. */
export function postgresDialect(url: string): WatchedDialect {
  const config: PostgresDialectConfig = { pool: () => openPool(url) }
  const dialect = new PostgresDialect(config)
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => new GuardedPostgresDriver(config),
  }
}

async function openPool(url: string): Promise<PostgresPool> {
  // On SQLite it is never loaded.
  const { default: pg } = await import('pg')
  pg.types.setTypeParser(INT8, Number)
  const pool = new pg.Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 10_000 })
  // An idle connection that the server closed is replaced at the next query; unheard, its error would end the process.
  pool.on('error', () => {})
  return pool
}

type Connection = Parameters<PostgresDriver['releaseConnection']>[0]

/** What was written on a connection and is not yet committed. */
interface Changed {
  isOpen: boolean
  changes: Change[]
}

class GuardedPostgresDriver extends PostgresDriver implements WatchedDriver {
  #changes = new Changes()
  #forgotAt = -Infinity
  #watched = new WeakMap<object, Changed>()

  /** Other nodes say nothing of what they write: what was kept is read again after a second. */
  version(changes: readonly Change[]): number {
    if (performance.now() - this.#forgotAt >= FORGET_MS) {
      this.#forgotAt = performance.now()
      this.#changes.noteEverything()
    }
    return this.#changes.version(changes)
  }

  override async acquireConnection() {
    refuseInsideTransaction(this)
    // What it makes and what it takes is one class, which has no public name.
    const connection = (await super.acquireConnection()) as Connection
    if (!this.#watched.has(connection)) this.#watch(connection)
    return connection
  }

  override async beginTransaction(connection: Connection, settings: TransactionSettings) {
    await super.beginTransaction(connection, settings)
    this.#changedIn(connection).isOpen = true
  }

  override async commitTransaction(connection: Connection) {
    try {
      await super.commitTransaction(connection)
    } finally {
      // Also where the answer is lost: it may have been committed.
      this.#note(this.#changedIn(connection))
    }
  }

  override async rollbackTransaction(connection: Connection) {
    this.#note(this.#changedIn(connection))
    await super.rollbackTransaction(connection)
  }

  #watch(connection: Connection) {
    const changed: Changed = { isOpen: false, changes: [] }
    this.#watched.set(connection, changed)
    const execute = connection.executeQuery.bind(connection)
    connection.executeQuery = async <R>(query: CompiledQuery) => {
      try {
        const result = await execute<R>(query)
        changed.changes.push(...changesBy(query, result))
        return result
      } catch (error) {
        changed.changes.push(...changesBy(query))
        throw error
      } finally {
        if (!changed.isOpen) this.#note(changed)
      }
    }
  }

  #changedIn(connection: Connection): Changed {
    const changed = this.#watched.get(connection)
    if (!changed) throw new Error('A connection is watched from the first time it is used.')
    return changed
  }

  #note(changed: Changed) {
    changed.isOpen = false
    this.#changes.note(changed.changes.splice(0))
  }
}
