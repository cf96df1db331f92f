import { z } from 'zod'
import type { FastifyRequest } from 'fastify'
import { assignConversation, closeConversation, openConversation, snoozeConversation } from '#domain/conversations/change-conversation.ts'
import type { Conversation } from '#domain/conversations/conversations.ts'
import { appendPart } from '#domain/conversations/parts.ts'
import { getTeammate } from '#domain/teammates/teammates.ts'
import { replyToTicket } from '#domain/tickets/change-ticket.ts'
import { listTicketStates } from '#domain/tickets/ticket-states.ts'
import { getTicket } from '#domain/tickets/tickets.ts'
import { Failure } from '#errors'
import type { App } from '#http/app-types.ts'
import { may } from './authenticate.ts'
import { answerConversation, getChat } from './conversations.ts'
import { findAuthors } from './people.ts'
import { presentTicketPart } from './present-ticket.ts'
import { readAuthor, readBody, readTeammate, ReplyBody, type Reply } from './reply-body.ts'
import { ById, clientIdOf, HtmlBody, Id } from './shapes.ts'

/** The year 9999, in Unix seconds: what comes after it fits no database’s time. */
const LATEST = 253_402_300_799

const By = { type: z.literal('admin').default('admin'), admin_id: Id.optional() }
const Change = z.discriminatedUnion('message_type', [
  z.object({ message_type: z.literal('close'), ...By, body: HtmlBody.optional() }),
  z.object({ message_type: z.literal('open'), ...By }),
  z.object({ message_type: z.literal('snoozed'), ...By, snoozed_until: z.number().int().positive().max(LATEST) }),
  z.object({
    message_type: z.literal('assignment'),
    type: z.enum(['admin', 'team']).default('admin'),
    admin_id: Id.optional(),
    assignee_id: Id,
    body: HtmlBody.optional(),
  }),
])

export function replyRoutes(api: App) {
  api.post('/api/conversations/:id/reply', { ...may('conversations:write'), schema: { ...ById, body: ReplyBody } }, async (request) => {
    const { workspace, params, body } = request
    const conversation = await getChat(api, workspace, params.id)
    const author = await readAuthor(api, request, body)
    refuseStrangers(conversation, author)
    await appendPart(
      api.db,
      conversation,
      { part_type: partType(body), body: readBody(body.body), author, client_id: clientIdOf(request.headers) },
      api.now(),
    )
    return answerAfterwards(api, request, params.id)
  })

  api.post('/api/conversations/:id/parts', { ...may('conversations:write'), schema: { ...ById, body: Change } }, async (request) => {
    await changeConversation(api, request, await getChat(api, request.workspace, request.params.id), request.body)
    return answerAfterwards(api, request, request.params.id)
  })

  api.post('/api/tickets/:id/reply', { ...may('tickets:write'), schema: { ...ById, body: ReplyBody } }, async (request) => {
    const { workspace, params, body } = request
    const ticket = await getTicket(api.db, workspace, params.id)
    const author = await readAuthor(api, request, body)
    if (author.type !== 'admin' && author.id !== ticket.contact_id) throw new Failure('not_found', { detail: 'User Not Found' })
    const part = await replyToTicket(
      api.db,
      ticket,
      { part_type: partType(body), body: readBody(body.body), author, client_id: clientIdOf(request.headers) },
      api.now(),
    )
    const authorOf = await findAuthors(api.db, workspace, [part])
    return presentTicketPart(part, authorOf(part), ticket, await listTicketStates(api.db, workspace))
  })
}

function answerAfterwards(api: App, { workspace, apiVersion }: FastifyRequest, id: string) {
  return answerConversation(api, workspace, id, { version: apiVersion, plaintext: false })
}

async function changeConversation(
  api: App,
  request: FastifyRequest,
  conversation: Conversation,
  change: z.infer<typeof Change>,
): Promise<void> {
  const teammate = await readTeammate(api, request, change.admin_id)
  const author = { type: 'admin', id: String(teammate.id) } as const
  const body = 'body' in change && change.body !== undefined ? readBody(change.body) : null
  switch (change.message_type) {
    case 'close':
      return closeConversation(api.db, conversation, { author, body }, api.now())
    case 'open':
      return openConversation(api.db, conversation, { author }, api.now())
    case 'snoozed':
      if (change.snoozed_until * 1000 <= api.now())
        throw new Failure('parameter_invalid', { field: 'snoozed_until', detail: 'snoozed_until must lie ahead.' })
      return snoozeConversation(api.db, conversation, change.snoozed_until * 1000, api.now())
    case 'assignment':
      return assignConversation(api.db, conversation, { assignee: await readAssignee(api, request, change), author, body }, api.now())
  }
}

async function readAssignee(
  api: App,
  { workspace }: FastifyRequest,
  { type, assignee_id }: { type: 'admin' | 'team'; assignee_id: string },
) {
  if (assignee_id === '0') return null
  if (type === 'team') throw new Failure('admin_not_found', { field: 'assignee_id', detail: 'There are no teams yet.' })
  return (await getTeammate(api.db, workspace, assignee_id)).id
}

/** A contact speaks in its own conversations only. */
function refuseStrangers({ contact_id }: Conversation, author: { type: string; id: string }): void {
  if (author.type !== 'admin' && author.id !== contact_id) throw new Failure('not_found', { detail: 'User Not Found' })
}

function partType({ message_type }: Reply): 'comment' | 'note' {
  return message_type === 'note' ? 'note' : 'comment'
}
