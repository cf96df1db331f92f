import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { listTicketsFor, TICKET_SORTS } from '#domain/tickets/list-tickets.ts'
import { checkNewTicket, createTicket } from '#domain/tickets/create-ticket.ts'
import { TICKET_STATE_CATEGORIES } from '#domain/tickets/ticket-states.ts'
import { listTicketTypesForContacts, type TicketType } from '#domain/tickets/ticket-types.ts'
import type { TicketFlaw } from '#domain/tickets/ticket-values.ts'
import { Failure } from '#errors'
import type { App } from '#http/app-types.ts'
import { formTokenField, requireFormToken } from '#http/middleware/form-token.ts'
import { sameOriginOnly } from '#http/middleware/same-origin.ts'
import { draftOf, FormBody, type Form } from './forms.ts'
import { chooseTypePage, newTicketPage } from './new-ticket-page.ts'
import { sendPortalPage } from './send-portal-page.ts'
import { ticketListPage } from './ticket-list-page.ts'
import { authorOf, ticketRoutes } from './ticket-routes.ts'
import { readerOf, signedInOnly } from './ticket-reader.ts'
import { tongueOf } from './words.ts'

const Filters = z.object({
  view: z.enum(['mine', 'company']).catch('mine'),
  state: z.enum(TICKET_STATE_CATEGORIES).optional().catch(undefined),
  type: z.coerce.number().int().optional().catch(undefined),
  q: z.string().optional().catch(undefined),
  sort: z.enum(TICKET_SORTS).catch('updated'),
  page: z.coerce.number().int().min(1).max(1_000_000).catch(1),
})
const Typed = z.object({ type: z.string() })

/** The portal: whole pages and plain forms, for people somebody vouched for. */
export async function portalRoutes(app: App) {
  app.decorateRequest('ticketReader', null)
  const signedIn = signedInOnly(app)
  const reading = { config: { page: true }, preHandler: [signedIn] }
  const writing = { config: { page: true }, preValidation: requireFormToken, preHandler: [sameOriginOnly, signedIn] }
  ticketRoutes(app, { reading, writing })

  app.get('/tickets', { ...reading, schema: { querystring: Filters } }, async (request, reply) => {
    const { view, state, type, q, sort, page } = request.query
    const reader = readerOf(request)
    const types = await listTicketTypesForContacts(app.db, request.workspace)
    const ticket_type_id = types.find((known) => known.id === type)?.id
    const list = await listTicketsFor(app.db, reader, { scope: view, category: state, ticket_type_id, search: q, sort, page })
    const tongue = tongueOf(request)
    const filters = { view, state, type: ticket_type_id, q: q?.trim() || undefined, sort }
    return sendPortalPage(request, reply, { title: tongue.words.tickets, body: ticketListPage({ tongue, reader, list, types, filters }) })
  })

  app.get('/tickets/new', reading, async (request, reply) => {
    const tongue = tongueOf(request)
    const types = await listTicketTypesForContacts(app.db, request.workspace)
    return sendPortalPage(request, reply, { title: tongue.words.new_ticket, body: chooseTypePage({ tongue, types }) })
  })

  app.get('/tickets/new/:type', { ...reading, schema: { params: Typed } }, async (request, reply) => {
    const type = await offeredType(app, request, request.params.type)
    return showForm(request, reply, { type, form: {}, flaws: new Map() })
  })

  app.post('/tickets/new/:type', { ...writing, schema: { params: Typed, body: FormBody } }, async (request, reply) => {
    const type = await offeredType(app, request, request.params.type)
    const reader = readerOf(request)
    const draft = { ...draftOf(type, request.body), type, contact: reader.contact, author: authorOf(reader) }
    const problems = await checkNewTicket(app.db, draft)
    const flaws = new Map(problems.map(({ field, flaw }) => [field, flaw]))
    if (flaws.size > 0) return showForm(request, reply.status(422), { type, form: request.body, flaws })
    const ticket = await createTicket(app.db, request.workspace, draft, app.now())
    app.bell.ring(request.workspace.id)
    return reply.redirect(`/tickets/${ticket.ticket_number}`, 303)
  })
}

async function offeredType(app: App, request: FastifyRequest, id: string): Promise<TicketType> {
  const types = await listTicketTypesForContacts(app.db, request.workspace)
  const type = types.find((type) => String(type.id) === id)
  if (!type) throw new Failure('not_found')
  return type
}

function showForm(request: FastifyRequest, reply: FastifyReply, shown: { type: TicketType; form: Form; flaws: Map<string, TicketFlaw> }) {
  const tongue = tongueOf(request)
  const body = newTicketPage({ tongue, reader: readerOf(request), token: formTokenField(request), ...shown })
  return sendPortalPage(request, reply, { title: `${tongue.words.new_ticket}: ${shown.type.name}`, body })
}
