import type { Instant, SessionId } from '#db/columns.ts'
import { Failure } from '#errors'
import { hashOf, newSecret } from '#platform/ids/ids.ts'
import type { Db } from '#platform/database/database.ts'
import type { Contact } from '#domain/contacts/contacts.ts'
import type { Host, Workspace } from '#domain/workspaces/workspaces.ts'
import { findSessionById, rootOf, type StandingSession } from './sessions.ts'

const LIVES_MS = 60_000

export interface Handoff {
  /** Where the code may be taken, and nowhere else. */
  host: Host
  /** A path of that host. */
  return_to: string
  /** What that host put into this browser's cookie before it sent the browser here. */
  state: string | undefined
  /** A link that our own Messenger frame opens. */
  fromFrame: boolean
}

/** Answers a code that carries a user's session to another host: it lives a minute, works once and ends with the session. */
export async function startHandoff(db: Db, session: StandingSession, handoff: Handoff, now: Instant): Promise<string> {
  const code = newSecret()
  await db
    .insertInto('handoffs')
    .values({
      code_hash: hashOf(code),
      workspace_id: session.workspace_id,
      host_id: handoff.host.id,
      parent_session_id: rootOf(session),
      return_to: handoff.return_to,
      state: handoff.state ?? null,
      from_frame: handoff.fromFrame ? 1 : 0,
      expires_at: now + LIVES_MS,
    })
    .execute()
  return code
}

export interface HandedOver {
  contact: Contact
  parent_session_id: SessionId
  return_to: string
  state: string | undefined
  fromFrame: boolean
}

/** Takes a code on the host it was made for; of two that try, one gets it. */
export async function takeHandoff(
  db: Db,
  workspace: Workspace,
  host: Host,
  { code, now }: { code: string; now: Instant },
): Promise<HandedOver> {
  const row = await db
    .deleteFrom('handoffs')
    .where('code_hash', '=', hashOf(code))
    .where('workspace_id', '=', workspace.id)
    .where('host_id', '=', host.id)
    .returningAll()
    .executeTakeFirst()
  const parent = row && row.expires_at > now ? await findSessionById(db, workspace, row.parent_session_id, now) : null
  if (!row || !parent?.contact) throw new Failure('handoff_expired')
  const { parent_session_id, return_to, state, from_frame } = row
  return { contact: parent.contact, parent_session_id, return_to, state: state ?? undefined, fromFrame: from_frame === 1 }
}
