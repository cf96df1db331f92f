import { listCompaniesOf, type Company } from '#domain/companies/companies.ts'
import type { Contact } from '#domain/contacts/contacts.ts'
import type { Db } from '#platform/database/database.ts'
import type { Ticket } from './tickets.ts'

/** Somebody vouched for, with the companies they stand in at this moment. */
export interface TicketReader {
  contact: Contact
  companies: Company[]
}

export async function getTicketReader(db: Db, contact: Contact): Promise<TicketReader> {
  return { contact, companies: await listCompaniesOf(db, contact) }
}

/** Own tickets and those of the reader's companies, if they are meant for customers and shared with them. `listTicketsFor` says the same in SQL. */
export function canSeeTicket({ contact, companies }: TicketReader, ticket: Ticket): boolean {
  if (contact.role !== 'user' || ticket.workspace_id !== contact.workspace_id) return false
  if (ticket.type.category !== 'Customer' || ticket.is_shared !== 1) return false
  return ticket.contact_id === contact.id || companies.some((company) => company.id === ticket.company_id)
}

/** Colleagues help each other: who sees a ticket may answer, resolve and reopen it. */
export function canReply(reader: TicketReader, ticket: Ticket): boolean {
  return canSeeTicket(reader, ticket)
}
