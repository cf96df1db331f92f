import type { Expression, ExpressionBuilder, SelectQueryBuilder, SqlBool } from 'kysely'
import type { SessionId } from '#db/columns.ts'
import type { Schema } from '#db/schema.ts'
import type { Db } from '#platform/database/database.ts'
import { forUpdate } from '#platform/database/row-lock.ts'

type Which = (row: ExpressionBuilder<Schema, 'sessions'>) => Expression<SqlBool>

/**
 * The ids of these sessions, locked in the one order of all who change or end several, so that no two wait for each other:
 * first sessions that others end with, then those others. Whoever ends one names what ends with it too.
 */
export function lockedSessions(db: Db, which: Which): SelectQueryBuilder<Schema, 'sessions', { id: SessionId }> {
  return db
    .selectFrom('sessions')
    .select('id')
    .where(which)
    .orderBy((row) => row('parent_session_id', 'is not', null))
    .orderBy('id')
    .modifyEnd(forUpdate(db))
}
