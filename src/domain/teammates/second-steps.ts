import type { Instant, TeammateSessionId } from '#db/columns.ts'
import { recordAudit } from '#domain/audit/audit-log.ts'
import { Failure } from '#errors'
import { lockForAppend } from '#platform/database/advisory-lock.ts'
import { atomically, type Db } from '#platform/database/database.ts'
import type { Encryption } from '#platform/encryption/encryption.ts'
import { endHalfSignIns } from './half-sign-ins.ts'
import { deleteRecoveryCodes, replaceRecoveryCodes, takeRecoveryCode } from './recovery-codes.ts'
import { endTeammateSessions } from './teammate-sessions.ts'
import type { Teammate } from './teammates.ts'
import { findTotpStep } from './totp.ts'

type Owner = Pick<Teammate, 'workspace_id' | 'id'>

/** When it was turned on; undefined where the password is enough. */
export async function findSecondStep(db: Db, { workspace_id, id }: Owner): Promise<{ turned_on_at: Instant } | undefined> {
  return db
    .selectFrom('second_steps')
    .select('turned_on_at')
    .where('workspace_id', '=', workspace_id)
    .where('teammate_id', '=', id)
    .executeTakeFirst()
}

/**
 * The secret is the teammate's from now on, since they gave a code of it, and that code is used up. Answers the recovery codes.
 * Every other session began with the password alone, and ends. Throws `second_step_on`, `code_wrong`.
 */
export async function turnOnSecondStep(
  db: Db,
  encryption: Encryption,
  { teammate, session, secret, code }: { teammate: Teammate; session: { id: TeammateSessionId }; secret: string; code: string },
  now: Instant,
): Promise<string[]> {
  const step = findTotpStep(secret, code, now)
  if (step === undefined) throw new Failure('code_wrong', { field: 'code' })
  const { workspace_id, id, email } = teammate
  const sealed_secret = encryption.seal(secret, contextOf(teammate))
  return atomically(db, async (db) => {
    await lockForAppend(db, workspace_id)
    const made = await db
      .insertInto('second_steps')
      .values({ workspace_id, teammate_id: id, sealed_secret, last_step: step, turned_on_at: now })
      .onConflict((conflict) => conflict.columns(['workspace_id', 'teammate_id']).doNothing())
      .returning('turned_on_at')
      .executeTakeFirst()
    if (!made) throw new Failure('second_step_on')
    await endTeammateSessions(db, teammate, { keep: session.id })
    await recordAudit(db, { workspace_id, teammate_id: id, action: 'second_step.turned_on', subject: email }, now)
    return replaceRecoveryCodes(db, teammate, now)
  })
}

/** A code of the authenticator app works once, and none before it works after it; true if this one did. */
export async function takeCode(
  db: Db,
  encryption: Encryption,
  owner: Owner,
  { code, now }: { code: string; now: Instant },
): Promise<boolean> {
  const row = await db
    .selectFrom('second_steps')
    .select('sealed_secret')
    .where('workspace_id', '=', owner.workspace_id)
    .where('teammate_id', '=', owner.id)
    .executeTakeFirst()
  const step = row && findTotpStep(encryption.open(row.sealed_secret, contextOf(owner)), code, now)
  if (step === undefined) return false
  // Of two requests with the same code only one finds a step before it.
  const { numUpdatedRows } = await db
    .updateTable('second_steps')
    .set({ last_step: step })
    .where('workspace_id', '=', owner.workspace_id)
    .where('teammate_id', '=', owner.id)
    .where('last_step', '<', step)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** Either kind: what the teammate has at hand. A recovery code needs no key, so it works where that is lost. */
export async function takeAnyCode(db: Db, encryption: Encryption, owner: Owner, given: { code: string; now: Instant }): Promise<boolean> {
  return (await takeRecoveryCode(db, owner, given.code)) || takeCode(db, encryption, owner, given)
}

/** Nothing of it is left, and a sign-in that waited for its code is over. False where there was none. */
export async function forgetSecondStep(db: Db, owner: Owner): Promise<boolean> {
  const { workspace_id, id } = owner
  await deleteRecoveryCodes(db, owner)
  await endHalfSignIns(db, owner)
  const { numDeletedRows } = await db
    .deleteFrom('second_steps')
    .where('workspace_id', '=', workspace_id)
    .where('teammate_id', '=', id)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

/** A row copied to another teammate opens nothing there. */
function contextOf({ workspace_id, id }: Owner): string {
  return `teammate ${workspace_id}/${id}`
}
