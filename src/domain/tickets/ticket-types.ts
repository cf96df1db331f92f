import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { TicketAttributeOptionsTable, TicketDataType, TicketTypeAttributesTable, TicketTypesTable } from '#db/ticket-tables.ts'
import type { Instant, TicketTypeId } from '#db/columns.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { Failure } from '#errors'
import { atomically, type Db } from '#platform/database/database.ts'

export type TicketOption = Selectable<TicketAttributeOptionsTable>
export type TicketAttribute = Selectable<TicketTypeAttributesTable> & { options: TicketOption[] }
export type TicketType = Selectable<TicketTypesTable> & { attributes: TicketAttribute[] }

export interface NewTicketType {
  name: string
  category: TicketType['category']
  description?: string
  icon?: string
  attributes?: NewTicketAttribute[]
}

export interface NewTicketAttribute {
  name: string
  data_type: TicketDataType
  description?: string
  multiline?: boolean
  required_to_create?: boolean
  required_to_create_for_contacts?: boolean
  visible_on_create?: boolean
  visible_to_contacts?: boolean
  options?: string[]
}

/** With attributes and their options in order; archived attributes stay out, archived types come last. */
export async function listTicketTypes(db: Db, workspace: Pick<Workspace, 'id'>): Promise<TicketType[]> {
  const types = await db
    .selectFrom('ticket_types')
    .selectAll()
    .where('workspace_id', '=', workspace.id)
    .orderBy('archived')
    .orderBy('id')
    .execute()
  const attributes = await db
    .selectFrom('ticket_type_attributes')
    .selectAll()
    .where('workspace_id', '=', workspace.id)
    .where('archived', '=', 0)
    .orderBy('position')
    .execute()
  const options = await db
    .selectFrom('ticket_attribute_options')
    .selectAll()
    .where('workspace_id', '=', workspace.id)
    .orderBy('position')
    .execute()
  const optionsOf = Map.groupBy(options, (option) => option.attribute_id)
  const dressed = attributes.map((attribute) => Object.assign(attribute, { options: optionsOf.get(attribute.id) ?? [] }))
  const attributesOf = Map.groupBy(dressed, (attribute) => attribute.ticket_type_id)
  return types.map((type) => Object.assign(type, { attributes: attributesOf.get(type.id) ?? [] }))
}

/** What a contact may open a ticket of. */
export async function listTicketTypesForContacts(db: Db, workspace: Pick<Workspace, 'id'>): Promise<TicketType[]> {
  const types = await listTicketTypes(db, workspace)
  return types.filter((type) => type.category === 'Customer' && type.archived === 0)
}

export async function findTicketType(db: Db, workspace: Pick<Workspace, 'id'>, id: number | string): Promise<TicketType | undefined> {
  const types = await listTicketTypes(db, workspace)
  return types.find((type) => String(type.id) === String(id))
}

export async function getTicketType(db: Db, workspace: Pick<Workspace, 'id'>, id: number | string): Promise<TicketType> {
  const type = await findTicketType(db, workspace, id)
  if (!type) throw new Failure('invalid_ticket_type', { field: 'ticket_type_id' })
  return type
}

export async function createTicketType(db: Db, workspace: Workspace, type: NewTicketType, now: Instant): Promise<TicketType> {
  return atomically(db, async (db) => {
    const { id } = await db
      .insertInto('ticket_types')
      .values({
        workspace_id: workspace.id,
        name: type.name,
        description: type.description ?? '',
        icon: type.icon ?? '🎫',
        category: type.category,
        created_at: now,
        updated_at: now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await insertAttributes(db, workspace, { ticket_type_id: id, attributes: type.attributes ?? [] }, now)
    return getTicketType(db, workspace, id)
  })
}

async function insertAttributes(
  db: Db,
  workspace: Workspace,
  { ticket_type_id, attributes }: { ticket_type_id: TicketTypeId; attributes: NewTicketAttribute[] },
  now: Instant,
) {
  if (attributes.length === 0) return
  const rows = attributes.map((attribute, position) =>
    attributeRow(attribute, { workspace_id: workspace.id, ticket_type_id, position }, now),
  )
  const inserted = await db.insertInto('ticket_type_attributes').values(rows).returning(['id', 'name']).execute()
  const idOf = new Map(inserted.map((row) => [row.name, row.id]))
  const options = attributes.flatMap(({ name, options = [] }) => {
    const attribute_id = idOf.get(name)
    if (attribute_id === undefined) return []
    return options.map((label, position) => ({ id: randomUUID(), workspace_id: workspace.id, attribute_id, label, position }))
  })
  if (options.length > 0) await db.insertInto('ticket_attribute_options').values(options).execute()
}

function attributeRow(
  attribute: NewTicketAttribute,
  place: Pick<TicketAttribute, 'workspace_id' | 'ticket_type_id' | 'position'>,
  now: Instant,
) {
  return {
    ...place,
    name: attribute.name,
    description: attribute.description ?? '',
    data_type: attribute.data_type,
    multiline: flag(attribute.multiline ?? false),
    required_to_create: flag(attribute.required_to_create ?? false),
    required_to_create_for_contacts: flag(attribute.required_to_create_for_contacts ?? false),
    visible_on_create: flag(attribute.visible_on_create ?? true),
    visible_to_contacts: flag(attribute.visible_to_contacts ?? true),
    created_at: now,
    updated_at: now,
  }
}

function flag(claim: boolean): 0 | 1 {
  return claim ? 1 : 0
}
