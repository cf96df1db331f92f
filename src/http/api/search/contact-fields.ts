import { sql } from 'kysely'
import type { Sort } from './read-search.ts'
import type { FieldList, SearchField } from './search-language.ts'

const text = (column: string): SearchField => ({ kind: 'text', column: sql.ref(`contacts.${column}`) })
const day = (column: string): SearchField => ({ kind: 'day', column: sql.ref(`contacts.${column}`) })

const FIELDS = new Map<string, SearchField>([
  ...['id', 'external_id', 'name', 'email', 'phone', 'language_override'].map((name): [string, SearchField] => [name, text(name)]),
  // Who has written without signing in is a lead to the API.
  ['role', { kind: 'text', column: sql`case contacts.role when 'visitor' then 'lead' else contacts.role end` }],
  ['avatar', text('avatar_url')],
  ...['created_at', 'updated_at', 'signed_up_at', 'last_seen_at'].map((name): [string, SearchField] => [name, day(name)]),
  [
    'company_id',
    {
      kind: 'text',
      column: sql`(select min(company_memberships.company_id) from company_memberships where company_memberships.workspace_id = contacts.workspace_id and company_memberships.contact_id = contacts.id)`,
    },
  ],
])

export const contactFields: FieldList = (name, value) => {
  const attribute = /^custom_attributes\.(.{1,255})$/s.exec(name)?.[1]
  return attribute === undefined ? FIELDS.get(name) : customAttribute(attribute, value)
}

/** Text and lists are found as text; numbers, booleans and dates stand in another column. */
function customAttribute(name: string, value: unknown): SearchField {
  const kind = typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'flag' : 'text'
  const found = sql.ref(kind === 'text' ? 'text_value' : 'number_value')
  return {
    kind,
    column: sql`(select ${found} from contact_attributes where contact_attributes.workspace_id = contacts.workspace_id and contact_attributes.contact_id = contacts.id and contact_attributes.name = ${name})`,
  }
}

/** What contacts can be sorted by; null sorts as empty. */
export const CONTACT_SORTS = new Map<string, Sort>([
  ...['name', 'email', 'external_id', 'id', 'role'].map((name): [string, Sort] => [
    name,
    { sort: sql`coalesce(${sql.ref(`contacts.${name}`)}, '')`, kind: 'text' },
  ]),
  ...['signed_up_at', 'last_seen_at'].map((name): [string, Sort] => [
    name,
    { sort: sql`coalesce(${sql.ref(`contacts.${name}`)}, 0)`, kind: 'number' },
  ]),
  ...['created_at', 'updated_at'].map((name): [string, Sort] => [name, { sort: sql.ref(`contacts.${name}`), kind: 'number' }]),
])
