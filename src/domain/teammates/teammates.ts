import type { Selectable } from 'kysely'
import type { Schema } from '#db/schema.ts'
import type { Instant, TeammateId, TeammateRole } from '#db/columns.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { Failure } from '#errors'
import type { Db } from '#platform/database/database.ts'

export type Teammate = Selectable<Schema['teammates']>

export async function addTeammate(
  db: Db,
  workspace: Pick<Workspace, 'id'>,
  { name, email, role = 'agent' }: { name: string; email: string; role?: TeammateRole },
  now: Instant,
): Promise<Teammate> {
  return db
    .insertInto('teammates')
    .values({ workspace_id: workspace.id, name, email: emailAddress(email), role, removed_at: null, created_at: now })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Also those who were removed: what they wrote keeps their name. */
export async function listTeammates(db: Db, workspace: Pick<Workspace, 'id'>): Promise<Teammate[]> {
  return db.selectFrom('teammates').selectAll().where('workspace_id', '=', workspace.id).orderBy('id').execute()
}

export async function findTeammateByEmail(db: Db, workspace: Pick<Workspace, 'id'>, email: string): Promise<Teammate | undefined> {
  return db
    .selectFrom('teammates')
    .selectAll()
    .where('workspace_id', '=', workspace.id)
    .where('email', '=', emailAddress(email))
    .executeTakeFirst()
}

/** A teammate who was not removed. */
export async function findTeammate(db: Db, workspace: Pick<Workspace, 'id'>, id: string): Promise<Teammate | undefined> {
  if (!/^\d{1,15}$/.test(id)) return undefined
  return db
    .selectFrom('teammates')
    .selectAll()
    .where('workspace_id', '=', workspace.id)
    .where('id', '=', Number(id) as TeammateId)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
}

/** For the REST API, whose clients know the field. */
export async function getTeammate(db: Db, workspace: Pick<Workspace, 'id'>, id: string): Promise<Teammate> {
  const known = await findTeammate(db, workspace, id)
  if (!known) throw new Failure('admin_not_found', { field: 'admin_id' })
  return known
}

/** One spelling of an address, whatever was typed. */
export function emailAddress(text: string): string {
  return text.trim().toLowerCase()
}
