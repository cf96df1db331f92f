import type { Instant, TeammateId } from '#db/columns.ts'
import { appendPart, type Part } from '#domain/conversations/parts.ts'
import { Failure } from '#errors'
import { atomically, type Db } from '#platform/database/database.ts'
import { filledInBy, saveTicketValues, type TicketAuthor } from './create-ticket.ts'
import { getFirstTicketState, getTicketState, type TicketState } from './ticket-states.ts'
import { readTicketValues, TEXT_LIMIT, TITLE_LIMIT } from './ticket-values.ts'
import { getTicket, type Ticket } from './tickets.ts'

export interface TicketChanges {
  title?: string | undefined
  description?: string | undefined
  /** By attribute name; null takes a value away. */
  attributes?: Record<string, unknown> | undefined
  /** null takes the assignee away. */
  admin_assignee_id?: TeammateId | null | undefined
  is_shared?: boolean | undefined
}

export interface TicketReply {
  part_type: 'comment' | 'note'
  /** Sanitised HTML. */
  body: string
  author: TicketAuthor
  client_id?: string | undefined
}

/** A state it is in already changes nothing and tells nobody. */
export async function changeTicketState(
  db: Db,
  ticket: Ticket,
  { state, author }: { state: TicketState; author: TicketAuthor },
  now: Instant,
): Promise<Ticket> {
  return atomically(db, async (db) => {
    const standing = await lockTicket(db, ticket)
    const target = await getTicketState(db, workspaceOf(ticket), state.id)
    if (standing.ticket_state_id === target.id) return standing
    await moveTicket(db, standing, { state: target, author }, now)
    return getTicket(db, workspaceOf(ticket), ticket.id)
  })
}

/** Tickets are resolved and reopened by category: the first state of it is taken, unless the ticket stands in one already. */
export async function moveTicketTo(
  db: Db,
  ticket: Ticket,
  { category, author }: { category: TicketState['category']; author: TicketAuthor },
  now: Instant,
): Promise<Ticket> {
  return atomically(db, async (db) => {
    const standing = await lockTicket(db, ticket)
    if (standing.state.category === category) return standing
    return changeTicketState(db, standing, { state: await getFirstTicketState(db, workspaceOf(ticket), category), author }, now)
  })
}

/** Only a resolved ticket is reopened; any other stays where it is. */
export async function reopenTicket(db: Db, ticket: Ticket, author: TicketAuthor, now: Instant): Promise<Ticket> {
  return atomically(db, async (db) => {
    const standing = await lockTicket(db, ticket)
    return standing.state.category === 'resolved' ? moveTicketTo(db, standing, { category: 'in_progress', author }, now) : standing
  })
}

/**
 * A contact's reply moves a ticket that waits on them, or is resolved, to in progress. The same client_id from the same
 * author twice is one part and moves nothing the second time.
 */
export async function replyToTicket(db: Db, ticket: Ticket, reply: TicketReply, now: Instant): Promise<Part> {
  return atomically(db, async (db) => {
    const standing = await lockTicket(db, ticket)
    const known = await findReply(db, standing, reply)
    if (known) return known
    const part = await appendPart(db, standing.conversation, reply, now)
    if (reply.part_type === 'note') return part
    await touchTicket(db, standing, now)
    const rests = standing.state.category === 'waiting_on_customer' || standing.state.category === 'resolved'
    if (rests && reply.author.type !== 'admin') await moveTicketTo(db, standing, { category: 'in_progress', author: reply.author }, now)
    return part
  })
}

