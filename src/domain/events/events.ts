import type { Selectable } from 'kysely'
import type { EventsTable } from '#db/conversation-tables.ts'
import type { ContactId, ConversationId, Instant, WorkspaceId } from '#db/columns.ts'
import { lockForAppend } from '#platform/database/advisory-lock.ts'
import type { Db } from '#platform/database/database.ts'
import { prepared } from '#platform/database/prepared.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'

const KEPT_MS = 7 * 86_400_000

export type Event = Selectable<EventsTable>

export interface NewEvent {
  workspace_id: WorkspaceId
  topic: string
  contact_id: ContactId | null
  conversation_id: ConversationId | null
  /** Notes and other things among teammates never reach a contact's stream. */
  visible_to_contact: boolean
  data?: Record<string, unknown>
}

/** Call it inside the transaction that makes it true. */
export async function appendEvent(db: Db, event: NewEvent, now: Instant): Promise<void> {
  await lockForAppend(db, event.workspace_id)
  await insertEvent(db, {
    ...event,
    visible_to_contact: event.visible_to_contact ? 1 : 0,
    data: JSON.stringify(event.data ?? {}),
    created_at: now,
  })
}

const insertEvent = prepared((db, event: Omit<Event, 'id'>) =>
  db.insertInto('events').values({
    workspace_id: event.workspace_id,
    topic: event.topic,
    contact_id: event.contact_id,
    conversation_id: event.conversation_id,
    visible_to_contact: event.visible_to_contact,
    data: event.data,
    created_at: event.created_at,
  }),
)

/** What a contact may know of, after event `after`, oldest first. */
export async function eventsAfter(
  db: Db,
  workspace: Workspace,
  { contact_id, after, limit = 200 }: { contact_id: ContactId; after: number; limit?: number },
): Promise<Event[]> {
  return db
    .selectFrom('events')
    .selectAll()
    .where('workspace_id', '=', workspace.id)
    .where('contact_id', '=', contact_id)
    .where('visible_to_contact', '=', 1)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Where this workspace's log ends: the ids of one workspace become visible in order, those of several do not. */
export async function lastEventIdOf(db: Db, workspace: Pick<Workspace, 'id'>): Promise<number> {
  const row = await db
    .selectFrom('events')
    .select((events) => events.fn.max('id').as('id'))
    .where('workspace_id', '=', workspace.id)
    .executeTakeFirst()
  return Number(row?.id ?? 0)
}

/** Who may know of something that was appended after this id. */
export async function recipientsAfter(db: Db, workspace: Pick<Workspace, 'id'>, after: number): Promise<Set<ContactId>> {
  const rows = await db
    .selectFrom('events')
    .select('contact_id')
    .distinct()
    .where('workspace_id', '=', workspace.id)
    .where('id', '>', after)
    .where('visible_to_contact', '=', 1)
    .where('contact_id', 'is not', null)
    .execute()
  return new Set(rows.flatMap(({ contact_id }) => contact_id ?? []))
}

/** True if events after this id may be gone already, so that a stream cannot resume from it. */
export async function isPruned(db: Db, workspace: Workspace, after: number): Promise<boolean> {
  const row = await db
    .selectFrom('events')
    .select((events) => events.fn.min('id').as('id'))
    .where('workspace_id', '=', workspace.id)
    .executeTakeFirst()
  const oldest = Number(row?.id ?? 0)
  return oldest > 0 ? after + 1 < oldest && (await somethingWasPruned(db, workspace, after)) : false
}

export async function pruneEvents(db: Db, workspace: Workspace, now: Instant): Promise<void> {
  const last = await db
    .selectFrom('events')
    .select('id')
    .where('workspace_id', '=', workspace.id)
    .where('created_at', '<', now - KEPT_MS)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (last) await db.deleteFrom('events').where('workspace_id', '=', workspace.id).where('id', '<', last.id).execute()
}

/** The oldest event kept is the last one that was old; so `after` below it may miss something, at or above it cannot. */
async function somethingWasPruned(db: Db, workspace: Workspace, after: number): Promise<boolean> {
  const row = await db
    .selectFrom('events')
    .select('id')
    .where('workspace_id', '=', workspace.id)
    .where('id', '<=', after)
    .limit(1)
    .executeTakeFirst()
  return row === undefined && after > 0
}
