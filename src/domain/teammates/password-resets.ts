import type { Instant } from '#db/columns.ts'
import { recordAudit } from '#domain/audit/audit-log.ts'
import { Failure } from '#errors'
import { atomically, type Db } from '#platform/database/database.ts'
import { hashOf, newSecret } from '#platform/ids/ids.ts'
import { hashPassword, MOST_WORKSPACES, storePassword, teammatesWithPassword } from './passwords.ts'
import { endTeammateSessions } from './teammate-sessions.ts'
import type { Teammate } from './teammates.ts'

const RESET_LIFE = 3_600_000

/** The code for a link that works once, within the hour; an earlier one is void. `actor` is who asked for it, if that is known. */
export async function createPasswordReset(db: Db, teammate: Teammate, actor: Teammate | null, now: Instant): Promise<string> {
  const code = newSecret()
  const { workspace_id, id, email } = teammate
  const fresh = { code_hash: hashOf(code), created_at: now, expires_at: now + RESET_LIFE }
  await atomically(db, async (db) => {
    await db
      .insertInto('password_resets')
      .values({ workspace_id, teammate_id: id, ...fresh })
      .onConflict((conflict) => conflict.columns(['workspace_id', 'teammate_id']).doUpdateSet(fresh))
      .execute()
    await recordAudit(db, { workspace_id, teammate_id: actor?.id ?? null, action: 'password.reset_asked', subject: email }, now)
  })
  return code
}

/** Whom a forgotten password may belong to, in all workspaces. */
export async function findTeammatesWithPassword(db: Db, email: string): Promise<Teammate[]> {
  return teammatesWithPassword(db, email).selectAll('teammates').limit(MOST_WORKSPACES).execute()
}

/** Whose password an unused code sets, without using it. Throws `reset_invalid`. */
export async function readPasswordReset(db: Db, code: string, now: Instant): Promise<Teammate> {
  const teammate = await db
    .selectFrom('password_resets')
    .innerJoin('teammates', (join) =>
      join.onRef('teammates.workspace_id', '=', 'password_resets.workspace_id').onRef('teammates.id', '=', 'password_resets.teammate_id'),
    )
    .selectAll('teammates')
    .where('code_hash', '=', hashOf(code))
    .where('expires_at', '>', now)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  if (!teammate) throw new Failure('reset_invalid')
  return teammate
}

/** The code's one use: every session of before ends. */
export async function resetPassword(db: Db, code: string, password: string, now: Instant): Promise<Teammate> {
  const teammate = await readPasswordReset(db, code, now)
  const password_hash = await hashPassword(password, teammate)
  return atomically(db, async (db) => {
    const taken = await db.deleteFrom('password_resets').where('code_hash', '=', hashOf(code)).returning('expires_at').executeTakeFirst()
    if (!taken || now >= taken.expires_at) throw new Failure('reset_invalid')
    await replacePassword(db, teammate, password_hash, now)
    return teammate
  })
}

/** Ends every session of the teammate, and every link that could set another password. */
export async function replacePassword(db: Db, teammate: Teammate, password_hash: string, now: Instant): Promise<void> {
  const { workspace_id, id, email } = teammate
  await storePassword(db, teammate, password_hash, now)
  await endTeammateSessions(db, teammate)
  await db.deleteFrom('password_resets').where('workspace_id', '=', workspace_id).where('teammate_id', '=', id).execute()
  await recordAudit(db, { workspace_id, teammate_id: id, action: 'password.changed', subject: email }, now)
}
