import type { Instant } from '#db/columns.ts'
import { recordAudit } from '#domain/audit/audit-log.ts'
import { Failure } from '#errors'
import { atomically, type Db } from '#platform/database/database.ts'
import { findPasswordHash, hashPassword, verifyPassword } from './passwords.ts'
import { replacePassword } from './password-resets.ts'
import { notePasswordCheck, type TeammateSession } from './teammate-sessions.ts'
import type { Teammate } from './teammates.ts'

/** Ends every session of the teammate, also the one that asks. Throws `password_wrong`. */
export async function changePassword(
  db: Db,
  teammate: Teammate,
  { current, password }: { current: string; password: string },
  now: Instant,
): Promise<void> {
  await requirePassword(db, teammate, { password: current, field: 'current' }, now)
  const password_hash = await hashPassword(password, teammate)
  await atomically(db, (db) => replacePassword(db, teammate, password_hash, now))
}

/** For the next minutes this session may show and change secrets. Throws `password_wrong`. */
export async function checkPassword(
  db: Db,
  { teammate, session }: { teammate: Teammate; session: TeammateSession },
  password: string,
  now: Instant,
): Promise<void> {
  await requirePassword(db, teammate, { password, field: 'password' }, now)
  const { workspace_id, id, email } = teammate
  await atomically(db, async (db) => {
    await notePasswordCheck(db, session, now)
    await recordAudit(db, { workspace_id, teammate_id: id, action: 'password.checked', subject: email }, now)
  })
}

async function requirePassword(
  db: Db,
  teammate: Teammate,
  { password, field }: { password: string; field: string },
  now: Instant,
): Promise<void> {
  if (await verifyPassword(password, await findPasswordHash(db, teammate))) return
  const { workspace_id, id, email } = teammate
  await recordAudit(db, { workspace_id, teammate_id: id, action: 'password.check_refused', subject: email }, now)
  throw new Failure('password_wrong', { field })
}
