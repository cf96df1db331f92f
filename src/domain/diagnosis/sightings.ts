import type { Selectable } from 'kysely'
import type { SightingsTable } from '#db/login-tables.ts'
import type { Instant, WorkspaceId } from '#db/columns.ts'
import { atomically, type Db } from '#platform/database/database.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'

export type Sighting = Selectable<SightingsTable>

export interface NewSighting {
  workspace_id: WorkspaceId
  kind: Sighting['kind']
  host: string
  /** A listed origin or the host's own, so that strangers cannot fill the table. */
  origin: string
  at: Instant
}

/** Counts what was seen, each kind, host and origin in one row. */
export async function noteSightings(db: Db, seen: NewSighting[]): Promise<void> {
  await atomically(db, async (db) => {
    for (const sighting of seen) await noteSighting(db, sighting)
  })
}

async function noteSighting(db: Db, { at, ...what }: NewSighting): Promise<void> {
  await db
    .insertInto('sightings')
    .values({ ...what, first_at: at, last_at: at, times: 1 })
    .onConflict((conflict) =>
      conflict.columns(['workspace_id', 'kind', 'host', 'origin']).doUpdateSet((row) => ({
        last_at: at,
        times: row('sightings.times', '+', 1),
      })),
    )
    .execute()
}

export async function listSightings(db: Db, workspace: Workspace, host: string): Promise<Sighting[]> {
  return db
    .selectFrom('sightings')
    .selectAll()
    .where('workspace_id', '=', workspace.id)
    .where('host', '=', host)
    .orderBy('last_at', 'desc')
    .execute()
}
