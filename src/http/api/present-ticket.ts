import { listParts, type Part } from '#domain/conversations/parts.ts'
import { listTicketStates, type TicketState } from '#domain/tickets/ticket-states.ts'
import type { Ticket } from '#domain/tickets/tickets.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { Db } from '#platform/database/database.ts'
import { findAuthors, type PresentedAuthor } from './people.ts'
import { presentReference } from './present-contact.ts'
import { seconds, secondsOrNull } from './shapes.ts'
import { presentTicketState, presentTicketType } from './ticket-types.ts'
import { WITH_LEVELS, type ApiVersion } from './version.ts'

export async function presentTickets(db: Db, workspace: Workspace, tickets: Ticket[], version: ApiVersion) {
  if (tickets.length === 0) return []
  const states = await listTicketStates(db, workspace)
  const threads = await Promise.all(tickets.map((ticket) => listParts(db, ticket.conversation, { notes: true })))
  const authorOf = await findAuthors(db, workspace, threads.flat())
  const contacts = await db
    .selectFrom('contacts')
    .select(['id', 'external_id'])
    .where('workspace_id', '=', workspace.id)
    .where(
      'id',
      'in',
      tickets.map((ticket) => ticket.contact_id),
    )
    .execute()
  return tickets.map((ticket, index) => {
    const parts = (threads[index] ?? []).filter((part) => part.sequence > 1)
    return {
      ...presentTicket(ticket, workspace, states, version),
      contacts: { type: 'contact.list', contacts: contacts.filter((contact) => contact.id === ticket.contact_id).map(presentReference) },
      ticket_parts: {
        type: 'ticket_part.list',
        ticket_parts: parts.map((part) => presentTicketPart(part, authorOf(part), ticket, states)),
        total_count: parts.length,
      },
    }
  })
}

export function presentTicketPart(part: Part, author: PresentedAuthor, { conversation }: Ticket, states: TicketState[]) {
  const categoryOf = (id: Part['ticket_state_id']) => states.find((state) => state.id === id)?.category
  const state =
    part.ticket_state_id === null
      ? {}
      : { ticket_state: categoryOf(part.ticket_state_id), previous_ticket_state: categoryOf(part.previous_ticket_state_id) }
  const assignee = part.part_type === 'assignment' ? conversation.admin_assignee_id : null
  return {
    ...{ type: 'ticket_part', id: String(part.id), part_type: part.part_type, body: part.body, ...state },
    ...{ created_at: seconds(part.created_at), updated_at: seconds(part.created_at) },
    assigned_to: assignee === null ? null : { type: 'admin', id: String(assignee) },
    ...{ author, attachments: [], external_id: part.client_id, redacted: false, app_package_code: null },
  }
}

function presentTicket(ticket: Ticket, workspace: Workspace, states: TicketState[], version: ApiVersion) {
  const { id, ticket_number, type, state, conversation, company_id } = ticket
  return {
    ...{ type: 'ticket', id: String(id), ticket_id: String(ticket_number), category: type.category },
    ticket_attributes: presentAttributes(ticket),
    ticket_state: presentTicketState(state),
    ticket_type: presentTicketType(type, workspace, states),
    admin_assignee_id: version >= WITH_LEVELS ? (conversation.admin_assignee_id ?? 0) : String(conversation.admin_assignee_id ?? 0),
    team_assignee_id: version >= WITH_LEVELS ? 0 : '0',
    ...{ created_at: seconds(ticket.created_at), updated_at: seconds(ticket.updated_at) },
    ...{
      open: conversation.state !== 'closed',
      snoozed_until: secondsOrNull(conversation.snoozed_until),
      is_shared: ticket.is_shared === 1,
      company_id,
    },
    linked_objects: { type: 'list', data: [], total_count: 0, has_more: false },
  }
}

function presentAttributes({ title, description, type, attributes }: Ticket) {
  const values = Object.entries(attributes).map(([name, value]) => {
    const isDate = type.attributes.some((attribute) => attribute.name === name && attribute.data_type === 'datetime')
    return [name, isDate && typeof value === 'number' ? seconds(value) : value]
  })
  return { _default_title_: title, _default_description_: description, ...(Object.fromEntries(values) as Record<string, unknown>) }
}
