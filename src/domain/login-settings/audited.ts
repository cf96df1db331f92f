import type { Instant } from '#db/columns.ts'
import { recordAudit, type AuditEntry } from '#domain/audit/audit-log.ts'
import type { Teammate } from '#domain/teammates/teammates.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { atomically, type Db } from '#platform/database/database.ts'

/** Who changes the settings of which workspace. */
export interface Actor {
  workspace: Workspace
  teammate: Teammate
}

export type Deed = Pick<AuditEntry, 'action' | 'subject' | 'detail'>

/** Makes a change and writes down who made it, both or neither. */
export async function audited<T>(
  db: Db,
  { workspace, teammate }: Actor,
  change: (db: Db) => Promise<{ result: T; deed: Deed | undefined }>,
  now: Instant,
): Promise<T> {
  return atomically(db, async (db) => {
    const { result, deed } = await change(db)
    if (deed) await recordAudit(db, { workspace_id: workspace.id, teammate_id: teammate.id, ...deed }, now)
    return result
  })
}
