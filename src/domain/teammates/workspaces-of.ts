import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { Db } from '#platform/database/database.ts'
import { teammatesWithPassword } from './passwords.ts'
import type { Teammate } from './teammates.ts'

const MOST = 20

/** The workspaces in which this person, by their address, is a teammate who can sign in. */
export async function listWorkspacesOf(db: Db, { email }: Pick<Teammate, 'email'>): Promise<Workspace[]> {
  return teammatesWithPassword(db, email)
    .innerJoin('workspaces', 'workspaces.id', 'teammates.workspace_id')
    .selectAll('workspaces')
    .orderBy('workspaces.id')
    .limit(MOST)
    .execute()
}
