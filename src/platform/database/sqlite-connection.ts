import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { CompiledQuery, QueryResult } from 'kysely'

const KEPT_STATEMENTS = 500

interface Prepared {
  statement: StatementSync
  answersRows: boolean
}

/** One open file with its prepared statements; it answers at once. */
export class SqliteConnection {
  #database: DatabaseSync
  #statements = new Map<string, Prepared>()

  constructor(file: string, options: { readOnly?: boolean } = {}) {
    this.#database = new DatabaseSync(file, options)
  }

  get isInTransaction(): boolean {
    return this.#database.isTransaction
  }

  execute<R>({ sql, parameters }: CompiledQuery): QueryResult<R> {
    const { statement, answersRows } = this.#prepare(sql)
    // Kysely hands over what the typed query bound: text, numbers, null.
    const values = parameters as readonly SQLInputValue[]
    if (answersRows) return { rows: statement.all(...values) as R[] }
    const { changes } = statement.run(...values)
    return { rows: [], numAffectedRows: BigInt(changes) }
  }

  run(sql: string): void {
    this.#prepare(sql).statement.run()
  }

  /** The first value of the first row. */
  get(sql: string): unknown {
    return Object.values(this.#prepare(sql).statement.get() ?? {})[0]
  }

  /** Several statements at once; none is kept. */
  exec(sql: string): void {
    this.#database.exec(sql)
  }

  close(): void {
    this.#statements.clear()
    this.#database.close()
  }

  #prepare(sql: string): Prepared {
    const known = this.#statements.get(sql)
    if (known) return known
    const statement = this.#database.prepare(sql)
    // Asked once: reading the columns costs more than a point read.
    const prepared = { statement, answersRows: statement.columns().length > 0 }
    if (this.#statements.size >= KEPT_STATEMENTS) this.#statements.clear()
    this.#statements.set(sql, prepared)
    return prepared
  }
}
