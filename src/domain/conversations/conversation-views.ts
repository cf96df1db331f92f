import type { ExpressionBuilder } from 'kysely'
import type { Schema } from '#db/schema.ts'
import type { ContactId, ConversationId, PartId } from '#db/columns.ts'
import type { Db } from '#platform/database/database.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { Conversation } from './conversations.ts'
import type { Part } from './parts.ts'

/** A conversation as its contact sees it: a note moves nothing. */
export interface ConversationView {
  conversation: Conversation
  /** How far the contact's view reaches. */
  last_sequence: number
  /** The newest part with words. */
  last_part: Part | undefined
  /** Teammates' comments that were not seen yet. */
  unread_count: number
}

/** Of one contact's chats among `conversations`, in their order, in two queries however many they are. */
export async function viewConversations(
  db: Db,
  workspace: Pick<Workspace, 'id'>,
  conversations: readonly Conversation[],
): Promise<ConversationView[]> {
  const reached = await reachOf(
    db,
    workspace,
    conversations.map(({ id }) => id),
  )
  const lastParts = await partsByIds(
    db,
    workspace,
    Array.from(reached.values(), ({ last_part_id }) => last_part_id),
  )
  return conversations.map((conversation) => {
    const { last_sequence = 0, last_part_id = null, unread_count = 0 } = reached.get(conversation.id) ?? {}
    const last_part = last_part_id === null ? undefined : lastParts.get(last_part_id)
    return { conversation, last_sequence: last_sequence ?? 0, last_part, unread_count: Number(unread_count) }
  })
}

/** Which of these conversations are this contact's chats, and how far the contact's view of each reaches. */
export async function lastVisibleSequences(
  db: Db,
  workspace: Pick<Workspace, 'id'>,
  contact_id: ContactId,
  ids: ConversationId[],
): Promise<Map<ConversationId, number>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('conversations')
    .select('conversations.id')
    .select((row) => newestVisible(row).select('part.sequence').as('last_sequence'))
    .where('workspace_id', '=', workspace.id)
    .where('contact_id', '=', contact_id)
    .where('kind', '=', 'chat')
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map(({ id, last_sequence }) => [id, last_sequence ?? 0]))
}

async function reachOf(db: Db, workspace: Pick<Workspace, 'id'>, ids: ConversationId[]) {
  if (ids.length === 0) return new Map<ConversationId, never>()
  const rows = await db
    .selectFrom('conversations')
    .select('conversations.id')
    .select((row) => [
      newestVisible(row).select('part.sequence').as('last_sequence'),
      newestVisible(row).select('part.id').where('part.body', 'is not', null).as('last_part_id'),
      visibleParts(row)
        .select((part) => part.fn.countAll().as('count'))
        .where('part.author_type', 'in', ['admin', 'bot'])
        .where('part.body', 'is not', null)
        .whereRef('part.sequence', '>', 'conversations.contact_seen_sequence')
        .as('unread_count'),
    ])
    .where('workspace_id', '=', workspace.id)
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

async function partsByIds(db: Db, workspace: Pick<Workspace, 'id'>, ids: (PartId | null)[]): Promise<Map<PartId, Part>> {
  const known = ids.filter((id) => id !== null)
  if (known.length === 0) return new Map()
  const parts = await db
    .selectFrom('conversation_parts')
    .selectAll()
    .where('workspace_id', '=', workspace.id)
    .where('id', 'in', known)
    .execute()
  return new Map(parts.map((part) => [part.id, part]))
}

/** The newest first by sequence, which is how SQLite knows to use that index and no other. */
function newestVisible(row: ExpressionBuilder<Schema, 'conversations'>) {
  return visibleParts(row).orderBy('part.sequence', 'desc').limit(1)
}

function visibleParts(row: ExpressionBuilder<Schema, 'conversations'>) {
  return row
    .selectFrom('conversation_parts as part')
    .whereRef('part.workspace_id', '=', 'conversations.workspace_id')
    .whereRef('part.conversation_id', '=', 'conversations.id')
    .where('part.part_type', '!=', 'note')
}
