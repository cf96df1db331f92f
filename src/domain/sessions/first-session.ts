import type { ContactId, Instant } from '#db/columns.ts'
import type { Db } from '#platform/database/database.ts'
import { last } from '#platform/database/postgres-visit.ts'
import { prepared, typed } from '#platform/database/prepared.ts'
import { newSecret } from '#platform/ids/ids.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { SESSION_COLUMNS, sessionRow, type NewSession, type Session } from './sessions.ts'

const NUMBERS = new Set([
  'workspace_id',
  'signing_key_id',
  'parent_session_id',
  'duration_ms',
  'created_at',
  'last_seen_at',
  'expires_at',
  'ends_at',
])

/** The last statement of the transaction in which the contact may have come; where it did not, there is no session. */
export async function startFirstSession(
  db: Db,
  workspace: Workspace,
  session: NewSession & { contact_id: ContactId },
  now: Instant,
): Promise<{ session: Session; secret: string } | undefined> {
  const secret = newSecret()
  const row = sessionRow(workspace, session, { secret, now })
  const [started] = await insert(db, row)
  return started && { session: { ...row, id: started.id }, secret }
}

const insert = prepared((db, row: Omit<Session, 'id'>) =>
  db
    .insertInto('sessions')
    .columns(SESSION_COLUMNS)
    .expression(
      db
        .selectFrom('contacts')
        .select(typed(row, SESSION_COLUMNS, NUMBERS))
        .where('contacts.workspace_id', '=', row.workspace_id)
        .where('contacts.id', '=', row.contact_id),
    )
    .returning('sessions.id')
    .modifyEnd(last),
)
