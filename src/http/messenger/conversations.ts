import { z } from 'zod'
import { getConversationOf, listConversationsOf, markSeen, unreadCount, type Conversation } from '#domain/conversations/conversations.ts'
import { textToHtml } from '#domain/conversations/bodies.ts'
import { openChat } from '#domain/conversations/open-chat.ts'
import { listParts, sendPart, type Part } from '#domain/conversations/parts.ts'
import { ensureContact } from '#domain/conversations/visitor-conversations.ts'
import type { Contact } from '#domain/contacts/contacts.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { Failure } from '#errors'
import type { App } from '#http/app-types.ts'
import { fromListedOrigin } from '#http/middleware/listed-origin.ts'
import type { ConversationAnswer, ConversationsAnswer, NewPartAnswer, SeenAnswer } from '#shared/messenger.ts'
import { limitPerSession } from './limit-per-session.ts'
import { isShown, partPresenter, presentConversation, presentConversations, presentSent } from './present-conversation.ts'
import { sessionOf } from './session-of.ts'

const NewPart = z.object({
  client_id: z.string().trim().min(1).max(64),
  body: z
    .string()
    .max(10_000)
    .refine((text) => text.trim() !== '', 'must say something'),
})
const ById = z.object({ id: z.string() })
const After = z.object({ after: z.coerce.number().int().min(0).default(0) })
const Seen = z.object({ sequence: z.number().int().min(0) })

export async function conversationRoutes(app: App) {
  readRoutes(app)
  writeRoutes(app)
}

function readRoutes(app: App) {
  const hooks = { onRequest: fromListedOrigin, preHandler: limitPerSession(600) }

  app.get('/messenger/conversations', hooks, async (request, reply): Promise<ConversationsAnswer> => {
    const { contact } = sessionOf(request)
    void reply.header('cache-control', 'private, no-store')
    if (!contact) return { conversations: [], unread_count: 0 }
    const conversations = await listConversationsOf(app.db, request.workspace, contact.id)
    return {
      conversations: await presentConversations(app.db, request.workspace, contact, conversations),
      unread_count: await unreadCount(app.db, request.workspace, contact.id),
    }
  })

  app.get(
    '/messenger/conversations/:id',
    { ...hooks, schema: { params: ById, querystring: After } },
    async (request, reply): Promise<ConversationAnswer> => {
      const contact = known(sessionOf(request).contact)
      void reply.header('cache-control', 'private, no-store')
      const conversation = await getConversationOf(app.db, request.workspace, contact.id, request.params.id)
      const parts = await listParts(app.db, conversation, { after: request.query.after, notes: false })
      const shown = parts.filter(isShown)
      const presentPart = await partPresenter(app.db, request.workspace, contact, shown)
      return {
        conversation: await presentConversation(app.db, request.workspace, contact, conversation),
        parts: shown.map(presentPart),
      }
    },
  )
}

function writeRoutes(app: App) {
  const hooks = { onRequest: fromListedOrigin, preHandler: limitPerSession(60) }

  app.post('/messenger/conversations', { ...hooks, schema: { body: NewPart } }, async (request): Promise<NewPartAnswer> => {
    const session = sessionOf(request)
    const contact = await ensureContact(app.db, request.workspace, session, app.now())
    const message = {
      contact,
      client_id: request.body.client_id,
      body: textToHtml(request.body.body),
      claimed_user_id: session.claimed_user_id,
    }
    const sent = await openChat(app.db, request.workspace, message, app.now())
    app.bell.ring(request.workspace.id)
    return sent.isRepeated ? presentRepeated(app, request.workspace, contact, sent) : presentSent(contact, sent)
  })

  app.post(
    '/messenger/conversations/:id/parts',
    { ...hooks, schema: { params: ById, body: NewPart } },
    async (request): Promise<NewPartAnswer> => {
      const contact = known(sessionOf(request).contact)
      const { id } = await getConversationOf(app.db, request.workspace, contact.id, request.params.id)
      const message = { client_id: request.body.client_id, body: textToHtml(request.body.body) }
      const part = { part_type: 'comment' as const, ...message, author: { type: contact.role, id: contact.id } }
      const sent = await sendPart(app.db, { id, workspace_id: request.workspace.id }, part, app.now())
      app.bell.ring(request.workspace.id)
      return sent.isRepeated ? presentRepeated(app, request.workspace, contact, sent) : presentSent(contact, sent)
    },
  )

  app.put(
    '/messenger/conversations/:id/seen',
    { onRequest: fromListedOrigin, preHandler: limitPerSession(240), schema: { params: ById, body: Seen } },
    async (request): Promise<SeenAnswer> => {
      const contact = known(sessionOf(request).contact)
      const conversation = await getConversationOf(app.db, request.workspace, contact.id, request.params.id)
      await markSeen(app.db, conversation, request.body.sequence, app.now())
      app.bell.ring(request.workspace.id)
      return { unread_count: await unreadCount(app.db, request.workspace, contact.id) }
    },
  )
}

/** Who never wrote has no conversation, so none is found. */
function known(contact: Contact | null): Contact {
  if (!contact) throw new Failure('conversation_not_found')
  return contact
}

/** Sent before: much may have been said since. */
async function presentRepeated(
  app: App,
  workspace: Workspace,
  contact: Contact,
  { conversation, part }: { conversation: Conversation; part: Part },
): Promise<NewPartAnswer> {
  const presentPart = await partPresenter(app.db, workspace, contact, [part])
  return { conversation: await presentConversation(app.db, workspace, contact, conversation), part: presentPart(part) }
}
