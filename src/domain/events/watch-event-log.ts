import type { WorkspaceId } from '#db/columns.ts'
import type { Db } from '#platform/database/database.ts'
import type { EventBell } from './event-bell.ts'

const EVERY_MS = 250
/** Ids of other workspaces may be visible before a lower one of ours is; this many are looked at again. */
const OVERLAP = 500

/**
 * Rings for what other processes (another node, the command line) have appended. Answers a function that stops it and
 * waits for the look that is under way.
 */
export function watchEventLog(db: Db, bell: EventBell, onError: (error: unknown) => void): () => Promise<void> {
  const known = new Map<WorkspaceId, number>()
  let highest: number | undefined
  let isStopped = false
  let looking = Promise.resolve()
  const look = async () => {
    const last = await lastIds(db, Math.max(0, (highest ?? 0) - OVERLAP), highest === undefined)
    for (const { workspace_id, id } of last) {
      const isNew = highest !== undefined && id > (known.get(workspace_id) ?? 0)
      known.set(workspace_id, id)
      if (isNew) bell.ring(workspace_id)
    }
    highest = Math.max(highest ?? 0, ...last.map(({ id }) => id))
  }
  const timer = setInterval(() => {
    looking = looking.then(() => (isStopped ? undefined : look())).catch(onError)
  }, EVERY_MS).unref()
  return async () => {
    isStopped = true
    clearInterval(timer)
    await looking
  }
}

/** At the start the whole log is summed up once; afterwards only its end is read. */
async function lastIds(db: Db, after: number, isFirst: boolean): Promise<{ workspace_id: WorkspaceId; id: number }[]> {
  const rows = await db
    .selectFrom('events')
    .select((events) => ['workspace_id', events.fn.max('id').as('id')])
    .$if(!isFirst, (query) => query.where('id', '>', after))
    .groupBy('workspace_id')
    .execute()
  return rows.map(({ workspace_id, id }) => ({ workspace_id, id: Number(id) }))
}
