import { sql, PostgresAdapter, type Kysely } from 'kysely'

/**
 * Held until the transaction ends: who appends to one log commits in the order of its ids, so that "after id n" never skips a
 * commit that came late. SQLite has one writer at a time and needs nothing.
 */
export async function lockForAppend<Tables>(db: Kysely<Tables>, key: number): Promise<void> {
  if (db.getExecutor().adapter instanceof PostgresAdapter) await sql`select pg_advisory_xact_lock(4012, ${key})`.execute(db)
}
