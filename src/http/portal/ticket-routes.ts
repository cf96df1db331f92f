import type { FastifyReply, FastifyRequest, preHandlerAsyncHookHandler, preHandlerHookHandler } from 'fastify'
import { z } from 'zod'
import { textToHtml } from '#domain/conversations/bodies.ts'
import { moveTicketTo, reopenTicket, replyToTicket } from '#domain/tickets/change-ticket.ts'
import type { TicketAuthor } from '#domain/tickets/create-ticket.ts'
import { canReply, canSeeTicket, type TicketReader } from '#domain/tickets/ticket-policy.ts'
import { getTicketTimeline } from '#domain/tickets/ticket-timeline.ts'
import { TEXT_LIMIT, type TicketFlaw } from '#domain/tickets/ticket-values.ts'
import { getTicketByNumber, type Ticket } from '#domain/tickets/tickets.ts'
import { Failure } from '#errors'
import type { App } from '#http/app-types.ts'
import { formTokenField } from '#http/middleware/form-token.ts'
import { clientIdOf, fieldOf, FormBody } from './forms.ts'
import { sendPortalPage } from './send-portal-page.ts'
import { ticketPage } from './ticket-page.ts'
import { readerOf } from './ticket-reader.ts'
import { tongueOf } from './words.ts'

export interface PortalRoute {
  config: { page: boolean }
  preHandler: (preHandlerAsyncHookHandler | preHandlerHookHandler)[]
}

const Numbered = z.object({ number: z.string() })
const NewState = z.object({ state: z.enum(['resolved', 'open']) })

/** One ticket: reading, answering, resolving, reopening. */
export function ticketRoutes(app: App, { reading, writing }: { reading: PortalRoute; writing: PortalRoute }) {
  app.get('/tickets/:number', { ...reading, schema: { params: Numbered } }, async (request, reply) => {
    const { ticket } = await seenTicket(app, request, request.params.number)
    return showTicket(app, request, reply, { ticket })
  })

  app.post('/tickets/:number/replies', { ...writing, schema: { params: Numbered, body: FormBody } }, async (request, reply) => {
    const { reader, ticket } = await answerableTicket(app, request, request.params.number)
    const text = fieldOf(request.body, 'body')
    const client_id = clientIdOf(request.body)
    const flaw = flawOf(text)
    if (flaw) return showTicket(app, request, reply.status(422), { ticket, draft: { text, flaw, client_id } })
    const body = textToHtml(text.trim())
    const part = await replyToTicket(app.db, ticket, { part_type: 'comment', body, author: authorOf(reader), client_id }, app.now())
    app.bell.ring(request.workspace.id)
    return reply.redirect(`/tickets/${ticket.ticket_number}#part-${part.sequence}`, 303)
  })

  app.post('/tickets/:number/state', { ...writing, schema: { params: Numbered, body: NewState } }, async (request, reply) => {
    const { reader, ticket } = await answerableTicket(app, request, request.params.number)
    if (request.body.state === 'open') await reopenTicket(app.db, ticket, authorOf(reader), app.now())
    else await moveTicketTo(app.db, ticket, { category: 'resolved', author: authorOf(reader) }, app.now())
    app.bell.ring(request.workspace.id)
    return reply.redirect(`/tickets/${ticket.ticket_number}`, 303)
  })
}

export function authorOf({ contact }: TicketReader): TicketAuthor {
  return { type: contact.role, id: contact.id }
}

/** A ticket that is not for this reader is as good as none. */
async function seenTicket(app: App, request: FastifyRequest, number: string): Promise<{ reader: TicketReader; ticket: Ticket }> {
  const reader = readerOf(request)
  const ticket = await getTicketByNumber(app.db, request.workspace, number)
  if (!canSeeTicket(reader, ticket)) throw new Failure('ticket_not_found')
  return { reader, ticket }
}

async function answerableTicket(app: App, request: FastifyRequest, number: string) {
  const seen = await seenTicket(app, request, number)
  if (!canReply(seen.reader, seen.ticket)) throw new Failure('ticket_not_found')
  return seen
}

function flawOf(text: string): TicketFlaw | undefined {
  if (text.trim() === '') return 'missing'
  return text.length > TEXT_LIMIT ? 'too_long' : undefined
}

async function showTicket(
  app: App,
  request: FastifyRequest,
  reply: FastifyReply,
  { ticket, draft }: { ticket: Ticket; draft?: { text: string; flaw: TicketFlaw; client_id: string } },
) {
  const timeline = await getTicketTimeline(app.db, ticket)
  const body = ticketPage({ tongue: tongueOf(request), reader: readerOf(request), token: formTokenField(request), ticket, timeline, draft })
  return sendPortalPage(request, reply, { title: `#${ticket.ticket_number} ${ticket.title}`, body })
}
