import { sql, PostgresAdapter, type Kysely, type RawBuilder } from 'kysely'

/**
 * At the end of a select: its rows are locked until the transaction ends, in the order it says. An update or a delete alone locks
 * in whatever order it finds them, and two may then wait for each other. SQLite has one writer at a time and needs nothing.
 */
export function forUpdate<Tables>(db: Kysely<Tables>): RawBuilder<unknown> {
  return db.getExecutor().adapter instanceof PostgresAdapter ? sql`for update` : sql``
}
