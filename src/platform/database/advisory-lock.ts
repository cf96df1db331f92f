import { sql, PostgresAdapter, type RawBuilder } from 'kysely'
import type { Db } from './database.ts'
import { unread } from './packet.ts'
import { prepared } from './prepared.ts'

const APPEND = 4012
const STAND = 4013

/**
 * Held until the transaction ends: who appends to one log commits in the order of its ids, so that "after id n" never skips a
 * commit that came late. SQLite has one writer at a time and needs nothing.
 */
export const lockForAppend = lock((key) => sql`select pg_advisory_xact_lock(${APPEND}::int, ${key}::int)${unread}`)

/**
 * Held until the transaction ends, by many at once: what they found standing does not fall before they have committed, for
 * who takes it away calls `lockToEnd` first. A statement that begins after the lock sees what has fallen already.
 */
export const lockStanding = lock((key) => sql`select pg_advisory_xact_lock_shared(${STAND}::int, ${key}::int)${unread}`)

/** Waits for everybody who holds `lockStanding` of this key, and holds off who comes after. */
export const lockToEnd = lock((key) => sql`select pg_advisory_xact_lock(${STAND}::int, ${key}::int)${unread}`)

function lock(build: (key: number) => RawBuilder<unknown>): (db: Db, key: number) => Promise<void> {
  const take = prepared((db, { key }: { key: number }) => ({ compile: () => build(key).compile(db) }))
  return async (db, key) => {
    if (db.getExecutor().adapter instanceof PostgresAdapter) await take(db, { key })
  }
}
