import type { Selectable } from 'kysely'
import type { TeammateInvitesTable } from '#db/teammate-tables.ts'
import type { Instant, InviteId, TeammateRole, WorkspaceId } from '#db/columns.ts'
import { recordAudit } from '#domain/audit/audit-log.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { Failure } from '#errors'
import { atomically, type Db } from '#platform/database/database.ts'
import { hashOf, newSecret } from '#platform/ids/ids.ts'
import { findPasswordHash, hashPassword, storePassword } from './passwords.ts'
import { canGiveRole } from './roles.ts'
import { addTeammate, emailAddress, findTeammate, findTeammateByEmail, type Teammate } from './teammates.ts'

const DAY = 24 * 3_600_000
const INVITE_LIFE = DAY
/** One that ran out is still listed, to be sent again; then nobody waits for it any more. */
const LISTED_MS = 30 * DAY

export type Invite = Omit<Selectable<TeammateInvitesTable>, 'code_hash'>

const COLUMNS = ['id', 'workspace_id', 'email', 'role', 'invited_by', 'created_at', 'expires_at'] as const

/**
 * The code is for the link, and known only here; an earlier link to the same address is void from now on. `by` is null where
 * the command line invites.
 */
export async function inviteTeammate(
  db: Db,
  workspace: Pick<Workspace, 'id'>,
  { email, role, by }: { email: string; role: TeammateRole; by: Teammate | null },
  now: Instant,
): Promise<{ invite: Invite; code: string }> {
  if (by && !canGiveRole(by, role)) throw new Failure('permission_missing')
  const code = newSecret()
  const workspace_id = workspace.id
  const teammate_id = by?.id ?? null
  const address = emailAddress(email)
  return atomically(db, async (db) => {
    const known = await findTeammateByEmail(db, workspace, address)
    if (known?.removed_at === null && (await findPasswordHash(db, known))) throw new Failure('teammate_exists', { field: 'email' })
    const fresh = { role, code_hash: hashOf(code), invited_by: teammate_id, created_at: now, expires_at: now + INVITE_LIFE }
    const invite = await db
      .insertInto('teammate_invites')
      .values({ workspace_id, email: address, ...fresh })
      .onConflict((conflict) => conflict.columns(['workspace_id', 'email']).doUpdateSet(fresh))
      .returning(COLUMNS)
      .executeTakeFirstOrThrow()
    await recordAudit(db, { workspace_id, teammate_id, action: 'teammate.invited', subject: address, detail: role }, now)
    return { invite, code }
  })
}

/** Also those that ran out: one can be sent again. */
export async function listInvites(db: Db, workspace: Pick<Workspace, 'id'>): Promise<Invite[]> {
  return db.selectFrom('teammate_invites').select(COLUMNS).where('workspace_id', '=', workspace.id).orderBy('email').execute()
}

export async function pruneInvites(db: Db, now: Instant): Promise<void> {
  await db
    .deleteFrom('teammate_invites')
    .where('expires_at', '<=', now - LISTED_MS)
    .execute()
}

export async function getInvite(db: Db, workspace: Pick<Workspace, 'id'>, id: number): Promise<Invite> {
  const invite = await db
    .selectFrom('teammate_invites')
    .select(COLUMNS)
    .where('workspace_id', '=', workspace.id)
    .where('id', '=', id as InviteId)
    .executeTakeFirst()
  if (!invite) throw new Failure('not_found')
  return invite
}

export async function withdrawInvite(db: Db, actor: Teammate, id: number, now: Instant): Promise<void> {
  const { workspace_id } = actor
  await atomically(db, async (db) => {
    const invite = await getInvite(db, { id: workspace_id }, id)
    if (!canGiveRole(actor, invite.role)) throw new Failure('permission_missing')
    await db.deleteFrom('teammate_invites').where('workspace_id', '=', workspace_id).where('id', '=', invite.id).execute()
    await recordAudit(db, { workspace_id, teammate_id: actor.id, action: 'invite.withdrawn', subject: invite.email }, now)
  })
}

/** What an unused code stands for, without using it: a link scanner may open it. Throws `invite_invalid`. */
export async function readInvite(db: Db, code: string, now: Instant): Promise<{ invite: Invite; workspace: Workspace }> {
  const invite = await db
    .selectFrom('teammate_invites')
    .select(COLUMNS)
    .where('code_hash', '=', hashOf(code))
    .where('expires_at', '>', now)
    .executeTakeFirst()
  if (!invite || !(await isInviterGood(db, invite))) throw new Failure('invite_invalid')
  const workspace = await db.selectFrom('workspaces').selectAll().where('id', '=', invite.workspace_id).executeTakeFirstOrThrow()
  return { invite, workspace }
}

/** The code's one use: the invited address becomes a teammate with this password. */
export async function acceptInvite(
  db: Db,
  code: string,
  { name, password }: { name: string; password: string },
  now: Instant,
): Promise<Teammate> {
  const { invite } = await readInvite(db, code, now)
  const password_hash = await hashPassword(password, invite)
  return atomically(db, async (db) => {
    const taken = await db.deleteFrom('teammate_invites').where('code_hash', '=', hashOf(code)).returning(COLUMNS).executeTakeFirst()
    if (!taken || now >= taken.expires_at || !(await isInviterGood(db, taken))) throw new Failure('invite_invalid')
    const { workspace_id, email, role } = taken
    const teammate = await enlist(db, workspace_id, { name, email, role }, now)
    await storePassword(db, teammate, password_hash, now)
    await recordAudit(db, { workspace_id, teammate_id: teammate.id, action: 'teammate.joined', subject: email, detail: role }, now)
    return teammate
  })
}

/** New, or somebody who spoke through the API only, or who was here before. */
export async function enlist(
  db: Db,
  workspace_id: WorkspaceId,
  { name, email, role }: { name: string; email: string; role: TeammateRole },
  now: Instant,
): Promise<Teammate> {
  const known = await findTeammateByEmail(db, { id: workspace_id }, email)
  if (!known) return addTeammate(db, { id: workspace_id }, { name, email, role }, now)
  return db
    .updateTable('teammates')
    .set({ name, role, removed_at: null })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', known.id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** An invite is worth no more than its inviter may give today. */
async function isInviterGood(db: Db, { workspace_id, invited_by, role }: Invite): Promise<boolean> {
  if (invited_by === null) return true
  const inviter = await findTeammate(db, { id: workspace_id }, String(invited_by))
  return inviter !== undefined && canGiveRole(inviter, role)
}
