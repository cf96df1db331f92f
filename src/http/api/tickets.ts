import { z } from 'zod'
import type { FastifyRequest } from 'fastify'
import type { TicketId } from '#db/columns.ts'
import type { Contact } from '#domain/contacts/contacts.ts'
import { createContact } from '#domain/contacts/create-contact.ts'
import { createTicket } from '#domain/tickets/create-ticket.ts'
import { getTicketType } from '#domain/tickets/ticket-types.ts'
import { dressTickets, getTicket, type Ticket } from '#domain/tickets/tickets.ts'
import { Failure } from '#errors'
import type { App } from '#http/app-types.ts'
import { may } from './authenticate.ts'
import { updateTicket, TicketUpdate } from './ticket-update.ts'
import { presentPages, readPaging } from './paging.ts'
import { presentTickets } from './present-ticket.ts'
import { findPerson } from './reply-body.ts'
import { findPage } from './search/find-page.ts'
import { readSort, SearchBody } from './search/read-search.ts'
import { readQuery } from './search/search-language.ts'
import { TICKET_SORTS, ticketFields } from './search/ticket-fields.ts'
import { ById, clientIdOf, Id, missing } from './shapes.ts'

const PER_PAGE = 20

const Person = z.object({ id: Id.optional(), external_id: Id.optional(), email: z.string().max(255).optional() })
const NewTicketBody = z.object({
  ticket_type_id: Id,
  contacts: z.array(Person).length(1, 'A ticket is of exactly one contact.'),
  ticket_attributes: z.record(z.string(), z.unknown()).default({}),
  company_id: Id.nullish(),
})

export function ticketRoutes(api: App) {
  api.post('/api/tickets', { ...may('tickets:write'), schema: { body: NewTicketBody } }, async (request) =>
    present(api, request, await openTicket(api, request, request.body)),
  )

  api.get('/api/tickets/:id', { ...may('tickets:read'), schema: ById }, async (request) =>
    present(api, request, await getTicket(api.db, request.workspace, request.params.id)),
  )

  api.put('/api/tickets/:id', { ...may('tickets:write'), schema: { ...ById, body: TicketUpdate } }, async (request) => {
    const ticket = await getTicket(api.db, request.workspace, request.params.id)
    return present(api, request, await updateTicket(api, request, ticket, request.body))
  })

  api.post('/api/tickets/search', { ...may('tickets:read'), schema: { body: SearchBody } }, async ({ workspace, body, apiVersion }) => {
    const paging = readPaging(body.pagination ?? {}, PER_PAGE)
    const sorted = readSort(body.sort, TICKET_SORTS, 'updated_at')
    const page = await findPage(api.db, workspace, { table: 'tickets', condition: readQuery(body.query, ticketFields), ...sorted }, paging)
    const ids = page.ids as TicketId[]
    const rows =
      ids.length === 0
        ? []
        : await api.db.selectFrom('tickets').selectAll().where('workspace_id', '=', workspace.id).where('id', 'in', ids).execute()
    const tickets = await dressTickets(
      api.db,
      workspace,
      rows.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id)),
    )
    return {
      type: 'ticket.list',
      tickets: await presentTickets(api.db, workspace, tickets, apiVersion),
      total_count: page.total,
      pages: presentPages(paging, page),
    }
  })
}

async function present(api: App, { workspace, apiVersion }: FastifyRequest, ticket: Ticket) {
  const [presented] = await presentTickets(api.db, workspace, [ticket], apiVersion)
  return presented
}

async function openTicket(api: App, request: FastifyRequest, body: z.infer<typeof NewTicketBody>): Promise<Ticket> {
  const { workspace, apiCaller } = request
  const { _default_title_, _default_description_, ...attributes } = body.ticket_attributes
  const type = await getTicketType(api.db, workspace, body.ticket_type_id)
  const draft = {
    ...{
      type,
      contact: await findOrCreatePerson(api, request, body.contacts[0]),
      author: { type: 'admin', id: String(apiCaller.teammate.id) } as const,
    },
    ...{ title: readText('_default_title_', _default_title_), description: readText('_default_description_', _default_description_) },
    ...{ attributes, company_id: body.company_id, client_id: clientIdOf(request.headers) },
  }
  return createTicket(api.db, workspace, draft, api.now())
}

/** An external id or an address nobody has yet makes a new contact; an id must be known. */
async function findOrCreatePerson(api: App, request: FastifyRequest, person: z.infer<typeof Person> | undefined): Promise<Contact> {
  const { id, external_id, email } = person ?? {}
  if (id === undefined && external_id === undefined && email === undefined) throw missing('contacts')
  const known = await findPerson(api, request, { id, external_id, email })
  if (known) return known
  if (id !== undefined) throw new Failure('not_found', { detail: 'User Not Found' })
  return createContact(api.db, request.workspace, { external_id, email }, api.now())
}

function readText(field: string, value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string') throw new Failure('parameter_invalid', { field, detail: `${field} is text.` })
  return value
}
