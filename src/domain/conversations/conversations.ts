import type { Selectable } from 'kysely'
import type { ConversationsTable } from '#db/conversation-tables.ts'
import type { ContactId, ConversationId, Instant } from '#db/columns.ts'
import { Failure } from '#errors'
import { atomically, type Db } from '#platform/database/database.ts'
import { keepUntil } from '#platform/database/kept.ts'
import { prepared } from '#platform/database/prepared.ts'
import { appendEvent } from '#domain/events/events.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'

const MOST_LISTED = 100
const KEPT_CONTACTS = 5000

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
  const [conversation] = await selectById(db, { workspace_id: workspace.id, id: idOf(id) })
  if (!conversation) throw new Failure('conversation_not_found')
  return conversation
}

const selectById = prepared((db, { workspace_id, id }: Pick<Conversation, 'workspace_id' | 'id'>) =>
  db.selectFrom('conversations').selectAll().where('workspace_id', '=', workspace_id).where('id', '=', id),
)

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

/** What a contact's launcher shows: how much was not seen, and whether something is going on. */
export interface Waiting {
  unread_count: number
  has_open_conversation: boolean
}

export async function waitingFor(db: Db, workspace: Workspace, contact_id: ContactId): Promise<Waiting> {
  return waiting.read(db, contact_id, async () => {
    const [row] = await selectWaiting(db, { workspace_id: workspace.id, contact_id })
    return { unread_count: Number(row?.unread_count ?? 0), has_open_conversation: row?.open_id !== null && row !== undefined }
  })
}

const waiting = keepUntil<ContactId, Waiting>(
  ['conversations', '+conversations', 'conversation_parts', '+conversation_parts'],
  KEPT_CONTACTS,
)

const selectWaiting = prepared((db, { workspace_id, contact_id }: Pick<Conversation, 'workspace_id' | 'contact_id'>) =>
  db.selectNoFrom((row) => [
    row
      .selectFrom('conversations')
      .select('id')
      .where('workspace_id', '=', workspace_id)
      .where('contact_id', '=', contact_id)
      .where('kind', '=', 'chat')
      .where('state', '!=', 'closed')
      .limit(1)
      .as('open_id'),
    row
      .selectFrom('conversation_parts as part')
      .innerJoin('conversations as conversation', 'conversation.id', 'part.conversation_id')
      .select((part) => part.fn.countAll().as('count'))
      .where('conversation.workspace_id', '=', workspace_id)
      .where('conversation.contact_id', '=', contact_id)
      .where('conversation.kind', '=', 'chat')
      .where('part.author_type', 'in', ['admin', 'bot'])
      .where('part.part_type', '!=', 'note')
      .where('part.body', 'is not', null)
      .whereRef('part.sequence', '>', 'conversation.contact_seen_sequence')
      .as('unread_count'),
  ]),
)

/** Teammates' comments the contact has not seen yet. */
export async function unreadCount(db: Db, workspace: Workspace, contact_id: ContactId): Promise<number> {
  return (await waitingFor(db, workspace, contact_id)).unread_count
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
