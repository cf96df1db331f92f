import type { Instant } from '#db/columns.ts'
import { recordAudit } from '#domain/audit/audit-log.ts'
import { enlist } from '#domain/teammates/invites.ts'
import { hashPassword, storePassword } from '#domain/teammates/passwords.ts'
import { emailAddress, type Teammate } from '#domain/teammates/teammates.ts'
import { getWorkspace } from '#domain/workspaces/workspaces.ts'
import { Failure } from '#errors'
import { lockForAppend } from '#platform/database/advisory-lock.ts'
import { atomically, type Db } from '#platform/database/database.ts'
import { openWorkspace, type NewWorkspace } from './open-workspace.ts'

/** No workspace has this id, so no event log has this lock. */
const SET_UP_LOCK = 0

export interface FirstOwner {
  name: string
  email: string
  password: string
  /** The app_id of a workspace that stands, or the one to open. */
  workspace: string | NewWorkspace
}

export async function isSetUp(db: Db): Promise<boolean> {
  return (await db.selectFrom('teammates').select('id').where('role', '=', 'owner').limit(1).executeTakeFirst()) !== undefined
}

/** Once in an installation's life: its first teammate with a password, who is an owner. Throws `set_up_done` ever after. */
export async function setUpFirstOwner(db: Db, owner: FirstOwner, now: Instant): Promise<Teammate> {
  if (await isSetUp(db)) throw new Failure('set_up_done')
  const email = emailAddress(owner.email)
  const password_hash = await hashPassword(owner.password, { email })
  return atomically(db, async (db) => {
    await lockForAppend(db, SET_UP_LOCK)
    if (await isSetUp(db)) throw new Failure('set_up_done')
    const workspace =
      typeof owner.workspace === 'string'
        ? await getWorkspace(db, owner.workspace)
        : (await openWorkspace(db, owner.workspace, now)).workspace
    const teammate = await enlist(db, workspace.id, { name: owner.name, email, role: 'owner' }, now)
    await storePassword(db, teammate, password_hash, now)
    await recordAudit(db, { workspace_id: workspace.id, teammate_id: teammate.id, action: 'installation.set_up', subject: email }, now)
    return teammate
  })
}
