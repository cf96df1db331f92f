import type { Instant } from '#db/columns.ts'
import { Failure } from '#errors'
import { atomically, type Db } from '#platform/database/database.ts'
import type { Contact } from '#domain/contacts/contacts.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { getConversation, startConversation, type Conversation } from './conversations.ts'
import { sendPart, type Part } from './parts.ts'

export interface FirstMessage {
  contact: Contact
  /** Made by the sender: the same one again answers the conversation it opened. */
  client_id: string
  /** Sanitised HTML. */
  body: string
  claimed_user_id?: string | null
}

/** A contact opens a conversation with its first message. */
export async function openChat(
  db: Db,
  workspace: Workspace,
  { contact, ...message }: FirstMessage,
  now: Instant,
): Promise<{ conversation: Conversation; part: Part; isRepeated: boolean }> {
  return atomically(db, async (db) => {
    // The contact's row, locked first, makes two sends of one client_id come one after the other.
    const locked = await db
      .updateTable('contacts')
      .set({ last_seen_at: now })
      .where('workspace_id', '=', workspace.id)
      .where('id', '=', contact.id)
      .returning('id')
      .executeTakeFirst()
    // A visitor who signed in at this moment has another contact now.
    if (!locked) throw new Failure('session_expired')
    const sent = await db
      .selectFrom('conversation_parts')
      .selectAll('conversation_parts')
      .innerJoin('conversations', 'conversations.id', 'conversation_parts.conversation_id')
      .where('conversations.workspace_id', '=', workspace.id)
      .where('conversations.contact_id', '=', contact.id)
      .where('conversation_parts.author_id', '=', contact.id)
      .where('conversation_parts.client_id', '=', message.client_id)
      .where('conversation_parts.sequence', '=', 1)
      .executeTakeFirst()
    if (sent) return { conversation: await getConversation(db, workspace, sent.conversation_id), part: sent, isRepeated: true }
    const { claimed_user_id = null, client_id, body } = message
    const started = await startConversation(db, workspace, { contact_id: contact.id, initiated_by: 'contact', claimed_user_id }, now)
    const author = { type: contact.role, id: contact.id }
    return sendPart(db, started, { part_type: 'comment', body, client_id, author }, now)
  })
}
