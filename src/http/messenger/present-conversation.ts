import type { NewPartAnswer, WireConversation, WirePart } from '#shared/messenger.ts'
import type { Contact } from '#domain/contacts/contacts.ts'
import { viewConversations, type ConversationView } from '#domain/conversations/conversation-views.ts'
import type { Conversation } from '#domain/conversations/conversations.ts'
import type { Part } from '#domain/conversations/parts.ts'
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
  const views = await viewConversations(db, workspace, conversations)
  const presentPart = await partPresenter(
    db,
    workspace,
    contact,
    views.flatMap(({ last_part }) => last_part ?? []),
  )
  return views.map((view) => presentView(view, presentPart)).toSorted((a, b) => b.updated_at - a.updated_at)
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

/** What the contact has just sent is the newest part, and all before it is seen. */
export function presentSent(contact: Contact, { conversation, part }: { conversation: Conversation; part: Part }): NewPartAnswer {
  const present = presentWith(contact, new Map())
  const view = { conversation, last_sequence: part.sequence, last_part: part, unread_count: 0 }
  return { conversation: presentView(view, present), part: present(part) }
}

function presentView(
  { conversation, last_sequence, last_part, unread_count }: ConversationView,
  presentPart: PresentPart,
): WireConversation {
  return {
    id: String(conversation.id),
    state: conversation.state,
    title: conversation.title,
    last_sequence,
    contact_seen_sequence: Math.min(conversation.contact_seen_sequence, last_sequence),
    unread_count,
    updated_at: last_part?.created_at ?? conversation.created_at,
    last_part: last_part ? presentPart(last_part) : null,
  }
}

export function isShown(part: Part): boolean {
  return SHOWN.has(part.part_type)
}

type PresentPart = (part: Part) => WirePart

/** Of the other side a contact sees names only. */
export async function partPresenter(db: Db, workspace: Workspace, contact: Contact, parts: readonly Part[]): Promise<PresentPart> {
  const isAnswered = parts.some(({ author_type }) => author_type === 'admin')
  const teammates = isAnswered
    ? await db.selectFrom('teammates').select(['id', 'name']).where('workspace_id', '=', workspace.id).execute()
    : []
  return presentWith(contact, new Map(teammates.map(({ id, name }) => [String(id), name])))
}

function presentWith(contact: Contact, teammates: ReadonlyMap<string, string>): PresentPart {
  return (part) => {
    const isAdmin = part.author_type === 'admin'
    const is_me = !isAdmin && part.author_id === contact.id
    const name = isAdmin ? (teammates.get(part.author_id) ?? null) : is_me ? contact.name : null
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
