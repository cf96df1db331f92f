import type { Selectable } from 'kysely'
import type { LoginLogTable } from '#db/login-tables.ts'
import type { Instant } from '#db/columns.ts'
import { losable } from '#platform/database/changes.ts'
import type { Db } from '#platform/database/database.ts'
import { pick, preparedRows } from '#platform/database/prepared.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'

const KEPT_MS = 30 * 86_400_000
const KEPT_ROWS = 10_000

export type LoginDecision = Selectable<LoginLogTable>
export type NewLoginDecision = Omit<LoginDecision, 'id'>

export const logDecisions = preparedRows((db, decisions: NewLoginDecision[]) =>
  db
    .insertInto('login_log')
    .values(decisions.map((decision) => pick(decision, COLUMNS)))
    .modifyEnd(losable),
)

const COLUMNS = [
  ...(['workspace_id', 'at', 'door', 'origin', 'platform', 'kid', 'user_id'] as const),
  ...(['outcome', 'code', 'hint', 'request_id', 'token_age_ms'] as const),
]

/** Keeps the last 30 days and at most 10,000 decisions of each workspace. */
export async function pruneLoginLog(db: Db, workspace: Workspace, now: Instant): Promise<void> {
  await db
    .deleteFrom('login_log')
    .where('workspace_id', '=', workspace.id)
    .where('at', '<', now - KEPT_MS)
    .execute()
  const oldest = await db
    .selectFrom('login_log')
    .select('id')
    .where('workspace_id', '=', workspace.id)
    .orderBy('id', 'desc')
    .offset(KEPT_ROWS)
    .limit(1)
    .executeTakeFirst()
  if (oldest) await db.deleteFrom('login_log').where('workspace_id', '=', workspace.id).where('id', '<=', oldest.id).execute()
}
