import type { Instant, TeammateId } from '#db/columns.ts'
import { appendEvent } from '#domain/events/events.ts'
import { atomically, type Db } from '#platform/database/database.ts'
import type { Conversation } from './conversations.ts'
import { appendPart, type PartAuthor } from './parts.ts'

/** What a teammate says along with the change, if anything: sanitised HTML. */
interface Change {
  author: PartAuthor
  body?: string | null
}

/** Closed already: nothing happens, nobody is told. */
export async function closeConversation(db: Db, conversation: Conversation, { author, body = null }: Change, now: Instant): Promise<void> {
  if (conversation.state === 'closed' && body === null) return
  await atomically(db, async (db) => {
    await appendPart(db, conversation, { part_type: 'close', body, author }, now)
    await setColumns(db, conversation, { snoozed_until: null })
  })
}

export async function openConversation(db: Db, conversation: Conversation, { author }: Change, now: Instant): Promise<void> {
  if (conversation.state !== 'open') await appendPart(db, conversation, { part_type: 'open', body: null, author }, now)
}

/** `until` lies ahead; a contact's reply wakes it earlier. */
export async function snoozeConversation(db: Db, conversation: Conversation, until: Instant, now: Instant): Promise<void> {
  await atomically(db, async (db) => {
    await setColumns(db, conversation, { state: 'snoozed', snoozed_until: until, updated_at: now })
    const { workspace_id, contact_id, id } = conversation
    await appendEvent(
      db,
      { workspace_id, topic: 'conversation.admin.snoozed', contact_id, conversation_id: id, visible_to_contact: false },
      now,
    )
  })
}

/** null takes the assignee away; assigning a closed conversation opens it. */
export async function assignConversation(
  db: Db,
  conversation: Conversation,
  { assignee, author, body = null }: Change & { assignee: TeammateId | null },
  now: Instant,
): Promise<void> {
  await atomically(db, async (db) => {
    await setColumns(db, conversation, { admin_assignee_id: assignee })
    await appendPart(db, conversation, { part_type: 'assignment', body, author }, now)
    if (conversation.state === 'closed' && assignee !== null) await openConversation(db, conversation, { author }, now)
  })
}

type Columns = Partial<Pick<Conversation, 'state' | 'snoozed_until' | 'admin_assignee_id' | 'updated_at'>>

async function setColumns(db: Db, { workspace_id, id }: Conversation, columns: Columns): Promise<void> {
  await db.updateTable('conversations').set(columns).where('workspace_id', '=', workspace_id).where('id', '=', id).execute()
}
