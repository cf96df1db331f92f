import type { Selectable } from 'kysely'
import type { ContactId, ConversationId, ConversationsTable, Instant } from '#db/schema.ts'
import { Failure } from '#errors'
import { atomically, type Db } from '#platform/database/database.ts'
import { appendEvent } from '#domain/events/events.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'

const MOST_LISTED = 100

export type Conversation = Selectable<ConversationsTable>

export interface NewConversation {
  kind?: Conversation['kind']
  contact_id: ContactId
  initiated_by: Conversation['initiated_by']
  title?: string | null
  claimed_user_id?: string | null
}

export async function startConversation(db: Db, workspace: Workspace, conversation: NewConversation, now: Instant): Promise<Conversation> {
  const { kind = 'chat', contact_id, initiated_by, title = null, claimed_user_id = null } = conversation
  return db
    .insertInto('conversations')
    .values({
      workspace_id: workspace.id,
      kind,
      contact_id,
      title,
      initiated_by,
      claimed_user_id,
      snoozed_until: null,
      admin_assignee_id: null,
      waiting_since: null,
      created_at: now,
      updated_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function getConversation(db: Db, workspace: Workspace, id: string | number): Promise<Conversation> {
  const conversation = await db
    .selectFrom('conversations')
    .selectAll()
    .where('workspace_id', '=', workspace.id)
    .where('id', '=', idOf(id))
    .executeTakeFirst()
  if (!conversation) throw new Failure('conversation_not_found')
  return conversation
}

/** A contact's own conversation; a ticket's thread is read through the ticket. */
export async function getConversationOf(
  db: Db,
  workspace: Workspace,
  contact_id: ContactId | null,
  id: string | number,
): Promise<Conversation> {
  const conversation = await getConversation(db, workspace, id)
  if (contact_id === null || conversation.contact_id !== contact_id || conversation.kind !== 'chat')
    throw new Failure('conversation_not_found')
  return conversation
}

/** The newest first. */
export async function listConversationsOf(db: Db, workspace: Workspace, contact_id: ContactId): Promise<Conversation[]> {
  return db
    .selectFrom('conversations')
    .selectAll()
    .where('workspace_id', '=', workspace.id)
    .where('contact_id', '=', contact_id)
    .where('kind', '=', 'chat')
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(MOST_LISTED)
    .execute()
}

export async function hasOpenConversation(db: Db, workspace: Workspace, contact_id: ContactId): Promise<boolean> {
  const row = await db
    .selectFrom('conversations')
    .select('id')
    .where('workspace_id', '=', workspace.id)
    .where('contact_id', '=', contact_id)
    .where('kind', '=', 'chat')
    .where('state', '!=', 'closed')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Teammates' comments the contact has not seen yet, over all conversations or in one. */
export async function unreadCount(db: Db, workspace: Workspace, contact_id: ContactId, conversation?: ConversationId): Promise<number> {
  const row = await db
    .selectFrom('conversation_parts as part')
    .innerJoin('conversations as conversation', 'conversation.id', 'part.conversation_id')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('conversation.workspace_id', '=', workspace.id)
    .where('conversation.contact_id', '=', contact_id)
    .where('conversation.kind', '=', 'chat')
    .where('part.author_type', 'in', ['admin', 'bot'])
    .where('part.part_type', '!=', 'note')
    .where('part.body', 'is not', null)
    .whereRef('part.sequence', '>', 'conversation.contact_seen_sequence')
    .$if(conversation !== undefined, (query) => query.where('conversation.id', '=', conversation as ConversationId))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** What was seen once stays seen; other tabs learn of it. */
export async function markSeen(db: Db, conversation: Conversation, sequence: number, now: Instant): Promise<void> {
  const seen = Math.min(sequence, conversation.last_sequence)
  if (seen <= conversation.contact_seen_sequence) return
  await atomically(db, async (db) => {
    await db
      .updateTable('conversations')
      .set({ contact_seen_sequence: seen })
      .where('workspace_id', '=', conversation.workspace_id)
      .where('id', '=', conversation.id)
      .where('contact_seen_sequence', '<', seen)
      .execute()
    const { contact_id, id, workspace_id } = conversation
    await appendEvent(db, { workspace_id, topic: 'conversation.read', contact_id, conversation_id: id, visible_to_contact: true }, now)
  })
}

/** Decimal ids below 2^53; anything else names nothing. */
function idOf(id: string | number): ConversationId {
  const number = /^\d{1,16}$/.test(String(id)) ? Number(id) : -1
  return number as ConversationId
}
