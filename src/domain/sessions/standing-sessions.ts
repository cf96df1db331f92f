import type { Instant, SessionId } from '#db/columns.ts'
import type { Db } from '#platform/database/database.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'

const AT_ONCE = 500

/** Which of these sessions are still alive, as is the one each may end with, and belong to nobody who was blocked. */
export async function findStandingSessions(
  db: Db,
  workspace: Pick<Workspace, 'id'>,
  ids: SessionId[],
  now: Instant,
): Promise<Set<SessionId>> {
  const standing = new Set<SessionId>()
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const rows = await db
      .selectFrom('sessions')
      .leftJoin('contacts', (join) =>
        join.onRef('contacts.workspace_id', '=', 'sessions.workspace_id').onRef('contacts.id', '=', 'sessions.contact_id'),
      )
      .leftJoin('sessions as parents', (join) =>
        join.onRef('parents.workspace_id', '=', 'sessions.workspace_id').onRef('parents.id', '=', 'sessions.parent_session_id'),
      )
      .select('sessions.id')
      .where('sessions.workspace_id', '=', workspace.id)
      .where('sessions.id', 'in', ids.slice(from, from + AT_ONCE))
      .where('sessions.expires_at', '>', now)
      .where('sessions.ends_at', '>', now)
      .where((row) =>
        row.or([row('parents.id', 'is', null), row.and([row('parents.expires_at', '>', now), row('parents.ends_at', '>', now)])]),
      )
      .where('contacts.blocked_at', 'is', null)
      .execute()
    for (const { id } of rows) standing.add(id)
  }
  return standing
}
