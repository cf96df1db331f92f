import { sql, type ExpressionBuilder } from 'kysely'
import type { Schema } from '#db/schema.ts'
import type { TicketStateCategory } from '#db/ticket-tables.ts'
import type { CompanyId, ConversationId, TicketTypeId } from '#db/columns.ts'
import { htmlToText } from '#domain/conversations/bodies.ts'
import type { Db } from '#platform/database/database.ts'
import { escape } from '#platform/html/html.ts'
import type { TicketReader } from './ticket-policy.ts'
import { dressTickets, type Ticket } from './tickets.ts'

export const TICKETS_PER_PAGE = 20
export const TICKET_SORTS = ['updated', 'newest', 'oldest'] as const
export type TicketSort = (typeof TICKET_SORTS)[number]

export interface TicketListOptions {
  /** `mine`: opened for the reader; `company`: of any of the reader's companies, their own among them. */
  scope: 'mine' | 'company'
  category?: TicketStateCategory | undefined
  ticket_type_id?: TicketTypeId | undefined
  search?: string | undefined
  sort?: TicketSort | undefined
  /** From 1. */
  page?: number | undefined
}

export interface TicketList {
  tickets: Ticket[]
  total: number
  page: number
  pages: number
}

/** What the reader may see, as `canSeeTicket` says; the search looks into title, description, number and replies, never into notes. */
export async function listTicketsFor(db: Db, reader: TicketReader, options: TicketListOptions): Promise<TicketList> {
  const matching = await matchingTickets(db, reader, options)
  const counted = await matching.select((tickets) => tickets.fn.countAll().as('total')).executeTakeFirstOrThrow()
  const total = Number(counted.total)
  const pages = Math.max(1, Math.ceil(total / TICKETS_PER_PAGE))
  const page = Math.min(pages, Math.max(1, options.page ?? 1))
  const direction = options.sort === 'oldest' ? 'asc' : 'desc'
  const rows = await matching
    .selectAll('tickets')
    .orderBy(options.sort === 'newest' || options.sort === 'oldest' ? 'tickets.created_at' : 'tickets.updated_at', direction)
    .orderBy('tickets.id', direction)
    .limit(TICKETS_PER_PAGE)
    .offset((page - 1) * TICKETS_PER_PAGE)
    .execute()
  return { tickets: await dressTickets(db, { id: reader.contact.workspace_id }, rows), total, page, pages }
}

async function matchingTickets(db: Db, reader: TicketReader, { scope, category, ticket_type_id, search }: TicketListOptions) {
  let tickets = visibleTickets(db, reader, scope)
  if (category) tickets = tickets.where('ticket_states.category', '=', category)
  if (ticket_type_id !== undefined) tickets = tickets.where('tickets.ticket_type_id', '=', ticket_type_id)
  const terms = termsOf(search ?? '')
  const replied = await Promise.all(terms.map((term) => conversationsThatSay(db, { reader, scope, term })))
  for (const [index, term] of terms.entries()) tickets = tickets.where((ticket) => saysTerm(ticket, term, replied[index] ?? []))
  return tickets
}

function visibleTickets(db: Db, { contact, companies }: TicketReader, scope: TicketListOptions['scope']) {
  const tickets = db
    .selectFrom('tickets')
    .innerJoin('ticket_types', (join) =>
      join.onRef('ticket_types.workspace_id', '=', 'tickets.workspace_id').onRef('ticket_types.id', '=', 'tickets.ticket_type_id'),
    )
    .innerJoin('ticket_states', (join) =>
      join.onRef('ticket_states.workspace_id', '=', 'tickets.workspace_id').onRef('ticket_states.id', '=', 'tickets.ticket_state_id'),
    )
    .where('tickets.workspace_id', '=', contact.workspace_id)
    .where('tickets.is_shared', '=', 1)
    .where('ticket_types.category', '=', 'Customer')
  if (scope === 'mine') return tickets.where('tickets.contact_id', '=', contact.id)
  const ids = companies.map((company) => company.id)
  return tickets.where('tickets.company_id', 'in', ids.length > 0 ? ids : ['' as CompanyId])
}

type OfTickets = ExpressionBuilder<Schema, 'tickets' | 'ticket_types' | 'ticket_states'>

function saysTerm(ticket: OfTickets, term: string, conversations: ConversationId[]) {
  const number = term.replace(/^#/, '')
  return ticket.or([
    contains('tickets.title', term),
    contains('tickets.description', term),
    ...(/^\d{1,15}$/.test(number) ? [ticket('tickets.ticket_number', '=', Number(number))] : []),
    ...(conversations.length > 0 ? [ticket('tickets.conversation_id', 'in', conversations)] : []),
  ])
}

/** Replies are stored as HTML: the database finds candidates, and their text decides, so that nobody finds a tag's name. */
async function conversationsThatSay(
  db: Db,
  { reader, scope, term }: { reader: TicketReader; scope: TicketListOptions['scope']; term: string },
) {
  const candidates = await visibleTickets(db, reader, scope)
    .innerJoin('conversation_parts', (join) =>
      join
        .onRef('conversation_parts.workspace_id', '=', 'tickets.workspace_id')
        .onRef('conversation_parts.conversation_id', '=', 'tickets.conversation_id'),
    )
    .select(['conversation_parts.conversation_id', 'conversation_parts.body'])
    .where('conversation_parts.part_type', 'in', ['comment', 'open', 'close'])
    .where('conversation_parts.sequence', '>', 1)
    .where((part) => part.or([contains('conversation_parts.body', term), contains('conversation_parts.body', escape(term))]))
    .orderBy('conversation_parts.id', 'desc')
    .limit(5000)
    .execute()
  const said = candidates.filter(({ body }) =>
    htmlToText(body ?? '')
      .toLowerCase()
      .includes(term.toLowerCase()),
  )
  return [...new Set(said.map((part) => part.conversation_id))]
}

/** SQLite's lower() knows ASCII alone, so the term is also tried as written, in small letters and with a capital. */
function contains(column: string, term: string) {
  const small = term.toLowerCase()
  const forms = new Set([term, small, small.charAt(0).toUpperCase() + small.slice(1)])
  const reference = sql.ref(column)
  const tests = [
    sql<boolean>`lower(${reference}) like ${pattern(small)} escape '\\'`,
    ...[...forms].map((form) => sql<boolean>`${reference} like ${pattern(form)} escape '\\'`),
  ]
  return sql<boolean>`(${sql.join(tests, sql` or `)})`
}

function pattern(term: string): string {
  return `%${term.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
}

function termsOf(search: string): string[] {
  return search.slice(0, 200).split(/\s+/).filter(Boolean).slice(0, 6)
}
