import { setTimeout as sleep } from 'node:timers/promises'
import type { SqliteConnection } from './sqlite-connection.ts'

/** `losable`: an acknowledged commit may be lost when the machine fails, never the order of what is written. */
export type Durability = 'durable' | 'losable'

const SYNCHRONOUS: Record<Durability, string> = { durable: 'pragma synchronous = full', losable: 'pragma synchronous = normal' }

/** How long another process may keep the database to itself, say for an import; nobody else is held up meanwhile. */
const PATIENCE_MS = 5000
const RETRY_MS = 2
const SQLITE_BUSY = 5

async function whenFree<T>(statement: () => T): Promise<T> {
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    try {
      return statement()
    } catch (error) {
      const isBusy = error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY
      if (!isBusy || performance.now() > until) throw error
      await sleep(RETRY_MS)
    }
  }
}

/** A group is written to disk when the event loop has served who was ready, or has this many. */
const MOST = 64

/**
 * Transactions that are ready in one turn of the event loop reach the disk in one commit: each is a savepoint of an outer
 * transaction, undone alone if it fails, and acknowledged only when the outer commit is on disk. One at a time, in the order they came.
 * A group of losable writes alone does not wait for the disk: it is there with the next durable commit, as the journal is one.
 */
export class CommitGroup {
  #connection: SqliteConnection
  #waiting: (() => void)[] = []
  #isTaken = false
  #isOpen = false
  #isDue = false
  #durability: Durability = 'durable'
  #lost: Error | undefined
  #members: PromiseWithResolvers<void>[] = []

  constructor(connection: SqliteConnection) {
    this.#connection = connection
  }

  /** Waits for the turn without opening a group: for what must not see half a transaction. */
  async takeTurn(): Promise<void> {
    if (this.#isTaken) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#isTaken = true
  }

  passTurn(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#isTaken = false
  }

  /** Runs a statement beside every transaction: a setting that none may hold, a read that must not see half of one. */
  async runBetween<T>(statement: () => T): Promise<T> {
    await this.takeTurn()
    try {
      this.commit()
      return await whenFree(statement)
    } finally {
      this.passTurn()
    }
  }

  /** Waits for the turn and opens a savepoint; end it with `keep` or `undo`. */
  async begin(): Promise<void> {
    await this.enter()
    try {
      this.run(() => this.#connection.run('savepoint member'))
    } catch (error) {
      this.abandon()
      throw error
    }
  }

  /** The same without a savepoint, for a single statement: it undoes itself if it fails. End it with `leave`. */
  async enter(durability: Durability = 'durable'): Promise<void> {
    await this.takeTurn()
    try {
      if (durability === 'durable' && this.#durability === 'losable') this.commit()
      await whenFree(() => this.#open(durability))
    } catch (error) {
      this.passTurn()
      throw error
    }
  }

  /** Runs one statement of who has the turn. After a failure that ended the whole transaction (a full disk), nothing more of it runs. */
  run<T>(statement: () => T): T {
    if (this.#lost) throw this.#lost
    try {
      return statement()
    } catch (error) {
      if (!this.#connection.isInTransaction) this.#lose(error)
      throw error
    }
  }

  /** Resolves when it is on disk. */
  async keep(): Promise<void> {
    try {
      this.run(() => this.#connection.run('release member'))
    } catch (error) {
      this.undo()
      throw error
    }
    return this.leave()
  }

  undo(): void {
    if (!this.#lost && this.#connection.isInTransaction) {
      this.#connection.run('rollback to member')
      this.#connection.run('release member')
    }
    this.abandon()
  }

  /** Passes the turn on; resolves when what was written is on disk. */
  leave(): Promise<void> {
    const member = Promise.withResolvers<void>()
    this.#members.push(member)
    this.abandon()
    return member.promise
  }

  /** Passes the turn on with nothing to acknowledge. */
  abandon(): void {
    this.#lost = undefined
    if (this.#isDue || this.#members.length >= MOST) this.commit()
    this.passTurn()
  }

  /** Writes the group to disk now; its members are acknowledged, or all of them fail. */
  commit(): void {
    if (!this.#isOpen) return
    try {
      this.#connection.run('commit')
    } catch (error) {
      if (this.#connection.isInTransaction) this.#connection.run('rollback')
      return this.#settle((member) => member.reject(error))
    }
    this.#settle((member) => member.resolve())
  }

  #open(durability: Durability) {
    if (this.#isOpen) return
    // SQLite takes this setting outside a transaction alone, and while a statement is compiled: a kept one would do nothing.
    if (this.#durability !== durability) this.#connection.exec(SYNCHRONOUS[durability])
    this.#durability = durability
    this.#connection.run('begin immediate')
    this.#isOpen = true
    this.#isDue = false
    setImmediate(() => (this.#isTaken ? (this.#isDue = true) : this.commit()))
  }

  #lose(error: unknown) {
    this.#lost = error instanceof Error ? error : new Error('The transaction was lost.', { cause: error })
    this.#settle((member) => member.reject(error))
  }

  #settle(tell: (member: PromiseWithResolvers<void>) => void) {
    this.#isOpen = false
    for (const member of this.#members.splice(0)) tell(member)
  }
}
