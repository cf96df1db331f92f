import type { Instant } from '#db/columns.ts'
import { recordAudit } from '#domain/audit/audit-log.ts'
import { Failure } from '#errors'
import { atomically, type Db } from '#platform/database/database.ts'
import type { Encryption } from '#platform/encryption/encryption.ts'
import { replaceRecoveryCodes } from './recovery-codes.ts'
import { findSecondStep, forgetSecondStep, takeAnyCode } from './second-steps.ts'
import { endTeammateSessions } from './teammate-sessions.ts'
import type { Teammate } from './teammates.ts'

type Given = { code: string; now: Instant }

/** Their own, with a code or a recovery code. Throws `second_step_off`, `code_wrong`. */
export async function turnOffSecondStep(db: Db, encryption: Encryption, teammate: Teammate, given: Given): Promise<void> {
  await withCode(db, teammate, given, async (db) => {
    if (!(await takeAnyCode(db, encryption, teammate, given))) return undefined
    await record(db, teammate, 'second_step.turned_off', given.now)
    return forgetSecondStep(db, teammate)
  })
}

/** Ten new ones; those of before are void. Throws `second_step_off`, `code_wrong`. */
export async function renewRecoveryCodes(db: Db, encryption: Encryption, teammate: Teammate, given: Given): Promise<string[]> {
  return withCode(db, teammate, given, async (db) => {
    if (!(await takeAnyCode(db, encryption, teammate, given))) return undefined
    await record(db, teammate, 'recovery_codes.renewed', given.now)
    return replaceRecoveryCodes(db, teammate, given.now)
  })
}

/** Somebody else's, or by the command line (`actor` null); every session of that teammate ends. Throws `second_step_off`. */
export async function resetSecondStep(db: Db, teammate: Teammate, actor: Teammate | null, now: Instant): Promise<void> {
  const { workspace_id, email } = teammate
  await atomically(db, async (db) => {
    if (!(await forgetSecondStep(db, teammate))) throw new Failure('second_step_off')
    await endTeammateSessions(db, teammate)
    await recordAudit(db, { workspace_id, teammate_id: actor?.id ?? null, action: 'second_step.reset', subject: email }, now)
  })
}

/** `change` answers undefined where the code was wrong: that is written down, and nothing else. */
async function withCode<T>(db: Db, teammate: Teammate, { now }: Given, change: (db: Db) => Promise<T | undefined>): Promise<T> {
  if (!(await findSecondStep(db, teammate))) throw new Failure('second_step_off')
  const changed = await atomically(db, change)
  if (changed !== undefined) return changed
  await record(db, teammate, 'second_step.code_refused', now)
  throw new Failure('code_wrong', { field: 'code' })
}

async function record(db: Db, { workspace_id, id, email }: Teammate, action: `${string}.${string}`, now: Instant): Promise<void> {
  await recordAudit(db, { workspace_id, teammate_id: id, action, subject: email }, now)
}
