import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import {
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely'
import { refuseInsideTransaction } from './transaction-guard.ts'

/** SQLite through `node:sqlite`: WAL, every commit on disk before it is acknowledged. */
export function sqliteDialect(file: string): Dialect {
  return {
    createAdapter: () => new QueueingSqliteAdapter(),
    createDriver: () => new SqliteDriver(file),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

/** The driver below queues by itself: Kysely's own lock would let a query inside a transaction wait for ever before it can be refused. */
class QueueingSqliteAdapter extends SqliteAdapter {
  override get supportsMultipleConnections() {
    return true
  }
}

class SqliteDriver implements Driver {
  #file: string
  #connection: SqliteConnection | undefined
  #queue: Promise<void> = Promise.resolve()
  #release: (() => void) | undefined

  constructor(file: string) {
    this.#file = file
  }

  async init() {
    if (this.#file !== ':memory:') mkdirSync(dirname(this.#file), { recursive: true })
    const database = new DatabaseSync(this.#file)
    // The patience first: of two processes that start at once, one has to wait for the other's change of the journal.
    database.exec('pragma busy_timeout = 5000; pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on')
    this.#connection = new SqliteConnection(database)
  }

  /** One connection: who comes while a transaction is open waits until it has ended. */
  async acquireConnection() {
    refuseInsideTransaction(this)
    const before = this.#queue
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#queue = promise
    await before
    this.#release = resolve
    if (!this.#connection) throw new Error('The database is closed.')
    return this.#connection
  }

  async releaseConnection() {
    this.#release?.()
  }

  beginTransaction = async () => this.#connection?.exec('begin immediate')
  commitTransaction = async () => this.#connection?.exec('commit')
  rollbackTransaction = async () => this.#connection?.exec('rollback')

  async destroy() {
    this.#connection?.close()
    this.#connection = undefined
  }
}

interface Prepared {
  statement: StatementSync
  answersRows: boolean
}

class SqliteConnection implements DatabaseConnection {
  #database: DatabaseSync
  #statements = new Map<string, Prepared>()

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { statement, answersRows } = this.#prepare(sql)
    // Kysely hands over what the typed query bound: text, numbers, null.
    const values = parameters as readonly SQLInputValue[]
    if (answersRows) return { rows: statement.all(...values) as R[] }
    const { changes } = statement.run(...values)
    return { rows: [], numAffectedRows: BigInt(changes) }
  }

  // eslint-disable-next-line require-yield
  async *streamQuery(): AsyncGenerator<never> {
    throw new Error('SQLite answers at once; there is nothing to stream.')
  }

  exec(sql: string) {
    this.#database.exec(sql)
  }

  close() {
    this.#statements.clear()
    this.#database.close()
  }

  #prepare(sql: string) {
    const known = this.#statements.get(sql)
    if (known) return known
    const statement = this.#database.prepare(sql)
    // Asked once: reading the columns costs more than a point read.
    const prepared = { statement, answersRows: statement.columns().length > 0 }
    if (this.#statements.size >= 500) this.#statements.clear()
    this.#statements.set(sql, prepared)
    return prepared
  }
}
