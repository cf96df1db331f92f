import type { Selectable } from 'kysely'
import type { Instant, ProbesTable, WorkspaceId } from '#db/schema.ts'
import { hashOf } from '#platform/ids/ids.ts'
import type { Db } from '#platform/database/database.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { noteSightings } from './sightings.ts'

/** How long the cookie lives, and so how far a boot and the page load that proves it may lie apart. */
export const PROBE_LIFE = 3_600_000
const KEPT_MS = 86_400_000

export type Probe = Selectable<ProbesTable>

interface About {
  workspace_id: WorkspaceId
  /** The value of the probe cookie; only its hash is stored. */
  reference: string
  at: Instant
}

/** What happens to a probe: a boot sets it, a page load brings it back, a later attempt of the same browser ends in some way. */
export type ProbeNote =
  | (About & { is: 'set'; host: string; origin: string; outcome: Probe['last_outcome'] })
  | (About & { is: 'returned' })
  | (About & { is: 'attempt'; outcome: Probe['last_outcome']; code: string | null })

/** Writes notes in the order they were made. */
export async function noteProbes(db: Db, notes: ProbeNote[]): Promise<void> {
  for (const note of notes) await writeNote(db, note)
}

async function writeNote(db: Db, note: ProbeNote): Promise<void> {
  const { workspace_id, at } = note
  const reference_hash = hashOf(note.reference)
  if (note.is === 'set') {
    const { host, origin, outcome } = note
    const row = { reference_hash, workspace_id, host, origin, set_at: at, returned_at: null }
    await db
      .insertInto('probes')
      .values({ ...row, last_at: at, last_outcome: outcome, last_code: null })
      .execute()
    return
  }
  const probe = db.updateTable('probes').where('workspace_id', '=', workspace_id).where('reference_hash', '=', reference_hash)
  if (note.is === 'attempt') {
    await probe.set({ last_at: at, last_outcome: note.outcome, last_code: note.code }).execute()
    return
  }
  const returned = await probe
    .set({ returned_at: at })
    .where('returned_at', 'is', null)
    .where('set_at', '>', at - PROBE_LIFE)
    .returning(['host', 'origin'])
    .executeTakeFirst()
  if (returned) await noteSightings(db, [{ workspace_id, kind: 'cookie_returned', ...returned, at }])
}

export async function findProbe(db: Db, workspace: Workspace, reference: string): Promise<Probe | undefined> {
  return db
    .selectFrom('probes')
    .selectAll()
    .where('workspace_id', '=', workspace.id)
    .where('reference_hash', '=', hashOf(reference))
    .executeTakeFirst()
}

/** How many boots of the last day set the cookie on this host, and when the last one did. */
export async function countProbes(
  db: Db,
  workspace: Workspace,
  { host, now }: { host: string; now: Instant },
): Promise<{ times: number; last_at: Instant | null; origin: string | null }> {
  const rows = await db
    .selectFrom('probes')
    .select(['origin', (row) => row.fn.countAll<number>().as('times'), (row) => row.fn.max('set_at').as('last_at')])
    .where('workspace_id', '=', workspace.id)
    .where('host', '=', host)
    .where('set_at', '>', now - KEPT_MS)
    .groupBy('origin')
    .orderBy('last_at', 'desc')
    .execute()
  const times = rows.reduce((sum, row) => sum + Number(row.times), 0)
  return { times, last_at: rows[0]?.last_at ?? null, origin: rows[0]?.origin ?? null }
}

export async function pruneProbes(db: Db, workspace: Workspace, now: Instant): Promise<void> {
  await db
    .deleteFrom('probes')
    .where('workspace_id', '=', workspace.id)
    .where('set_at', '<', now - KEPT_MS)
    .execute()
}
