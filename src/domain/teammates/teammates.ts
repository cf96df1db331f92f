import type { Selectable } from 'kysely'
import type { Instant, Schema, TeammateId } from '#db/schema.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { Failure } from '#errors'
import type { Db } from '#platform/database/database.ts'

export type Teammate = Selectable<Schema['teammates']>

export async function addTeammate(
  db: Db,
  workspace: Workspace,
  { name, email }: { name: string; email: string },
  now: Instant,
): Promise<Teammate> {
  return db
    .insertInto('teammates')
    .values({ workspace_id: workspace.id, name, email, created_at: now })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function listTeammates(db: Db, workspace: Pick<Workspace, 'id'>): Promise<Teammate[]> {
  return db.selectFrom('teammates').selectAll().where('workspace_id', '=', workspace.id).orderBy('id').execute()
}

export async function findTeammateByEmail(db: Db, workspace: Workspace, email: string): Promise<Teammate | undefined> {
  return db.selectFrom('teammates').selectAll().where('workspace_id', '=', workspace.id).where('email', '=', email).executeTakeFirst()
}

export async function getTeammate(db: Db, workspace: Workspace, id: string): Promise<Teammate> {
  const known = /^\d{1,15}$/.test(id)
    ? await db
        .selectFrom('teammates')
        .selectAll()
        .where('workspace_id', '=', workspace.id)
        .where('id', '=', Number(id) as TeammateId)
        .executeTakeFirst()
    : undefined
  if (!known) throw new Failure('admin_not_found', { field: 'admin_id' })
  return known
}
