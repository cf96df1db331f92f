import { sql, type RawBuilder } from 'kysely'
import type { Sort } from './read-search.ts'
import type { FieldList, SearchField } from './search-language.ts'

const CATEGORIES = sql`case category when 'Customer' then 'request' when 'Back-office' then 'task' else 'tracker' end`

const ofType = (found: RawBuilder<unknown>) =>
  sql`(select ${found} from ticket_types where ticket_types.workspace_id = tickets.workspace_id and ticket_types.id = tickets.ticket_type_id)`
const ofState = (found: RawBuilder<unknown>) =>
  sql`(select ${found} from ticket_states where ticket_states.workspace_id = tickets.workspace_id and ticket_states.id = tickets.ticket_state_id)`
const ofConversation = (found: RawBuilder<unknown>) =>
  sql`(select ${found} from conversations where conversations.workspace_id = tickets.workspace_id and conversations.id = tickets.conversation_id)`

const FIELDS = new Map<string, SearchField>([
  ...['title', 'description'].map((name): [string, SearchField] => [name, { kind: 'text', column: sql.ref(`tickets.${name}`) }]),
  ...['id', 'ticket_type_id'].map((name): [string, SearchField] => [name, { kind: 'number', column: sql.ref(`tickets.${name}`) }]),
  ...['created_at', 'updated_at'].map((name): [string, SearchField] => [name, { kind: 'second', column: sql.ref(`tickets.${name}`) }]),
  ['ticket_id', { kind: 'number', column: sql.ref('tickets.ticket_number') }],
  ['contact_ids', { kind: 'text', column: sql.ref('tickets.contact_id') }],
  ['company_id', { kind: 'text', column: sql.ref('tickets.company_id') }],
  ['category', { kind: 'text', column: ofType(CATEGORIES) }],
  ['state', { kind: 'text', column: ofState(sql.ref('category')) }],
  ['ticket_state_id', { kind: 'number', column: sql.ref('tickets.ticket_state_id') }],
  ['open', { kind: 'flag', column: ofConversation(sql`case state when 'closed' then 0 else 1 end`) }],
  ['admin_assignee_id', { kind: 'number', column: ofConversation(sql`coalesce(admin_assignee_id, 0)`) }],
  ['snoozed_until', { kind: 'second', column: ofConversation(sql.ref('snoozed_until')) }],
])

export const ticketFields: FieldList = (name, value) => {
  const attribute = /^ticket_attribute\.(\d{1,15})$/.exec(name)?.[1]
  return attribute === undefined ? FIELDS.get(name) : ticketAttribute(Number(attribute), value)
}

function ticketAttribute(id: number, value: unknown): SearchField {
  const kind = typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'flag' : 'text'
  const found = sql.ref(kind === 'text' ? 'text_value' : 'number_value')
  return {
    kind,
    column: sql`(select ${found} from ticket_attribute_values where ticket_attribute_values.workspace_id = tickets.workspace_id and ticket_attribute_values.ticket_id = tickets.id and ticket_attribute_values.attribute_id = ${id})`,
  }
}

export const TICKET_SORTS = new Map<string, Sort>([
  ['title', { sort: sql.ref('tickets.title'), kind: 'text' }],
  ...['created_at', 'updated_at', 'id'].map((name): [string, Sort] => [name, { sort: sql.ref(`tickets.${name}`), kind: 'number' }]),
  ['snoozed_until', { sort: sql`coalesce(${ofConversation(sql.ref('snoozed_until'))}, 0)`, kind: 'number' }],
])
