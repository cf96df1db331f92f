import type { Instant, TeammateId, TeammateRole } from '#db/columns.ts'
import { recordAudit } from '#domain/audit/audit-log.ts'
import { Failure } from '#errors'
import { lockForAppend } from '#platform/database/advisory-lock.ts'
import { atomically, type Db } from '#platform/database/database.ts'
import { canChangeTeammate, canGiveRole } from './roles.ts'
import { resetSecondStep } from './change-second-step.ts'
import { forgetSecondStep } from './second-steps.ts'
import { endTeammateSessions } from './teammate-sessions.ts'
import { findTeammate, type Teammate } from './teammates.ts'

export async function changeTeammateRole(
  db: Db,
  asking: Teammate,
  { id, role }: { id: string; role: TeammateRole },
  now: Instant,
): Promise<Teammate> {
  return atomically(db, async (db) => {
    const actor = await whileInOffice(db, asking)
    const teammate = await getChangeable(db, actor, id)
    if (!canGiveRole(actor, role)) throw new Failure('permission_missing')
    if (teammate.role === role) return teammate
    const { workspace_id, email } = teammate
    const detail = `${teammate.role} → ${role}`
    await recordAudit(db, { workspace_id, teammate_id: actor.id, action: 'teammate.role_changed', subject: email, detail }, now)
    return updateTeammate(db, teammate, { role })
  })
}

/** Their sessions end, their API tokens and the invites they sent are void; what they wrote keeps their name. */
export async function removeTeammate(db: Db, asking: Teammate, id: string, now: Instant): Promise<void> {
  await atomically(db, async (db) => {
    const actor = await whileInOffice(db, asking)
    const teammate = await getChangeable(db, actor, id)
    const { workspace_id, email } = teammate
    await updateTeammate(db, teammate, { removed_at: now })
    await endTeammateSessions(db, teammate)
    await forgetSecondStep(db, teammate)
    for (const table of ['teammate_passwords', 'password_resets'] as const)
      await db.deleteFrom(table).where('workspace_id', '=', workspace_id).where('teammate_id', '=', teammate.id).execute()
    await db.deleteFrom('teammate_invites').where('workspace_id', '=', workspace_id).where('invited_by', '=', teammate.id).execute()
    await db
      .updateTable('api_tokens')
      .set({ revoked_at: now })
      .where('workspace_id', '=', workspace_id)
      .where('teammate_id', '=', teammate.id)
      .where('revoked_at', 'is', null)
      .execute()
    await recordAudit(db, { workspace_id, teammate_id: actor.id, action: 'teammate.removed', subject: email }, now)
  })
}

/** For somebody who lost phone and recovery codes: their password alone signs them in until they set it up anew. */
export async function resetTeammatesSecondStep(db: Db, asking: Teammate, id: string, now: Instant): Promise<Teammate> {
  return atomically(db, async (db) => {
    const actor = await whileInOffice(db, asking)
    const teammate = await getChangeable(db, actor, id)
    await resetSecondStep(db, teammate, actor, now)
    return teammate
  })
}

export async function renameTeammate(db: Db, teammate: Teammate, name: string): Promise<Teammate> {
  return updateTeammate(db, teammate, { name })
}

/** One change after the other, each by somebody who may still make it: of two owners who remove each other at once one stays. */
async function whileInOffice(db: Db, { workspace_id, id }: Teammate): Promise<Teammate> {
  await lockForAppend(db, workspace_id)
  const actor = await findTeammate(db, { id: workspace_id }, String(id))
  if (!actor) throw new Failure('permission_missing')
  return actor
}

/** A teammate of the actor's workspace whom the actor may change. */
export async function getChangeable(db: Db, actor: Teammate, id: string): Promise<Teammate> {
  const teammate = await findTeammate(db, { id: actor.workspace_id }, id)
  if (!teammate) throw new Failure('not_found')
  if (!canChangeTeammate(actor, teammate)) throw new Failure('permission_missing')
  return teammate
}

async function updateTeammate(
  db: Db,
  { workspace_id, id }: { workspace_id: Teammate['workspace_id']; id: TeammateId },
  change: Partial<Pick<Teammate, 'name' | 'role' | 'removed_at'>>,
): Promise<Teammate> {
  return db
    .updateTable('teammates')
    .set(change)
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}
