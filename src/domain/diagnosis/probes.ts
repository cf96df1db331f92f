import type { Selectable } from 'kysely'
import type { ProbesTable } from '#db/login-tables.ts'
import type { Instant, WorkspaceId } from '#db/columns.ts'
import { hashOf } from '#platform/ids/ids.ts'
import { losable } from '#platform/database/changes.ts'
import type { Db } from '#platform/database/database.ts'
import { pick, preparedRows } from '#platform/database/prepared.ts'
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

/** Writes what was noted together: first what was set, then what became of it. */
export async function noteProbes(db: Db, notes: ProbeNote[]): Promise<void> {
  await insert(db, notes.filter((note) => note.is === 'set').map(toRow))
  for (const note of notes) {
    if (note.is === 'attempt') await noteAttempt(db, note)
    else if (note.is === 'returned') await noteReturn(db, note)
  }
}

const insert = preparedRows((db, probes: Probe[]) =>
  db
    .insertInto('probes')
    .values(probes.map((probe) => pick(probe, COLUMNS)))
    .modifyEnd(losable),
)

const COLUMNS = [
  ...(['reference_hash', 'workspace_id', 'host', 'origin', 'set_at'] as const),
  ...(['returned_at', 'last_at', 'last_outcome', 'last_code'] as const),
]

function toRow({ reference, workspace_id, host, origin, outcome, at }: ProbeNote & { is: 'set' }): Probe {
  const reference_hash = hashOf(reference)
  return { reference_hash, workspace_id, host, origin, set_at: at, returned_at: null, last_at: at, last_outcome: outcome, last_code: null }
}

async function noteAttempt(db: Db, { workspace_id, reference, outcome, code, at }: ProbeNote & { is: 'attempt' }): Promise<void> {
  await db
    .updateTable('probes')
    .set({ last_at: at, last_outcome: outcome, last_code: code })
    .where('workspace_id', '=', workspace_id)
    .where('reference_hash', '=', hashOf(reference))
    .execute()
}

async function noteReturn(db: Db, { workspace_id, reference, at }: ProbeNote & { is: 'returned' }): Promise<void> {
  const returned = await db
    .updateTable('probes')
    .set({ returned_at: at })
    .where('workspace_id', '=', workspace_id)
    .where('reference_hash', '=', hashOf(reference))
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
