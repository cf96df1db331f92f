import type { Selectable } from 'kysely'
import type { ConversationId, ConversationPartsTable, ConversationsTable, Instant, PartType, TicketStateId } from '#db/schema.ts'
import { atomically, type Db } from '#platform/database/database.ts'
import { appendEvent } from '#domain/events/events.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { Conversation } from './conversations.ts'

export type Part = Selectable<ConversationPartsTable>
export type PartAuthor = { type: Part['author_type']; id: string }

export interface NewPart {
  part_type: PartType
  /** Sanitised HTML. */
  body: string | null
  author: PartAuthor
  /** Made by the sender: the same one again answers the first part and writes nothing. */
  client_id?: string | null | undefined
  ticket_state_id?: TicketStateId | null
  previous_ticket_state_id?: TicketStateId | null
}

/** Appends with the next sequence number, in one transaction with the event that tells of it. Ring the bell after it. */
export async function appendPart(
  db: Db,
  conversation: Pick<Conversation, 'id' | 'workspace_id'>,
  part: NewPart,
  now: Instant,
): Promise<Part> {
  return atomically(db, async (db) => {
    // The row's lock, taken first, makes two sends of one client_id come one after the other.
    const standing = await lockConversation(db, conversation)
    const sent = await findSent(db, conversation.id, part)
    if (sent) return sent
    const sequence = standing.last_sequence + 1
    // A ticket is reopened by its state.
    const reopens = standing.kind === 'chat' && isContact(part.author) && part.part_type === 'comment' && standing.state !== 'open'
    const row = await db
      .insertInto('conversation_parts')
      .values({
        workspace_id: standing.workspace_id,
        conversation_id: standing.id,
        sequence,
        part_type: reopens ? 'open' : part.part_type,
        body: part.body,
        author_type: part.author.type,
        author_id: part.author.id,
        client_id: part.client_id ?? null,
        ticket_state_id: part.ticket_state_id ?? null,
        previous_ticket_state_id: part.previous_ticket_state_id ?? null,
        created_at: now,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    await db
      .updateTable('conversations')
      .set({ last_sequence: sequence, updated_at: now, ...afterPart(standing, row, now) })
      .where('workspace_id', '=', standing.workspace_id)
      .where('id', '=', standing.id)
      .execute()
    await appendEvent(
      db,
      {
        workspace_id: standing.workspace_id,
        topic: topicOf(row),
        contact_id: standing.contact_id,
        conversation_id: standing.id,
        visible_to_contact: row.part_type !== 'note',
        data: { sequence, part_id: row.id },
      },
      now,
    )
    return row
  })
}

/** In order; without `notes` only what a contact may read. */
export async function listParts(
  db: Db,
  conversation: Pick<Conversation, 'id' | 'workspace_id'>,
  { after = 0, notes }: { after?: number; notes: boolean },
): Promise<Part[]> {
  return db
    .selectFrom('conversation_parts')
    .selectAll()
    .where('workspace_id', '=', conversation.workspace_id)
    .where('conversation_id', '=', conversation.id)
    .where('sequence', '>', after)
    .$if(!notes, (query) => query.where('part_type', '!=', 'note'))
    .orderBy('sequence')
    .execute()
}

/** The newest part with words that a contact may read, of each conversation. */
export async function listLastParts(db: Db, conversations: Conversation[]): Promise<Map<ConversationId, Part>> {
  const last = new Map<ConversationId, Part>()
  for (const conversation of conversations) {
    const part = await db
      .selectFrom('conversation_parts')
      .selectAll()
      .where('workspace_id', '=', conversation.workspace_id)
      .where('conversation_id', '=', conversation.id)
      .where('part_type', '!=', 'note')
      .where('body', 'is not', null)
      .orderBy('sequence', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (part) last.set(conversation.id, part)
  }
  return last
}

/** How far a contact's view of each conversation reaches. */
export async function lastVisibleSequences(
  db: Db,
  workspace: Pick<Workspace, 'id'>,
  ids: ConversationId[],
): Promise<Map<ConversationId, number>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('conversation_parts')
    .select((parts) => ['conversation_id', parts.fn.max('sequence').as('sequence')])
    .where('workspace_id', '=', workspace.id)
    .where('conversation_id', 'in', ids)
    .where('part_type', '!=', 'note')
    .groupBy('conversation_id')
    .execute()
  return new Map(rows.map(({ conversation_id, sequence }) => [conversation_id, Number(sequence)]))
}

async function lockConversation(db: Db, { id, workspace_id }: Pick<Conversation, 'id' | 'workspace_id'>): Promise<Conversation> {
  return db
    .updateTable('conversations')
    .set((row) => ({ last_sequence: row.ref('last_sequence') }))
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

async function findSent(db: Db, conversation: ConversationId, { author, client_id }: NewPart): Promise<Part | undefined> {
  if (client_id === undefined || client_id === null) return undefined
  return db
    .selectFrom('conversation_parts')
    .selectAll()
    .where('conversation_id', '=', conversation)
    .where('author_id', '=', author.id)
    .where('client_id', '=', client_id)
    .executeTakeFirst()
}

/** A contact's words reopen and start the wait; a teammate's end it; who writes has seen what stands above. */
function afterPart(
  standing: Conversation,
  part: Part,
  now: Instant,
): Partial<
  Pick<Selectable<ConversationsTable>, 'state' | 'snoozed_until' | 'waiting_since' | 'contact_seen_sequence' | 'admin_seen_sequence'>
> {
  if (part.part_type === 'close') return { state: 'closed', waiting_since: null }
  if (isContact({ type: part.author_type, id: part.author_id })) {
    if (part.body === null) return {}
    return { state: 'open', snoozed_until: null, waiting_since: standing.waiting_since ?? now, contact_seen_sequence: part.sequence }
  }
  const opened = part.part_type === 'open' ? { state: 'open' as const, snoozed_until: null } : {}
  return { ...opened, admin_seen_sequence: part.sequence, ...(part.part_type === 'comment' && { waiting_since: null }) }
}

function topicOf(part: Part): string {
  const by = isContact({ type: part.author_type, id: part.author_id }) ? 'user' : 'admin'
  if (part.part_type.startsWith('ticket_state')) return 'ticket.state.updated'
  if (part.sequence === 1) return `conversation.${by}.created`
  const verbs = { comment: 'replied', note: 'noted', open: 'opened', close: 'closed', assignment: 'assigned' } as const
  return `conversation.${by}.${verbs[part.part_type as keyof typeof verbs]}`
}

function isContact(author: PartAuthor): boolean {
  return author.type !== 'admin' && author.type !== 'bot'
}
