import type { ContactId, Instant, SessionId } from '#db/schema.ts'
import { Failure } from '#errors'
import type { Db } from '#platform/database/database.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { isVouchedFor, listSessions, type Session } from './sessions.ts'

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
): Promise<void> {
  const ended = await db
    .deleteFrom('sessions')
    .where('workspace_id', '=', workspace.id)
    .where('contact_id', '=', contact_id)
    .where('id', '=', id)
    .where('parent_session_id', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (!ended) throw new Failure('not_found')
}

/** All but this one, and what was handed over from it. */
export async function endOtherSessions(
  db: Db,
  workspace: Workspace,
  { contact_id, kept }: { contact_id: ContactId; kept: SessionId },
): Promise<void> {
  await db
    .deleteFrom('sessions')
    .where('workspace_id', '=', workspace.id)
    .where('contact_id', '=', contact_id)
    .where('id', '<>', kept)
    .where((row) => row.or([row('parent_session_id', 'is', null), row('parent_session_id', '<>', kept)]))
    .execute()
}
