import type { Selectable } from 'kysely'
import type { ConversationsTable } from '#db/conversation-tables.ts'
import type { ConversationId } from '#db/columns.ts'
import { htmlToText } from '#domain/conversations/bodies.ts'
import type { Part } from '#domain/conversations/parts.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { Db } from '#platform/database/database.ts'
import { findAuthors, type PresentedAuthor } from './people.ts'
import { presentReference } from './present-contact.ts'
import { seconds, secondsOrNull } from './shapes.ts'
import { WITH_LEVELS, type ApiVersion } from './version.ts'

type Conversation = Selectable<ConversationsTable>

export interface Form {
  version: ApiVersion
  plaintext: boolean
}

/** Without parts, as in lists. */
export async function presentConversations(db: Db, workspace: Workspace, conversations: Conversation[], form: Form) {
  if (conversations.length === 0) return []
  const ids = conversations.map((conversation) => conversation.id)
  const sources = await db
    .selectFrom('conversation_parts')
    .selectAll()
    .where('workspace_id', '=', workspace.id)
    .where('conversation_id', 'in', ids)
    .where('sequence', '=', 1)
    .execute()
  const authorOf = await findAuthors(db, workspace, sources)
  const contacts = await db
    .selectFrom('contacts')
    .select(['id', 'external_id'])
    .where('workspace_id', '=', workspace.id)
    .where(
      'id',
      'in',
      conversations.map((conversation) => conversation.contact_id),
    )
    .execute()
  const firstReplies = await findFirstReplies(db, workspace, ids)
  return conversations.map((conversation) => {
    const source = sources.find((part) => part.conversation_id === conversation.id)
    const replied_at = firstReplies.get(conversation.id)
    return {
      ...presentState(conversation, form.version),
      source: source ? presentSource(conversation, source, authorOf(source), form) : null,
      contacts: {
        type: 'contact.list',
        contacts: contacts.filter((contact) => contact.id === conversation.contact_id).map(presentReference),
      },
      first_contact_reply: replied_at === undefined ? null : { created_at: seconds(replied_at), type: 'conversation', url: null },
      ...emptyMarks(conversation),
    }
  })
}

export function presentPart(part: Part, conversation: Conversation, author: PresentedAuthor, form: Form) {
  const assignee = conversation.admin_assignee_id
  return {
    ...{ type: 'conversation_part', id: String(part.id), part_type: part.part_type, body: presentBody(part.body, form) },
    ...{ created_at: seconds(part.created_at), updated_at: seconds(part.created_at), notified_at: seconds(part.created_at) },
    assigned_to: part.part_type === 'assignment' && assignee !== null ? { type: 'admin', id: String(assignee) } : null,
    ...{ author, attachments: [], external_id: part.client_id, redacted: false, metadata: null, email_message_metadata: null },
    ...{ state: conversation.state, tags: [], event_details: null, app_package_code: null },
  }
}

export function presentBody(body: string | null, { plaintext }: Pick<Form, 'plaintext'>): string | null {
  return body !== null && plaintext ? htmlToText(body) : body
}

function presentState(conversation: Conversation, version: ApiVersion) {
  const { id, title, state, priority, admin_assignee_id, last_sequence, admin_seen_sequence } = conversation
  const levels = version >= WITH_LEVELS
  return {
    ...{ type: 'conversation', id: String(id), title, state, open: state !== 'closed', read: admin_seen_sequence >= last_sequence },
    ...{ created_at: seconds(conversation.created_at), updated_at: seconds(conversation.updated_at) },
    ...{ waiting_since: secondsOrNull(conversation.waiting_since), snoozed_until: secondsOrNull(conversation.snoozed_until) },
    priority: levels ? priority : priority === 'none' ? 'not_priority' : 'priority',
    admin_assignee_id: admin_assignee_id ?? (levels ? 0 : null),
    team_assignee_id: levels ? 0 : null,
  }
}

function presentSource(conversation: Conversation, part: Part, author: PresentedAuthor, form: Form) {
  const delivered_as = conversation.initiated_by === 'admin' ? 'admin_initiated' : 'customer_initiated'
  return {
    ...{ type: 'conversation', id: String(part.id), delivered_as, subject: '', body: presentBody(part.body, form) ?? '' },
    ...{ author, attachments: [], url: null, redacted: false },
  }
}

/** Documentation and official clients disagree on the key of teammates, so both are there. */
function emptyMarks({ admin_assignee_id }: Conversation) {
  const admins = admin_assignee_id === null ? [] : [{ type: 'admin', id: String(admin_assignee_id) }]
  return {
    ...{ tags: { type: 'tag.list', tags: [] }, teammates: { type: 'admin.list', admins, teammates: admins } },
    ...{ sla_applied: null, statistics: null, conversation_rating: null, custom_attributes: {} },
    linked_objects: { type: 'list', data: [], total_count: 0, has_more: false },
    ...{ ai_agent: null, ai_agent_participated: false },
  }
}

async function findFirstReplies(db: Db, workspace: Workspace, ids: ConversationId[]): Promise<Map<ConversationId, number>> {
  const rows = await db
    .selectFrom('conversation_parts')
    .select(['conversation_id', (row) => row.fn.min('created_at').as('at')])
    .where('workspace_id', '=', workspace.id)
    .where('conversation_id', 'in', ids)
    .where('author_type', 'in', ['visitor', 'lead', 'user'])
    .where('body', 'is not', null)
    .groupBy('conversation_id')
    .execute()
  return new Map(rows.map((row) => [row.conversation_id, Number(row.at)]))
}
