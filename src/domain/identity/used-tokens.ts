import type { Instant } from '#db/schema.ts'
import { Failure } from '#errors'
import type { Db } from '#platform/database/database.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'

export interface OneTimeUse {
  replay_key: string
  replayable_until: Instant
}

export async function refuseUsedToken(db: Db, workspace: Workspace, { replay_key }: OneTimeUse): Promise<void> {
  const used = await db
    .selectFrom('used_tokens')
    .select('replay_key')
    .where('workspace_id', '=', workspace.id)
    .where('replay_key', '=', replay_key)
    .executeTakeFirst()
  if (used) throw new Failure('user_jwt_already_used')
}

/** Takes the single use of a token; of two takers at once one is refused. */
export async function takeToken(db: Db, workspace: Workspace, { replay_key, replayable_until }: OneTimeUse): Promise<void> {
  const taken = await db
    .insertInto('used_tokens')
    .values({ workspace_id: workspace.id, replay_key, expires_at: replayable_until })
    .onConflict((conflict) => conflict.doNothing())
    .returning('replay_key')
    .executeTakeFirst()
  if (!taken) throw new Failure('user_jwt_already_used')
}
