import type { ContactId, Instant, SessionId } from '#db/columns.ts'
import { Failure } from '#errors'
import type { Db } from '#platform/database/database.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { isVouchedFor, listSessions, type Session } from './sessions.ts'
import { signOut } from './sign-outs.ts'

/** Where a person is signed in. What was handed over to another host is part of the session it ends with. */
export async function listOwnSessions(
  db: Db,
  workspace: Workspace,
  { contact_id, now }: { contact_id: ContactId; now: Instant },
): Promise<Session[]> {
  const all = await listSessions(db, workspace, { contact_id, now })
  return all.filter((session) => isVouchedFor(session) && session.parent_session_id === null && session.ends_at > now)
}

/** Somebody else's session is not there. */
export async function endOwnSession(
  db: Db,
  workspace: Workspace,
  { contact_id, id }: { contact_id: ContactId; id: SessionId },
  now: Instant,
): Promise<void> {
  const roots = (await listRoots(db, workspace, contact_id)).filter((root) => root === id)
  if (roots.length === 0) throw new Failure('not_found')
  await signOut(db, workspace, { roots }, now)
}

/** All but this one, and what was handed over from it. */
export async function endOtherSessions(
  db: Db,
  workspace: Workspace,
  { contact_id, kept }: { contact_id: ContactId; kept: SessionId },
  now: Instant,
): Promise<void> {
  const roots = (await listRoots(db, workspace, contact_id)).filter((root) => root !== kept)
  await signOut(db, workspace, { roots }, now)
}

async function listRoots(db: Db, workspace: Workspace, contact_id: ContactId): Promise<SessionId[]> {
  const roots = await db
    .selectFrom('sessions')
    .select('id')
    .where('workspace_id', '=', workspace.id)
    .where('contact_id', '=', contact_id)
    .where('parent_session_id', 'is', null)
    .execute()
  return roots.map(({ id }) => id)
}
