import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
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
import { CommitGroup } from './commit-group.ts'
import { SqliteConnection } from './sqlite-connection.ts'
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

/** Writes and transactions take turns on one connection and share its commits; reads have another, which sees what is on disk. */
class SqliteDriver implements Driver {
  #file: string
  #open: { writer: SqliteConnection; reader: SqliteConnection; group: CommitGroup } | undefined

  constructor(file: string) {
    this.#file = file
  }

  async init() {
    const isInMemory = this.#file === ':memory:'
    if (!isInMemory) mkdirSync(dirname(this.#file), { recursive: true })
    const writer = new SqliteConnection(this.#file)
    // The patience first: of two processes that start at once, one has to wait for the other's change of the journal.
    writer.exec('pragma busy_timeout = 5000; pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on')
    const reader = isInMemory ? writer : new SqliteConnection(this.#file, { readOnly: true })
    reader.exec('pragma busy_timeout = 5000')
    this.#open = { writer, reader, group: new CommitGroup(writer) }
  }

  async acquireConnection() {
    refuseInsideTransaction(this)
    if (!this.#open) throw new Error('The database is closed.')
    return new SqliteVisit(this.#open)
  }

  async releaseConnection() {}

  // Kysely hands back what acquireConnection made.
  beginTransaction = (visit: DatabaseConnection) => (visit as SqliteVisit).begin()
  commitTransaction = (visit: DatabaseConnection) => (visit as SqliteVisit).commit()
  rollbackTransaction = async (visit: DatabaseConnection) => (visit as SqliteVisit).rollback()

  async destroy() {
    if (!this.#open) return
    const { writer, reader, group } = this.#open
    this.#open = undefined
    await group.takeTurn()
    group.commit()
    if (reader !== writer) reader.close()
    writer.close()
  }
}

/** One caller's use of the driver: a single query, or a transaction. */
class SqliteVisit implements DatabaseConnection {
  #writer: SqliteConnection
  #reader: SqliteConnection
  #group: CommitGroup
  #isInTransaction = false

  constructor({ writer, reader, group }: { writer: SqliteConnection; reader: SqliteConnection; group: CommitGroup }) {
    this.#writer = writer
    this.#reader = reader
    this.#group = group
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#isInTransaction) return this.#group.run(() => this.#writer.execute<R>(query))
    const { isRead, isSetting } = kindOf(query)
    if (isRead && this.#reader !== this.#writer) return this.#reader.execute(query)
    // In memory there is one connection only: who reads must not see half a transaction.
    return isRead || isSetting ? this.#group.runBetween(() => this.#writer.execute<R>(query)) : this.#write(query)
  }

  // eslint-disable-next-line require-yield
  async *streamQuery(): AsyncGenerator<never> {
    throw new Error('SQLite answers at once; there is nothing to stream.')
  }

  async begin() {
    await this.#group.begin()
    this.#isInTransaction = true
  }

  async commit() {
    this.#isInTransaction = false
    await this.#group.keep()
  }

  /** After a commit that failed there is nothing left to undo. */
  rollback() {
    if (this.#isInTransaction) this.#group.undo()
    this.#isInTransaction = false
  }

  async #write<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    await this.#group.enter()
    let result: QueryResult<R>
    try {
      result = this.#group.run(() => this.#writer.execute<R>(query))
    } catch (error) {
      this.#group.abandon()
      throw error
    }
    await this.#group.leave()
    return result
  }
}

function kindOf({ query, sql }: CompiledQuery): { isRead: boolean; isSetting: boolean } {
  if (query.kind !== 'RawNode') return { isRead: query.kind === 'SelectQueryNode', isSetting: false }
  return { isRead: /^\s*select\b/i.test(sql), isSetting: /^\s*(?:pragma|vacuum)\b/i.test(sql) }
}
