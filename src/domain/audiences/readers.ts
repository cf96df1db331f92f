import type { AttributeType } from '#db/contact-tables.ts'
import type { Role } from '#db/columns.ts'
import type { Contact } from '#domain/contacts/contacts.ts'
import type { StandingSession } from '#domain/sessions/sessions.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { Db } from '#platform/database/database.ts'
import { keepUntil } from '#platform/database/kept.ts'

export type AttributeValue = string | number | boolean | readonly string[]
export type Attributes = ReadonlyMap<string, AttributeValue>

/** Who asks to read, with what was said about them by a token, the API or a teammate; never what a page merely claimed. */
export interface Reader {
  role: Role
  attributes: Attributes
  companies: readonly Attributes[]
}

export const VISITOR: Reader = { role: 'visitor', attributes: new Map(), companies: [] }

/** Everything that is said about a person, and by whom. */
const readers = keepUntil<string, Reader>(
  [
    'contacts',
    ...['contact_attributes', '+contact_attributes', 'company_memberships', '+company_memberships'],
    ...['companies', 'company_attributes', '+company_attributes'],
  ],
  2000,
)

export async function loadReader(db: Db, workspace: Workspace, session: StandingSession | null): Promise<Reader> {
  const role = readingRole(session)
  const contact = session?.contact
  if (!contact || role === 'visitor') return VISITOR
  return readers.read(db, `${workspace.id} ${contact.id} ${role}`, () => readReader(db, workspace, contact, role))
}

async function readReader(db: Db, workspace: Workspace, contact: Contact, role: Role): Promise<Reader> {
  const [own, companies] = await Promise.all([contactAttributes(db, workspace, contact), companyAttributes(db, workspace, contact)])
  return { role, attributes: own, companies }
}

/** Only a session that a token vouched for reads as a user; who gave an address reads as a lead. */
export function readingRole(session: StandingSession | null): Role {
  if (!session?.contact) return 'visitor'
  if (session.kind === 'user') return 'user'
  return session.kind !== 'claimed' && session.contact.role === 'lead' ? 'lead' : 'visitor'
}

async function contactAttributes(db: Db, workspace: Workspace, contact: Contact): Promise<Attributes> {
  const rows = await db
    .selectFrom('contact_attributes')
    .select(['name', 'type', 'text_value', 'number_value'])
    .where('workspace_id', '=', workspace.id)
    .where('contact_id', '=', contact.id)
    .where('source', '!=', 'messenger')
    .execute()
  const attributes = new Map<string, AttributeValue>()
  for (const row of rows) setValue(attributes, row.name, row)
  for (const name of ['email', 'name', 'phone', 'language_override', 'signed_up_at'] as const) {
    const value = contact[name]
    const source = contact[`${name}_source`]
    if (value !== null && source !== null && source !== 'messenger') attributes.set(name, value)
  }
  if (contact.role === 'user' && contact.external_id !== null) attributes.set('user_id', contact.external_id)
  return attributes
}

async function companyAttributes(db: Db, workspace: Workspace, contact: Contact): Promise<Attributes[]> {
  const rows = await db
    .selectFrom('company_memberships as member')
    .innerJoin('companies as company', (join) =>
      join.onRef('company.workspace_id', '=', 'member.workspace_id').onRef('company.id', '=', 'member.company_id'),
    )
    .leftJoin('company_attributes as attribute', (join) =>
      join
        .onRef('attribute.workspace_id', '=', 'company.workspace_id')
        .onRef('attribute.company_id', '=', 'company.id')
        .on('attribute.source', '!=', 'messenger'),
    )
    .select([
      'company.company_id',
      'company.name as company_name',
      'company.plan',
      'attribute.name',
      'attribute.type',
      'attribute.text_value',
      'attribute.number_value',
    ])
    .where('member.workspace_id', '=', workspace.id)
    .where('member.contact_id', '=', contact.id)
    .execute()
  const companies = new Map<string, Map<string, AttributeValue>>()
  for (const row of rows) {
    const company = companies.get(row.company_id) ?? new Map<string, AttributeValue>()
    companies.set(row.company_id, company)
    if (row.name !== null && row.type !== null) setValue(company, row.name, { ...row, type: row.type })
    company.set('company_id', row.company_id)
    if (row.company_name !== null) company.set('name', row.company_name)
    if (row.plan !== null) company.set('plan', row.plan)
  }
  return [...companies.values()]
}

interface StoredValue {
  type: AttributeType
  text_value: string | null
  number_value: number | null
}

function setValue(attributes: Map<string, AttributeValue>, name: string, stored: StoredValue) {
  const value = readValue(stored)
  if (value !== null) attributes.set(name, value)
}

function readValue({ type, text_value, number_value }: StoredValue): AttributeValue | null {
  if (type === 'boolean') return number_value === null ? null : number_value === 1
  if (type === 'number' || type === 'date') return number_value
  return type === 'list' ? readList(text_value) : text_value
}

function readList(text: string | null): string[] | null {
  if (text === null) return null
  const list: unknown = JSON.parse(text)
  return Array.isArray(list) ? list.map(String) : null
}
