import type { Db } from '#platform/database/database.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { LoginDecision } from './login-log.ts'

const FIELDS = ['door', 'outcome', 'code', 'origin', 'kid', 'user_id'] as const
const FACETS = ['door', 'outcome', 'code', 'origin', 'kid'] as const
const CHOICES = 100
export const LOG_PAGE = 50

export type LogFilter = Partial<Record<(typeof FIELDS)[number], string | undefined>>

/** The newest first: after an id what came since, before an id the page below. */
export async function searchLoginLog(
  db: Db,
  workspace: Workspace,
  {
    filter,
    after,
    before,
    limit = LOG_PAGE,
  }: { filter: LogFilter; after?: number | undefined; before?: number | undefined; limit?: number },
): Promise<LoginDecision[]> {
  let query = db.selectFrom('login_log').selectAll().where('workspace_id', '=', workspace.id)
  for (const field of FIELDS) {
    const value = filter[field]
    if (value !== undefined) query = query.where(field, '=', value as never)
  }
  if (after !== undefined) query = query.where('id', '>', after)
  if (before !== undefined) query = query.where('id', '<', before)
  return query.orderBy('id', 'desc').limit(limit).execute()
}

/** What occurs in the log, to filter by. */
export async function listLogFacets(db: Db, workspace: Workspace): Promise<Record<(typeof FACETS)[number], string[]>> {
  const found: Record<(typeof FACETS)[number], string[]> = { door: [], outcome: [], code: [], origin: [], kid: [] }
  for (const field of FACETS) {
    const rows = await db
      .selectFrom('login_log')
      .select(field)
      .distinct()
      .where('workspace_id', '=', workspace.id)
      .where(field, 'is not', null)
      .orderBy(field)
      .limit(CHOICES)
      .execute()
    found[field] = rows.flatMap((row) => row[field] ?? [])
  }
  return found
}
