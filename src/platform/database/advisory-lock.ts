import { sql, PostgresAdapter, type Kysely } from 'kysely'
import { unread } from './postgres-visit.ts'

const APPEND = 4012
const STAND = 4013

/**
 * Held until the transaction ends: who appends to one log commits in the order of its ids, so that "after id n" never skips a
 * commit that came late. SQLite has one writer at a time and needs nothing.
 */
export async function lockForAppend<Tables>(db: Kysely<Tables>, key: number): Promise<void> {
  if (db.getExecutor().adapter instanceof PostgresAdapter)
    await sql`select pg_advisory_xact_lock(${APPEND}::int, ${key}::int)${unread}`.execute(db)
}

/**
 * Held until the transaction ends, by many at once: what they found standing does not fall before they have committed, for
 * who takes it away calls `lockToEnd` first. A statement that begins after the lock sees what has fallen already.
 */
export async function lockStanding<Tables>(db: Kysely<Tables>, key: number): Promise<void> {
  if (db.getExecutor().adapter instanceof PostgresAdapter)
    await sql`select pg_advisory_xact_lock_shared(${STAND}::int, ${key}::int)${unread}`.execute(db)
}

/** Waits for everybody who holds `lockStanding` of this key, and holds off who comes after. */
export async function lockToEnd<Tables>(db: Kysely<Tables>, key: number): Promise<void> {
  if (db.getExecutor().adapter instanceof PostgresAdapter)
    await sql`select pg_advisory_xact_lock(${STAND}::int, ${key}::int)${unread}`.execute(db)
}
