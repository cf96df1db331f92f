import type pg from 'pg'
import { PostgresDialect, type DatabaseConnection, type TransactionSettings } from 'kysely'
import { Changes, type Change, type TellHearing, type WatchedDialect, type WatchedDriver } from './changes.ts'
import { PostgresEar } from './postgres-ear.ts'
import { PostgresVisit, type Witness } from './postgres-visit.ts'
import { preparedName } from './prepared.ts'
import { TableGrowth } from './table-growth.ts'
import { refuseInsideTransaction } from './transaction-guard.ts'

const INT8 = 20
/** What somebody changes by hand, with psql, is seen within this time. */
const FORGET_MS = 60_000
/** While other nodes cannot be heard. */
const FORGET_UNHEARD_MS = 1000

/** PostgreSQL 14 or later. int8 is read as a number: ids and times stay below 2^53. */
export function postgresDialect(url: string): WatchedDialect {
  const dialect = new PostgresDialect({ pool: () => openPool(url) })
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => new PostgresPoolDriver(url),
  }
}

async function openPool(url: string): Promise<pg.Pool> {
  // On SQLite it is never loaded.
  const { default: pg } = await import('pg')
  pg.types.setTypeParser(INT8, Number)
  const pool = new pg.Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 10_000, pipeline: true })
  // An idle connection that the server closed is replaced at the next query; unheard, its error would end the process.
  pool.on('error', () => {})
  return pool
}

class PostgresPoolDriver implements WatchedDriver {
  #url: string
  #opened: pg.Pool | undefined
  #changes = new Changes()
  #forgotAt = -Infinity
  #ear: PostgresEar
  #witness: Witness
  #renamed = 0

  constructor(url: string) {
    this.#url = url
    const growth = new TableGrowth((table) => void this.#analyze(table))
    this.#ear = new PostgresEar({
      url,
      send: async (statement) => this.#pool.query(statement),
      hear: (changes) => this.#changes.note(changes),
    })
    this.#witness = {
      nameOf: (query) => (this.#ear.isTrusted ? this.#named(preparedName(query)) : undefined),
      rename: () => void (this.#renamed += 1),
      note: (changes) => this.#changes.note(changes),
      tell: (changes) => this.#ear.saying(changes),
      grew: (changes, rows) => growth.note(changes, rows),
    }
  }

  async init() {
    this.#opened = await openPool(this.#url)
  }

  get #pool(): pg.Pool {
    if (!this.#opened) throw new Error('The database is closed.')
    return this.#opened
  }

  version(changes: readonly Change[]): number {
    if (this.#opened) this.#ear.listen()
    const now = performance.now()
    if (now - this.#forgotAt >= (this.#ear.isTrusted ? FORGET_MS : FORGET_UNHEARD_MS)) {
      this.#forgotAt = now
      this.#changes.noteEverything()
    }
    return this.#changes.version(changes)
  }

  onHearing(tell: TellHearing) {
    this.#ear.onHearing(tell)
  }

  async acquireConnection() {
    refuseInsideTransaction(this)
    return new PostgresVisit(await this.#pool.connect(), this.#witness)
  }

  async releaseConnection(visit: DatabaseConnection) {
    visitOf(visit).release()
  }

  async beginTransaction(visit: DatabaseConnection, settings: TransactionSettings) {
    visitOf(visit).begin(settings)
  }

  commitTransaction = (visit: DatabaseConnection) => visitOf(visit).commit()
  rollbackTransaction = (visit: DatabaseConnection) => visitOf(visit).rollback()

  async destroy() {
    this.#ear.close()
    await this.#opened?.end()
  }

  #named(name: string | undefined): string | undefined {
    return name && `${name}_${this.#renamed}`
  }

  async #analyze(table: string) {
    try {
      await this.#pool.query(`analyze "${table}"`)
    } catch {
      // Whoever may not, or has no connection left, leaves it to autovacuum.
    }
  }
}

/** Kysely hands back what acquireConnection made. */
function visitOf(connection: DatabaseConnection): PostgresVisit {
  return connection as PostgresVisit
}
