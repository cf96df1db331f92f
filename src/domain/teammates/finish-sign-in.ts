import type { Instant } from '#db/columns.ts'
import { recordAudit } from '#domain/audit/audit-log.ts'
import { Failure } from '#errors'
import { lockForAppend } from '#platform/database/advisory-lock.ts'
import { atomically, type Db } from '#platform/database/database.ts'
import type { Encryption } from '#platform/encryption/encryption.ts'
import { readHalfSignIn, startHalfSignIn, takeHalfSignIn } from './half-sign-ins.ts'
import { countRecoveryCodes, takeRecoveryCode } from './recovery-codes.ts'
import { findSecondStep, takeCode } from './second-steps.ts'
import { startTeammateSession } from './teammate-sessions.ts'
import type { Teammate } from './teammates.ts'

export interface Visit {
  device: string
  address: string
  now: Instant
}

/** `half` is the secret of a sign-in that waits for its code, `secret` that of a session. */
export type Entry = { teammate: Teammate; secret: string } | { teammate: Teammate; half: string }

/** After the password, or a link in its place: a session, unless the teammate has a second step. */
export async function enter(db: Db, teammate: Teammate, visit: Visit): Promise<Entry> {
  return atomically(db, async (db) => {
    // Turning the second step on waits, and then ends the session that starts here.
    await lockForAppend(db, teammate.workspace_id)
    if (await findSecondStep(db, teammate)) return { teammate, half: await startHalfSignIn(db, teammate, visit.now) }
    return { teammate, secret: await startTeammateSession(db, teammate, visit) }
  })
}

/** Throws `sign_in_expired`, `code_wrong`. */
export async function finishSignIn(
  db: Db,
  encryption: Encryption,
  { half, code, isRecovery }: { half: string; code: string; isRecovery: boolean },
  visit: Visit,
): Promise<{ teammate: Teammate; secret: string }> {
  const { now } = visit
  const teammate = await readHalfSignIn(db, half, now)
  const secret = await atomically(db, async (db) => {
    const isGood = isRecovery ? await takeRecoveryCode(db, teammate, code) : await takeCode(db, encryption, teammate, { code, now })
    if (!isGood) return undefined
    // Thrown, it gives the code back: what was proved has led nowhere.
    await takeHalfSignIn(db, half, now)
    if (isRecovery)
      await record(db, teammate, visit, { action: 'recovery_code.used', subject: teammate.email, detail: await leftOf(db, teammate) })
    await record(db, teammate, visit, { action: 'teammate.signed_in', detail: visit.device })
    return startTeammateSession(db, teammate, visit)
  })
  if (secret !== undefined) return { teammate, secret }
  const { workspace_id, email } = teammate
  // Whoever knows the password is not yet known to be the teammate.
  await recordAudit(
    db,
    { workspace_id, teammate_id: null, action: 'second_step.code_refused', subject: email, address: visit.address },
    now,
  )
  throw new Failure('code_wrong', { field: 'code' })
}

async function leftOf(db: Db, teammate: Teammate): Promise<string> {
  return `${await countRecoveryCodes(db, teammate)} left`
}

async function record(
  db: Db,
  { workspace_id, id }: Teammate,
  { address, now }: Visit,
  entry: { action: `${string}.${string}`; subject?: string; detail?: string },
): Promise<void> {
  await recordAudit(db, { workspace_id, teammate_id: id, address, ...entry }, now)
}
