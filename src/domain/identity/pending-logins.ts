import { z } from 'zod'
import type { Instant, MessengerSecretId } from '#db/schema.ts'
import { hashOf, newSecret } from '#platform/ids/ids.ts'
import type { Db } from '#platform/database/database.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { VerifiedUser } from './user-jwt.ts'

const WAITS_MS = 5 * 60_000

const PendingPayload = z.object({ payload: z.record(z.string(), z.unknown()), state: z.string().nullable(), fromListedOrigin: z.boolean() })

/** A verified login that waits for its person; the token itself is not kept. */
export interface PendingLogin {
  payload: Map<string, unknown>
  state: string | null
  fromListedOrigin: boolean
  replay_key: string
  token_expires_at: Instant
  messenger_secret_id: MessengerSecretId
  return_to: string
}

/** Answers the code that goes into the waiting browser's cookie. */
export async function keepPendingLogin(
  db: Db,
  workspace: Workspace,
  user: VerifiedUser,
  {
    payload,
    return_to,
    state,
    fromListedOrigin,
    now,
  }: { payload: Map<string, unknown>; return_to: string; state: string | null; fromListedOrigin: boolean; now: Instant },
): Promise<string> {
  const code = newSecret()
  await db
    .insertInto('pending_logins')
    .values({
      code_hash: hashOf(code),
      workspace_id: workspace.id,
      claims: JSON.stringify({ payload: Object.fromEntries(payload), state, fromListedOrigin }),
      replay_key: user.replay_key,
      token_expires_at: user.replayable_until,
      messenger_secret_id: user.key.row.id,
      door: 'login_jwt',
      return_to,
      expires_at: Math.min(now + WAITS_MS, user.replayable_until),
    })
    .execute()
  return code
}

export async function findPendingLogin(db: Db, workspace: Workspace, code: string, now: Instant): Promise<PendingLogin | undefined> {
  const row = await db
    .selectFrom('pending_logins')
    .selectAll()
    .where('code_hash', '=', hashOf(code))
    .where('workspace_id', '=', workspace.id)
    .executeTakeFirst()
  return row && row.expires_at > now ? readPending(row) : undefined
}

/** Of two presses one gets it. */
export async function takePendingLogin(db: Db, workspace: Workspace, code: string, now: Instant): Promise<PendingLogin | undefined> {
  const row = await db
    .deleteFrom('pending_logins')
    .where('code_hash', '=', hashOf(code))
    .where('workspace_id', '=', workspace.id)
    .returningAll()
    .executeTakeFirst()
  return row && row.expires_at > now ? readPending(row) : undefined
}

function readPending(row: {
  claims: string
  replay_key: string
  token_expires_at: Instant
  messenger_secret_id: MessengerSecretId
  return_to: string
}): PendingLogin {
  const { payload, state, fromListedOrigin } = PendingPayload.parse(JSON.parse(row.claims))
  const { replay_key, token_expires_at, messenger_secret_id, return_to } = row
  return {
    payload: new Map(Object.entries(payload)),
    state,
    fromListedOrigin,
    replay_key,
    token_expires_at,
    messenger_secret_id,
    return_to,
  }
}
