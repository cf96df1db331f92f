import type { WireConversation, WirePart } from '#shared/messenger.ts'
import type { Contact } from '#domain/contacts/contacts.ts'
import { unreadCount, type Conversation } from '#domain/conversations/conversations.ts'
import { lastVisibleSequences, listLastParts, type Part } from '#domain/conversations/parts.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { Db } from '#platform/database/database.ts'

const SHOWN = new Set<Part['part_type']>(['comment', 'open', 'close', 'assignment'])

/** What the contact may know: a note moves neither the sequence nor the time. The conversation that spoke last comes first. */
export async function presentConversations(
  db: Db,
  workspace: Workspace,
  contact: Contact,
  conversations: Conversation[],
): Promise<WireConversation[]> {
  const lastParts = await listLastParts(db, conversations)
  const sequences = await lastVisibleSequences(
    db,
    workspace,
    conversations.map(({ id }) => id),
  )
  const presentPart = await partPresenter(db, workspace, contact)
  const presented: WireConversation[] = []
  for (const conversation of conversations) {
    const last = lastParts.get(conversation.id)
    const last_sequence = sequences.get(conversation.id) ?? 0
    presented.push({
      id: String(conversation.id),
      state: conversation.state,
      title: conversation.title,
      last_sequence,
      contact_seen_sequence: Math.min(conversation.contact_seen_sequence, last_sequence),
      unread_count: await unreadCount(db, workspace, contact.id, conversation.id),
      updated_at: last?.created_at ?? conversation.created_at,
      last_part: last ? presentPart(last) : null,
    })
  }
  return presented.toSorted((a, b) => b.updated_at - a.updated_at)
}

export async function presentConversation(
  db: Db,
  workspace: Workspace,
  contact: Contact,
  conversation: Conversation,
): Promise<WireConversation> {
  const [presented] = await presentConversations(db, workspace, contact, [conversation])
  if (!presented) throw new Error('One conversation in, one out.')
  return presented
}

export function isShown(part: Part): boolean {
  return SHOWN.has(part.part_type)
}

/** Of the other side a contact sees names only. */
export async function partPresenter(db: Db, workspace: Workspace, contact: Contact): Promise<(part: Part) => WirePart> {
  const teammates = await db.selectFrom('teammates').select(['id', 'name']).where('workspace_id', '=', workspace.id).execute()
  const names = new Map(teammates.map(({ id, name }) => [String(id), name]))
  return (part) => {
    const isAdmin = part.author_type === 'admin'
    const is_me = !isAdmin && part.author_id === contact.id
    const name = isAdmin ? (names.get(part.author_id) ?? null) : is_me ? contact.name : null
    return {
      id: String(part.id),
      conversation_id: String(part.conversation_id),
      sequence: part.sequence,
      part_type: part.part_type as WirePart['part_type'],
      body: part.body,
      author: { type: part.author_type, id: part.author_id, name, is_me },
      client_id: is_me ? part.client_id : null,
      created_at: part.created_at,
    }
  }
}
