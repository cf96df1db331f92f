import type { Selectable } from 'kysely'
import type { ConversationPartsTable, ConversationsTable, PartType } from '#db/conversation-tables.ts'
import type { ConversationId, Instant, TicketStateId } from '#db/columns.ts'
import { Failure } from '#errors'
import { atomically, type Db } from '#platform/database/database.ts'
import { prepared } from '#platform/database/prepared.ts'
import { appendEvent } from '#domain/events/events.ts'
import type { Conversation } from './conversations.ts'

type Place = Pick<Conversation, 'id' | 'workspace_id'>
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
export async function appendPart(db: Db, conversation: Place, part: NewPart, now: Instant): Promise<Part> {
  return (await sendPart(db, conversation, part, now)).part
}

/** The same, and how the conversation stands after it; `isRepeated` where this part had been sent before. */
export async function sendPart(
  db: Db,
  { id, workspace_id }: Place,
  part: NewPart,
  now: Instant,
): Promise<{ part: Part; conversation: Conversation; isRepeated: boolean }> {
  return atomically(db, async (db) => {
    // The row's lock, taken first, makes two sends of one client_id come one after the other.
    const [standing] = await lockConversation(db, { id, workspace_id })
    if (!standing) throw new Failure('conversation_not_found')
    const sent = await findSent(db, id, part)
    if (sent) return { part: sent, conversation: standing, isRepeated: true }
    const appended = await insertNext(db, standing, part, now)
    const conversation = { ...standing, last_sequence: appended.sequence, updated_at: now, ...afterPart(standing, appended, now) }
    await moveConversationOn(db, conversation)
    await appendEvent(
      db,
      {
        workspace_id,
        topic: topicOf(appended),
        contact_id: standing.contact_id,
        conversation_id: id,
        visible_to_contact: appended.part_type !== 'note',
        data: { sequence: appended.sequence, part_id: appended.id },
      },
      now,
    )
    return { part: appended, conversation, isRepeated: false }
  })
}

async function insertNext(db: Db, standing: Conversation, part: NewPart, now: Instant): Promise<Part> {
  // A ticket is reopened by its state.
  const reopens = standing.kind === 'chat' && isContact(part.author) && part.part_type === 'comment' && standing.state !== 'open'
  const row = {
    workspace_id: standing.workspace_id,
    conversation_id: standing.id,
    sequence: standing.last_sequence + 1,
    part_type: reopens ? ('open' as const) : part.part_type,
    body: part.body,
    author_type: part.author.type,
    author_id: part.author.id,
    client_id: part.client_id ?? null,
    ticket_state_id: part.ticket_state_id ?? null,
    previous_ticket_state_id: part.previous_ticket_state_id ?? null,
    created_at: now,
  }
  const [made] = await insertPart(db, row)
  if (!made) throw new Error('A row that was inserted has an id.')
  return { ...row, ...made }
}

const insertPart = prepared((db, row: Omit<Part, 'id'>) =>
  db
    .insertInto('conversation_parts')
    .values({
      workspace_id: row.workspace_id,
      conversation_id: row.conversation_id,
      sequence: row.sequence,
      part_type: row.part_type,
      body: row.body,
      author_type: row.author_type,
      author_id: row.author_id,
      client_id: row.client_id,
      ticket_state_id: row.ticket_state_id,
      previous_ticket_state_id: row.previous_ticket_state_id,
      created_at: row.created_at,
    })
    .returning('id'),
)

const lockConversation = prepared((db, { id, workspace_id }: Place) =>
  db
    .updateTable('conversations')
    .set((row) => ({ last_sequence: row.ref('last_sequence') }))
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .returningAll(),
)

const moveConversationOn = prepared((db, standing: Conversation) =>
  db
    .updateTable('conversations')
    .set({
      last_sequence: standing.last_sequence,
      updated_at: standing.updated_at,
      state: standing.state,
      snoozed_until: standing.snoozed_until,
      waiting_since: standing.waiting_since,
      contact_seen_sequence: standing.contact_seen_sequence,
      admin_seen_sequence: standing.admin_seen_sequence,
    })
    .where('workspace_id', '=', standing.workspace_id)
    .where('id', '=', standing.id),
)

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

async function findSent(db: Db, conversation: ConversationId, { author, client_id }: NewPart): Promise<Part | undefined> {
  if (client_id === undefined || client_id === null) return undefined
  const [sent] = await findByClientId(db, { conversation, author: author.id, client_id })
  return sent
}

const findByClientId = prepared((db, sent: { conversation: ConversationId; author: string; client_id: string }) =>
  db
    .selectFrom('conversation_parts')
    .selectAll()
    .where('conversation_id', '=', sent.conversation)
    .where('author_id', '=', sent.author)
    .where('client_id', '=', sent.client_id),
)

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
