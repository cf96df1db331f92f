import type { Instant, WorkspaceId } from '#db/columns.ts'
import { Failure } from '#errors'
import type { Db } from '#platform/database/database.ts'
import { keepUntil } from '#platform/database/kept.ts'
import { prepared } from '#platform/database/prepared.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'

/** In the words of people who cannot see which door took it. */
export const USED_UP = 'It was used at a door whose tokens work once, and is used up at every door. Sign a new one for each login.'

export interface OneTimeUse {
  replay_key: string
  replayable_until: Instant
}

/** At doors whose tokens work many times. Taking one elsewhere is seen here at once, by another node within `versionOf`'s time. */
export async function refuseUsedToken(db: Db, workspace: Workspace, { replay_key }: OneTimeUse): Promise<void> {
  const isUnused = await unused.read(db, `${workspace.id} ${replay_key}`, async () => {
    const used = await selectUsed(db, { workspace_id: workspace.id, replay_key })
    return used.length === 0
  })
  if (!isUnused) throw new Failure('user_jwt_already_used', { hint: USED_UP })
}

const unused = keepUntil<string, boolean>(['used_tokens', '+used_tokens'], 5000)
const selectUsed = prepared((db, { workspace_id, replay_key }: { workspace_id: WorkspaceId; replay_key: string }) =>
  db.selectFrom('used_tokens').select('replay_key').where('workspace_id', '=', workspace_id).where('replay_key', '=', replay_key),
)

/** Takes the single use of a token; of two takers at once one is refused. */
export async function takeToken(db: Db, workspace: Workspace, { replay_key, replayable_until }: OneTimeUse): Promise<void> {
  const taken = await db
    .insertInto('used_tokens')
    .values({ workspace_id: workspace.id, replay_key, expires_at: replayable_until })
    .onConflict((conflict) => conflict.doNothing())
    .returning('replay_key')
    .executeTakeFirst()
  if (!taken) throw new Failure('user_jwt_already_used', { hint: USED_UP })
}
