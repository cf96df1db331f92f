import type { Selectable } from 'kysely'
import type { AttributeColumns } from '#db/contact-tables.ts'
import type { Contact } from '#domain/contacts/contacts.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { Db } from '#platform/database/database.ts'
import { seconds, secondsOrNull } from './shapes.ts'

const SHOWN = 10

/** The same few queries however many contacts there are. */
export async function presentContacts(db: Db, workspace: Workspace, contacts: Contact[]) {
  if (contacts.length === 0) return []
  const ids = contacts.map((contact) => contact.id)
  const attributes = await db
    .selectFrom('contact_attributes')
    .selectAll()
    .where('workspace_id', '=', workspace.id)
    .where('contact_id', 'in', ids)
    .execute()
  const memberships = await db
    .selectFrom('company_memberships')
    .select(['contact_id', 'company_id'])
    .where('workspace_id', '=', workspace.id)
    .where('contact_id', 'in', ids)
    .execute()
  return contacts.map((contact) => ({
    ...presentPerson(contact, workspace),
    ...emptyMarks,
    custom_attributes: Object.fromEntries(
      attributes.filter((row) => row.contact_id === contact.id).map((row) => [row.name, presentAttribute(row)]),
    ),
    tags: subList(contact, 'tags', []),
    notes: subList(contact, 'notes', []),
    companies: subList(
      contact,
      'companies',
      memberships.filter((row) => row.contact_id === contact.id).map((row) => row.company_id),
    ),
    opted_out_subscription_types: subList(contact, 'subscriptions', []),
    opted_in_subscription_types: subList(contact, 'subscriptions', []),
  }))
}

export function presentReference({ id, external_id }: Pick<Contact, 'id' | 'external_id'>) {
  return { type: 'contact', id, external_id }
}

function presentPerson(contact: Contact, workspace: Workspace) {
  const { id, external_id, role, email, name, phone, avatar_url, language_override } = contact
  return {
    ...{ type: 'contact', id, workspace_id: workspace.app_id, external_id, role: role === 'visitor' ? 'lead' : role },
    ...{ email, email_domain: email?.split('@')[1] ?? null, phone, formatted_phone: phone, name, avatar: avatar_url, language_override },
    ...{ created_at: seconds(contact.created_at), updated_at: seconds(contact.updated_at) },
    ...{ signed_up_at: secondsOrNull(contact.signed_up_at), last_seen_at: secondsOrNull(contact.last_seen_at) },
    blocked: contact.blocked_at !== null,
  }
}

/** Keys that clients read without asking whether they are there. */
const emptyMarks = {
  ...{ owner_id: null, has_hard_bounced: false, marked_email_as_spam: false, unsubscribed_from_emails: false },
  ...{ last_replied_at: null, last_contacted_at: null, last_email_opened_at: null, last_email_clicked_at: null },
  ...{ browser: null, browser_version: null, browser_language: null, os: null },
  location: { type: 'location', country: null, region: null, city: null, country_code: null, continent_code: null },
  social_profiles: { type: 'list', data: [] },
}

const ITEM_TYPES = { tags: 'tag', notes: 'note', companies: 'company', subscriptions: 'subscription' } as const

function subList(contact: Contact, name: keyof typeof ITEM_TYPES, ids: string[]) {
  const data = ids.slice(0, SHOWN).map((id) => ({ type: ITEM_TYPES[name], id, url: `/${name}/${id}` }))
  return { type: 'list', data, url: `/contacts/${contact.id}/${name}`, total_count: ids.length, has_more: ids.length > SHOWN }
}

function presentAttribute({
  type,
  text_value,
  number_value,
}: Pick<Selectable<AttributeColumns>, 'type' | 'text_value' | 'number_value'>): unknown {
  if (type === 'list') return text_value === null ? null : JSON.parse(text_value)
  if (type === 'boolean') return number_value === null ? null : number_value === 1
  if (type === 'date') return secondsOrNull(number_value)
  return text_value ?? number_value
}
