import type { Selectable } from 'kysely'
import type { TeammateSessionsTable } from '#db/teammate-tables.ts'
import type { Instant, TeammateSessionId } from '#db/columns.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { Db } from '#platform/database/database.ts'
import { hashOf, newSecret } from '#platform/ids/ids.ts'
import { endHalfSignIns } from './half-sign-ins.ts'
import type { Teammate } from './teammates.ts'

const HOUR = 3_600_000
/** Over a weekend, and no longer. */
export const TEAMMATE_IDLE_LIFE = 72 * HOUR
export const TEAMMATE_WHOLE_LIFE = 30 * 24 * HOUR
/** For so long a password that was given counts as given just now. */
export const PASSWORD_FRESH = HOUR / 6
const TOUCH_STEP = 60_000

export type TeammateSession = Omit<Selectable<TeammateSessionsTable>, 'secret_hash'>

/** Who is at work: the session, its teammate, and the workspace that everything is scoped by. */
export interface AtWork {
  session: TeammateSession
  teammate: Teammate
  workspace: Workspace
}

const COLUMNS = [
  ...(['id', 'workspace_id', 'teammate_id', 'device', 'address', 'password_checked_at'] as const),
  ...(['created_at', 'last_seen_at', 'expires_at', 'ends_at'] as const),
] as const

/** Answers the secret for the cookie; only its hash is stored. The password, or a link in its place, was given just now. */
export async function startTeammateSession(
  db: Db,
  teammate: Teammate,
  { device, address, now }: { device: string; address: string; now: Instant },
): Promise<string> {
  const secret = newSecret()
  await db
    .insertInto('teammate_sessions')
    .values({
      ...{ workspace_id: teammate.workspace_id, teammate_id: teammate.id, secret_hash: hashOf(secret), device, address },
      ...{ password_checked_at: now, created_at: now, last_seen_at: now },
      ...{ expires_at: now + TEAMMATE_IDLE_LIFE, ends_at: now + TEAMMATE_WHOLE_LIFE },
    })
    .execute()
  return secret
}

/** The living session behind a cookie's secret; its use is written down, once a minute. */
export async function resumeTeammateSession(db: Db, secret: string, now: Instant): Promise<AtWork | undefined> {
  const session = await db.selectFrom('teammate_sessions').select(COLUMNS).where('secret_hash', '=', hashOf(secret)).executeTakeFirst()
  if (!session || now >= session.expires_at || now >= session.ends_at) return undefined
  const { workspace_id } = session
  const teammate = await db
    .selectFrom('teammates')
    .selectAll()
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', session.teammate_id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  if (!teammate) return undefined
  const workspace = await db.selectFrom('workspaces').selectAll().where('id', '=', workspace_id).executeTakeFirstOrThrow()
  if (now - session.last_seen_at >= TOUCH_STEP) await touch(db, session, now)
  return { session, teammate, workspace }
}

async function touch(db: Db, { workspace_id, id }: TeammateSession, now: Instant): Promise<void> {
  await db
    .updateTable('teammate_sessions')
    .set({ last_seen_at: now, expires_at: now + TEAMMATE_IDLE_LIFE })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .execute()
}

export async function notePasswordCheck(db: Db, { workspace_id, id }: TeammateSession, now: Instant): Promise<void> {
  await db
    .updateTable('teammate_sessions')
    .set({ password_checked_at: now })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .execute()
}

export function isPasswordFresh(session: TeammateSession, now: Instant): boolean {
  return now - session.password_checked_at < PASSWORD_FRESH
}

export async function listTeammateSessions(db: Db, { workspace_id, id }: Teammate, now: Instant): Promise<TeammateSession[]> {
  return db
    .selectFrom('teammate_sessions')
    .select(COLUMNS)
    .where('workspace_id', '=', workspace_id)
    .where('teammate_id', '=', id)
    .where('expires_at', '>', now)
    .where('ends_at', '>', now)
    .orderBy('last_seen_at', 'desc')
    .execute()
}

/** One of this teammate's own; false if there is none. */
export async function endTeammateSession(db: Db, teammate: Teammate, id: number): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('teammate_sessions')
    .where('workspace_id', '=', teammate.workspace_id)
    .where('teammate_id', '=', teammate.id)
    .where('id', '=', id as TeammateSessionId)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

/** All of a teammate's, but the one to keep; a sign-in that waits for its code is over too. */
export async function endTeammateSessions(db: Db, teammate: Teammate, { keep }: { keep?: TeammateSessionId } = {}): Promise<number> {
  await endHalfSignIns(db, teammate)
  let query = db.deleteFrom('teammate_sessions').where('workspace_id', '=', teammate.workspace_id).where('teammate_id', '=', teammate.id)
  if (keep !== undefined) query = query.where('id', '<>', keep)
  return Number((await query.executeTakeFirstOrThrow()).numDeletedRows)
}

export async function endTeammateSessionBySecret(db: Db, secret: string): Promise<void> {
  await db.deleteFrom('teammate_sessions').where('secret_hash', '=', hashOf(secret)).execute()
}
