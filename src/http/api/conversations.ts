import { sql } from 'kysely'
import { z } from 'zod'
import type { ConversationId } from '#db/columns.ts'
import { getConversation, type Conversation } from '#domain/conversations/conversations.ts'
import { listParts } from '#domain/conversations/parts.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { Failure } from '#errors'
import type { App } from '#http/app-types.ts'
import { may } from './authenticate.ts'
import { PageQuery, presentPages, readPaging } from './paging.ts'
import { findAuthors } from './people.ts'
import { presentConversations, presentPart, type Form } from './present-conversation.ts'
import { findPage } from './search/find-page.ts'
import { ById } from './shapes.ts'

const PER_PAGE = 20
const MOST_PARTS = 500
const DisplayAs = z.object({ display_as: z.string().optional() })

export function conversationRoutes(api: App) {
  api.get(
    '/api/conversations',
    { ...may('conversations:read'), schema: { querystring: PageQuery.extend(DisplayAs.shape) } },
    async (request) => {
      const { workspace, query } = request
      const paging = readPaging(query, PER_PAGE)
      const chats = {
        table: 'conversations',
        condition: sql`conversations.kind = 'chat'`,
        sort: sql.ref('conversations.updated_at'),
        direction: 'desc',
        kind: 'number',
      } as const
      const page = await findPage(api.db, workspace, chats, paging)
      const ids = page.ids as ConversationId[]
      const rows =
        ids.length === 0
          ? []
          : await api.db.selectFrom('conversations').selectAll().where('workspace_id', '=', workspace.id).where('id', 'in', ids).execute()
      const inOrder = rows.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))
      const conversations = await presentConversations(api.db, workspace, inOrder, {
        version: request.apiVersion,
        plaintext: query.display_as === 'plaintext',
      })
      return { type: 'conversation.list', conversations, total_count: page.total, pages: presentPages(paging, page) }
    },
  )

  api.get('/api/conversations/:id', { ...may('conversations:read'), schema: { ...ById, querystring: DisplayAs } }, async (request) => {
    const form = { version: request.apiVersion, plaintext: request.query.display_as === 'plaintext' }
    return answerConversation(api, request.workspace, request.params.id, form)
  })
}

/** The whole conversation with its newest 500 parts; the first message is its `source`. */
export async function answerConversation(api: App, workspace: Workspace, id: string, form: Form) {
  const conversation = await getChat(api, workspace, id)
  const parts = (await listParts(api.db, conversation, { notes: true })).filter((part) => part.sequence > 1)
  const authorOf = await findAuthors(api.db, workspace, parts)
  const shown = parts.slice(-MOST_PARTS).map((part) => presentPart(part, conversation, authorOf(part), form))
  const [presented] = await presentConversations(api.db, workspace, [conversation], form)
  return { ...presented, conversation_parts: { type: 'conversation_part.list', conversation_parts: shown, total_count: parts.length } }
}

/** A ticket's thread is read through its ticket. */
export async function getChat(api: App, workspace: Workspace, id: string): Promise<Conversation> {
  const conversation = await getConversation(api.db, workspace, id)
  if (conversation.kind !== 'chat') throw new Failure('conversation_not_found')
  return conversation
}
