import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { Db } from '#platform/database/database.ts'
import type { Teammate } from './teammates.ts'

const MOST = 20

/** The workspaces in which this person, by their address, is a teammate who can sign in. */
export async function listWorkspacesOf(db: Db, { email }: Pick<Teammate, 'email'>): Promise<Workspace[]> {
  return db
    .selectFrom('teammates')
    .innerJoin('teammate_passwords', (join) =>
      join
        .onRef('teammate_passwords.workspace_id', '=', 'teammates.workspace_id')
        .onRef('teammate_passwords.teammate_id', '=', 'teammates.id'),
    )
    .innerJoin('workspaces', 'workspaces.id', 'teammates.workspace_id')
    .selectAll('workspaces')
    .where('teammates.email', '=', email)
    .where('teammates.removed_at', 'is', null)
    .orderBy('workspaces.id')
    .limit(MOST)
    .execute()
}
