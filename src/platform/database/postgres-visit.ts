import type pg from 'pg'
import { sql, type CompiledQuery, type DatabaseConnection, type QueryResult, type TransactionSettings } from 'kysely'
import { changesBy, isTold, type Change } from './changes.ts'

const UNREAD = '/* answers nothing */'

/** At the end of a statement whose answer nobody reads, such as a lock: inside a transaction it is sent along with the next one. */
export const unread = sql.raw(UNREAD)

/** What a visit tells its driver. */
export interface Witness {
  /** By what name a connection may keep this query; undefined where it is no session of its own, whose prepared statements stay. */
  nameOf(query: CompiledQuery): string | undefined
  /** What was prepared so far is not asked by its name any more. */
  rename(): void
  note(changes: readonly Change[]): void
  /** The statement that tells the other nodes. */
  tell(changes: readonly Change[]): string
  grew(changes: readonly Change[], rows: number): void
}

type Statement = pg.QueryConfig | string

/**
 * One caller's use of a connection: a single query, or a transaction. Statements that need not wait for one another travel
 * together (`pipeline`); the server still runs them one by one, in order, and after one that failed none of the transaction.
 */
export class PostgresVisit implements DatabaseConnection {
  #client: pg.PoolClient
  #witness: Witness
  #isInTransaction = false
  #isBegun = false
  #held: Statement[] = []
  #changed: Change[] = []

  constructor(client: pg.PoolClient, witness: Witness) {
    this.#client = client
    this.#witness = witness
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (!this.#isInTransaction) return this.#executeAnew<R>(query)
    const statement = this.#statementOf(query)
    if (query.sql.endsWith(UNREAD)) {
      this.#held.push(statement)
      return { rows: [] }
    }
    return this.#watched<R>(query, () => this.#send([...this.#takeHeld(), statement])).catch((error: unknown) => {
      if (isPlanOutdated(error)) this.#witness.rename()
      throw error
    })
  }

  // eslint-disable-next-line require-yield
  async *streamQuery(): AsyncGenerator<never> {
    throw new Error('Rows are read in pages, not streamed.')
  }

  begin({ isolationLevel }: TransactionSettings): void {
    this.#isInTransaction = true
    this.#held = [isolationLevel ? `begin isolation level ${isolationLevel}` : 'begin']
  }

  async commit(): Promise<void> {
    const told = this.#changed.filter(isTold)
    // Delivered when the transaction is committed, and only then: https://www.postgresql.org/docs/current/sql-notify.html
    const telling = told.length > 0 ? [this.#witness.tell(told)] : []
    const result = this.#isBegun || this.#held.length > 1 ? await this.#send([...this.#takeHeld(), ...telling, 'commit']) : undefined
    // So PostgreSQL answers where a statement failed before and nobody heard of it.
    if (result?.command === 'ROLLBACK') throw new Error('The transaction was undone, because a statement in it had failed.')
    this.#end()
  }

  async rollback(): Promise<void> {
    const isBegun = this.#isBegun
    this.#end()
    if (isBegun) await this.#client.query('rollback')
  }

  release(): void {
    this.#client.release()
  }

  /** A migration of another node makes plans old; such a statement was refused before it did anything. */
  async #executeAnew<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    try {
      return await this.#executeAlone<R>(query)
    } catch (error) {
      if (!isPlanOutdated(error)) throw error
      this.#witness.rename()
      return this.#executeAlone<R>(query)
    }
  }

  /** What is told of is one transaction with the telling; raw SQL is told of right after it, since some of it may be in none. */
  async #executeAlone<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const told = changesBy(query).filter(isTold)
    const statement = this.#statementOf(query)
    const isRaw = query.query.kind === 'RawNode'
    try {
      if (told.length === 0) return await this.#watched<R>(query, () => this.#client.query(statement))
      const telling = this.#witness.tell(told)
      if (!isRaw) return await this.#watched<R>(query, () => this.#sendWhole(statement, telling))
      return await this.#watched<R>(query, () => this.#client.query(statement)).finally(() => this.#client.query(telling))
    } finally {
      this.#end()
    }
  }

  async #watched<R>(query: CompiledQuery, ask: () => Promise<pg.QueryResult>): Promise<QueryResult<R>> {
    let changes: readonly Change[] | undefined
    try {
      const result = answerOf<R>(await ask())
      changes = changesBy(query, result)
      if (changes.length > 0) this.#witness.grew(changes, Number(result.numAffectedRows ?? 0))
      return result
    } finally {
      // Also where the answer is lost: it may have been done.
      this.#changed.push(...(changes ?? changesBy(query)))
    }
  }

  async #sendWhole(statement: Statement, telling: string): Promise<pg.QueryResult> {
    const [, answered] = await this.#ask(['begin', statement, telling, 'commit'])
    if (!answered) throw new Error('Every statement has an answer.')
    return answered
  }

  /** Answers what the last one answers; of failures, the first. */
  async #send(statements: Statement[]): Promise<pg.QueryResult> {
    this.#isBegun = true
    const answered = (await this.#ask(statements)).at(-1)
    if (!answered) throw new Error('There was nothing to ask.')
    return answered
  }

  /** In one packet. Waits for all, so that none is under way any more when the first failure is thrown. */
  async #ask(statements: Statement[]): Promise<pg.QueryResult[]> {
    const { stream } = this.#client.connection
    stream.cork()
    const asked = statements.map((each) => this.#client.query(each))
    stream.uncork()
    await Promise.allSettled(asked)
    return Promise.all(asked)
  }

  #takeHeld(): Statement[] {
    return this.#held.splice(0)
  }

  #end() {
    this.#isInTransaction = false
    this.#isBegun = false
    this.#held = []
    this.#witness.note(this.#changed.splice(0))
  }

  #statementOf(query: CompiledQuery): pg.QueryConfig {
    const name = this.#witness.nameOf(query)
    return { ...(name !== undefined && { name }), text: query.sql, values: [...query.parameters] }
  }
}

const WRITES: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])

/** “cached plan must not change result type”, in whatever language the server speaks: a column came to what `select *` answers. */
function isPlanOutdated(error: unknown): boolean {
  return error instanceof Error && 'routine' in error && error.routine === 'RevalidateCachedQuery'
}

function answerOf<R>({ command, rowCount, rows }: pg.QueryResult): QueryResult<R> {
  // Kysely says what the rows are. Of several statements in one text pg answers a list, which has none of these.
  const found = (rows ?? []) as R[]
  if (!WRITES.has(command)) return { rows: found }
  return { rows: found, numAffectedRows: BigInt(rowCount ?? 0) }
}