/** For teammates and the API. */
export async function changeTicket(
  db: Db,
  ticket: Ticket,
  { author, ...changes }: TicketChanges & { author: TicketAuthor },
  now: Instant,
): Promise<Ticket> {
  const { values, problems } = readTicketValues(ticket.type, changes.attributes ?? {}, filledInBy(author))
  if ((changes.title ?? '').length > TITLE_LIMIT) problems.push({ field: 'title', flaw: 'too_long' })
  if ((changes.description ?? '').length > TEXT_LIMIT) problems.push({ field: 'description', flaw: 'too_long' })
  const [problem] = problems
  if (problem)
    throw new Failure('parameter_invalid', { field: problem.field, detail: `${problem.field}: ${problem.flaw.replaceAll('_', ' ')}.` })
  return atomically(db, async (db) => {
    const standing = await lockTicket(db, ticket)
    await saveTicketValues(db, workspaceOf(ticket), { ticket_id: ticket.id, values })
    await touchTicket(db, standing, now, {
      ...(changes.title === undefined ? {} : { title: changes.title.trim() }),
      ...(changes.description === undefined ? {} : { description: changes.description.trim() }),
      ...(changes.is_shared === undefined ? {} : { is_shared: changes.is_shared ? 1 : 0 }),
    })
    if (changes.title !== undefined) await setConversation(db, standing, { title: changes.title.trim() })
    if (changes.admin_assignee_id !== undefined) await assignTicket(db, standing, { assignee: changes.admin_assignee_id, author }, now)
    return getTicket(db, workspaceOf(ticket), ticket.id)
  })
}

async function moveTicket(
  db: Db,
  ticket: Ticket,
  { state, author }: { state: TicketState; author: TicketAuthor },
  now: Instant,
): Promise<void> {
  const previous = ticket.ticket_state_id
  await touchTicket(db, ticket, now, { ticket_state_id: state.id, previous_ticket_state_id: previous })
  await setConversation(db, ticket, { state: state.category === 'resolved' ? 'closed' : 'open' })
  const part_type = author.type === 'admin' ? 'ticket_state_updated_by_admin' : 'ticket_state_updated_by_user'
  await appendPart(
    db,
    ticket.conversation,
    { part_type, body: null, author, ticket_state_id: state.id, previous_ticket_state_id: previous },
    now,
  )
}

async function assignTicket(
  db: Db,
  ticket: Ticket,
  { assignee, author }: { assignee: TeammateId | null; author: TicketAuthor },
  now: Instant,
) {
  if (ticket.conversation.admin_assignee_id === assignee) return
  if (assignee !== null) {
    const teammate = await db
      .selectFrom('teammates')
      .select('id')
      .where('workspace_id', '=', ticket.workspace_id)
      .where('id', '=', assignee)
      .where('removed_at', 'is', null)
      .executeTakeFirst()
    if (!teammate) throw new Failure('admin_not_found', { field: 'assignee_id' })
  }
  await setConversation(db, ticket, { admin_assignee_id: assignee })
  await appendPart(db, ticket.conversation, { part_type: 'assignment', body: null, author }, now)
}

/** Who changes a ticket first reads it afresh, while the row is theirs until the end of the transaction. */
async function lockTicket(db: Db, ticket: Ticket): Promise<Ticket> {
  await db
    .updateTable('tickets')
    .set((row) => ({ updated_at: row.ref('updated_at') }))
    .where('workspace_id', '=', ticket.workspace_id)
    .where('id', '=', ticket.id)
    .execute()
  return getTicket(db, workspaceOf(ticket), ticket.id)
}

async function findReply(db: Db, ticket: Ticket, { author, client_id }: TicketReply): Promise<Part | undefined> {
  if (client_id === undefined) return undefined
  return db
    .selectFrom('conversation_parts')
    .selectAll()
    .where('workspace_id', '=', ticket.workspace_id)
    .where('conversation_id', '=', ticket.conversation_id)
    .where('author_id', '=', author.id)
    .where('client_id', '=', client_id)
    .executeTakeFirst()
}

type TicketColumns = Partial<Pick<Ticket, 'title' | 'description' | 'is_shared' | 'ticket_state_id' | 'previous_ticket_state_id'>>

async function touchTicket(db: Db, ticket: Ticket, now: Instant, columns: TicketColumns = {}): Promise<void> {
  await db
    .updateTable('tickets')
    .set({ ...columns, updated_at: now })
    .where('workspace_id', '=', ticket.workspace_id)
    .where('id', '=', ticket.id)
    .execute()
}

async function setConversation(
  db: Db,
  ticket: Ticket,
  columns: Partial<Pick<Ticket['conversation'], 'title' | 'state' | 'admin_assignee_id'>>,
): Promise<void> {
  await db
    .updateTable('conversations')
    .set(columns)
    .where('workspace_id', '=', ticket.workspace_id)
    .where('id', '=', ticket.conversation_id)
    .execute()
}

function workspaceOf(ticket: Ticket) {
  return { id: ticket.workspace_id }
}
