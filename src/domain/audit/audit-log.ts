import type { Selectable } from 'kysely'
import type { AuditLogTable } from '#db/teammate-tables.ts'
import type { Instant, TeammateId, WorkspaceId } from '#db/columns.ts'
import type { Db } from '#platform/database/database.ts'

const KEPT_FOR = 400 * 86_400_000
export const AUDIT_PAGE = 50

/** `action` is a noun and what happened to it; `subject` and `detail` say about what, in words, and never hold a secret. */
export interface AuditEntry {
  workspace_id: WorkspaceId
  /** Who did it; null where nobody is known. */
  teammate_id: TeammateId | null
  action: `${string}.${string}`
  subject?: string | null
  detail?: string | null
  /** Client address, where it tells something. */
  address?: string | null
}

/** Joins the transaction that `db` is, so that nothing happens unwritten. */
export async function recordAudit(db: Db, entry: AuditEntry, now: Instant): Promise<void> {
  const { workspace_id, teammate_id, action, subject = null, detail = null, address = null } = entry
  await db.insertInto('audit_log').values({ workspace_id, at: now, teammate_id, action, subject, detail, address }).execute()
}

/** The newest first; `before` is the id of the last line of the page above. */
export async function listAuditLog(
  db: Db,
  workspace: { id: WorkspaceId },
  { before }: { before?: number | undefined } = {},
): Promise<Selectable<AuditLogTable>[]> {
  let query = db.selectFrom('audit_log').selectAll().where('workspace_id', '=', workspace.id)
  if (before !== undefined) query = query.where('id', '<', before)
  return query.orderBy('id', 'desc').limit(AUDIT_PAGE).execute()
}

export async function pruneAuditLog(db: Db, workspace: { id: WorkspaceId }, now: Instant): Promise<void> {
  await db
    .deleteFrom('audit_log')
    .where('workspace_id', '=', workspace.id)
    .where('at', '<', now - KEPT_FOR)
    .execute()
}
