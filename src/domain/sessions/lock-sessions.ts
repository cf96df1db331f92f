import type { Expression, ExpressionBuilder, SelectQueryBuilder, SqlBool } from 'kysely'
import type { SessionId } from '#db/columns.ts'
import type { Schema } from '#db/schema.ts'
import type { Db } from '#platform/database/database.ts'
import { forUpdate } from '#platform/database/row-lock.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'

/** A condition on sessions. */
export type Which = (row: ExpressionBuilder<Schema, 'sessions'>) => Expression<SqlBool>
type Ids = SelectQueryBuilder<Schema, 'sessions', { id: SessionId }>

/**
 * The ids of these sessions, locked in the one order of all who change or end several, so that no two wait for each other:
 * first sessions that others end with, then those others. Whoever ends one names what ends with it too. Each condition has an
 * index of its own; with `or` between them SQLite would read all sessions of the workspace.
 */
export function lockedSessions(db: Db, workspace: Pick<Workspace, 'id'> | undefined, first: Which, ...others: Which[]): Ids {
  const found = others.reduce((ids, which) => ids.unionAll(idsOf(db, workspace, which)), idsOf(db, workspace, first))
  return db
    .selectFrom('sessions')
    .select('id')
    .where('id', 'in', found)
    .orderBy((row) => row('parent_session_id', 'is not', null))
    .orderBy('id')
    .modifyEnd(forUpdate(db))
}

/** These, and what was handed over from them. */
export function lockedFamilies(db: Db, workspace: Workspace, roots: readonly SessionId[]): Ids {
  return lockedSessions(
    db,
    workspace,
    (row) => row('id', 'in', roots),
    (row) => row('parent_session_id', 'in', roots),
  )
}

function idsOf(db: Db, workspace: Pick<Workspace, 'id'> | undefined, which: Which): Ids {
  const ids = db.selectFrom('sessions').select('id').where(which)
  return workspace ? ids.where('workspace_id', '=', workspace.id) : ids
}
