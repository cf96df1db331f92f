import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type QueryResult,
} from 'kysely'
import { Changes, changesBy, isLosable, type Change, type WatchedDialect, type WatchedDriver } from './changes.ts'
import { CommitGroup } from './commit-group.ts'
import { SqliteConnection } from './sqlite-connection.ts'
import { refuseInsideTransaction } from './transaction-guard.ts'

/** What another process has written is noticed within this time. */
const LOOK_MS = 100

/** SQLite through `node:sqlite`: WAL, every commit on disk before it is acknowledged, but for what says that it may be lost. */
export function sqliteDialect(file: string): WatchedDialect {
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

interface Opened {
  writer: SqliteConnection
  reader: SqliteConnection
  group: CommitGroup
  changes: Changes
}

/** Writes and transactions take turns on one connection and share its commits; reads have another, which sees what is on disk. */
class SqliteDriver implements WatchedDriver {
  #file: string
  #open: Opened | undefined
  #lookedAt = -Infinity
  #seenElsewhere: unknown

  constructor(file: string) {
    this.#file = file
  }

  async init() {
    const isInMemory = this.#file === ':memory:'
    if (!isInMemory) mkdirSync(dirname(this.#file), { recursive: true })
    const writer = new SqliteConnection(this.#file)
    // The patience first: of two processes that start at once, one has to wait for the other's change of the journal.
    writer.exec('pragma busy_timeout = 5000; pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on')
    // From here on `CommitGroup` has the patience: SQLite's own would hold up the event loop.
    writer.exec('pragma busy_timeout = 0')
    const reader = isInMemory ? writer : new SqliteConnection(this.#file, { readOnly: true })
    reader.exec('pragma busy_timeout = 5000')
    this.#open = { writer, reader, group: new CommitGroup(writer), changes: new Changes() }
  }

  version(changes: readonly Change[]): number {
    if (!this.#open) return Number.NaN
    if (performance.now() - this.#lookedAt >= LOOK_MS) this.#lookElsewhere(this.#open)
    return this.#open.changes.version(changes)
  }

  /** SQLite's own count of what other connections have written; our reader writes nothing. */
  #lookElsewhere({ writer, changes }: Opened) {
    this.#lookedAt = performance.now()
    const seen = writer.get('pragma data_version')
    if (seen !== this.#seenElsewhere) changes.noteEverything()
    this.#seenElsewhere = seen
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
  #open: Opened
  #isInTransaction = false
  #changed: Change[] = []

  constructor(open: Opened) {
    this.#open = open
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { writer, reader, group } = this.#open
    if (this.#isInTransaction) {
      const result = group.run(() => writer.execute<R>(query))
      this.#changed.push(...changesBy(query, result))
      return result
    }
    const { isRead, isSetting } = kindOf(query)
    if (isRead && reader !== writer) return reader.execute(query)
    // In memory there is one connection only: who reads must not see half a transaction.
    return isRead || isSetting ? group.runBetween(() => writer.execute<R>(query)) : this.#write(query)
  }

  // eslint-disable-next-line require-yield
  async *streamQuery(): AsyncGenerator<never> {
    throw new Error('SQLite answers at once; there is nothing to stream.')
  }

  async begin() {
    await this.#open.group.begin()
    this.#isInTransaction = true
  }

  async commit() {
    this.#isInTransaction = false
    await this.#open.group.keep()
    this.#open.changes.note(this.#changed)
  }

  /** After a commit that failed there is nothing left to undo. */
  rollback() {
    if (this.#isInTransaction) this.#open.group.undo()
    this.#isInTransaction = false
  }

  async #write<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { writer, group, changes } = this.#open
    await group.enter(isLosable(query) ? 'losable' : 'durable')
    let result: QueryResult<R>
    try {
      result = group.run(() => writer.execute<R>(query))
    } catch (error) {
      group.abandon()
      throw error
    }
    await group.leave()
    changes.note(changesBy(query, result))
    return result
  }
}

function kindOf({ query, sql }: CompiledQuery): { isRead: boolean; isSetting: boolean } {
  if (query.kind !== 'RawNode') return { isRead: query.kind === 'SelectQueryNode', isSetting: false }
  return { isRead: /^\s*select\b/i.test(sql), isSetting: /^\s*(?:pragma|vacuum)\b/i.test(sql) }
}
