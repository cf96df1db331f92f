import type pg from 'pg'
import type { CompiledQuery, DatabaseConnection, QueryResult, TransactionSettings } from 'kysely'
import { changesBy, isTold, type Change } from './changes.ts'
import { isLast, isUnread } from './packet.ts'

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

/** A statement, and the query that it is of. */
interface Sent {
  statement: Statement
  query?: CompiledQuery
}

/**
 * One caller's use of a connection: a single query, or a transaction. Statements that need not wait for one another travel
 * together (`pipeline`); the server still runs them one by one, in order, and after one that failed none of the transaction.
 */
export class PostgresVisit implements DatabaseConnection {
  #client: pg.PoolClient
  #witness: Witness
  #isInTransaction = false
  #isBegun = false
  #isOver = false
  #held: Sent[] = []
  #changed: Change[] = []

  constructor(client: pg.PoolClient, witness: Witness) {
    this.#client = client
    this.#witness = witness
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (!this.#isInTransaction) return this.#executeAnew<R>(query)
    if (this.#isOver) throw new Error('The transaction was committed with the statement before.')
    const sent = { statement: this.#statementOf(query), query }
    if (isUnread(query)) {
      this.#held.push(sent)
      return { rows: [] }
    }
    try {
      return answerOf<R>(await (isLast(query) ? this.#sendLast(sent) : this.#send([...this.#takeHeld(), sent])))
    } catch (error) {
      if (isPlanOutdated(error)) this.#witness.rename()
      throw error
    }
  }

  // eslint-disable-next-line require-yield
  async *streamQuery(): AsyncGenerator<never> {
    throw new Error('Rows are read in pages, not streamed.')
  }

  begin({ isolationLevel }: TransactionSettings): void {
    this.#isInTransaction = true
    this.#held = [{ statement: isolationLevel ? `begin isolation level ${isolationLevel}` : 'begin' }]
  }

  async commit(): Promise<void> {
    if (!this.#isOver && (this.#isBegun || this.#held.length > 1)) await this.#sendCommit(this.#takeHeld())
    this.#end()
  }

  async rollback(): Promise<void> {
    const isOpen = this.#isBegun && !this.#isOver
    this.#end()
    if (isOpen) await this.#client.query('rollback')
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
    const sent = { statement: this.#statementOf(query), query }
    const telling = this.#telling(changesBy(query))
    try {
      if (telling.length === 0) return answerOf<R>(await this.#send([sent]))
      if (query.query.kind !== 'RawNode') return answerOf<R>(await this.#sendWhole(sent, telling))
      return answerOf<R>(await this.#send([sent]).finally(() => this.#ask(telling)))
    } finally {
      this.#end()
    }
  }

  async #sendWhole(sent: Sent, telling: Sent[]): Promise<pg.QueryResult> {
    const [, answered] = await this.#ask([{ statement: 'begin' }, sent, ...telling, { statement: 'commit' }])
    if (!answered) throw new Error('Every statement has an answer.')
    return answered
  }

  async #sendLast(sent: Sent): Promise<pg.QueryResult> {
    this.#isOver = true
    const held = this.#takeHeld()
    const answered = (await this.#sendCommit([...held, sent])).at(held.length)
    if (!answered) throw new Error('Every statement has an answer.')
    return answered
  }

  async #sendCommit(sent: Sent[]): Promise<pg.QueryResult[]> {
    const changed = [...this.#changed, ...sent.flatMap(({ query }) => (query ? changesBy(query) : []))]
    const answers = await this.#ask([...sent, ...this.#telling(changed), { statement: 'commit' }])
    // So PostgreSQL answers where a statement failed before and nobody heard of it.
    if (answers.at(-1)?.command === 'ROLLBACK') throw new Error('The transaction was undone, because a statement in it had failed.')
    return answers
  }

  /** Delivered when the transaction is committed, and only then: https://www.postgresql.org/docs/current/sql-notify.html */
  #telling(changes: readonly Change[]): Sent[] {
    const told = changes.filter(isTold)
    return told.length > 0 ? [{ statement: this.#witness.tell(told) }] : []
  }

  /** Answers what the last one answers; of failures, the first. */
  async #send(sent: Sent[]): Promise<pg.QueryResult> {
    this.#isBegun = true
    const answered = (await this.#ask(sent)).at(-1)
    if (!answered) throw new Error('There was nothing to ask.')
    return answered
  }

  /** In one packet. Waits for all, so that none is under way any more when the first failure is thrown. */
  async #ask(sent: Sent[]): Promise<pg.QueryResult[]> {
    const { stream } = this.#client.connection
    stream.cork()
    const asked = sent.map(({ statement }) => this.#client.query(statement))
    stream.uncork()
    const settled = await Promise.allSettled(asked)
    for (const [index, { query }] of sent.entries()) if (query) this.#note(query, settled[index])
    return Promise.all(asked)
  }

  /** Also where the answer is lost: it may have been done. */
  #note(query: CompiledQuery, settled: PromiseSettledResult<pg.QueryResult> | undefined): void {
    const result = settled?.status === 'fulfilled' ? answerOf(settled.value) : undefined
    const changes = changesBy(query, result)
    if (result && changes.length > 0) this.#witness.grew(changes, Number(result.numAffectedRows ?? 0))
    this.#changed.push(...changes)
  }

  #takeHeld(): Sent[] {
    return this.#held.splice(0)
  }

  #end() {
    this.#isInTransaction = false
    this.#isBegun = false
    this.#isOver = false
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
