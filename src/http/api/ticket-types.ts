import { listTicketStates, type TicketState } from '#domain/tickets/ticket-states.ts'
import { listTicketTypes, type TicketAttribute, type TicketType } from '#domain/tickets/ticket-types.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { App } from '#http/app-types.ts'
import { may } from './authenticate.ts'
import { seconds } from './shapes.ts'

export function ticketTypeRoutes(api: App) {
  api.get('/api/ticket_types', may('tickets:read'), async ({ workspace }) => {
    const types = await listTicketTypes(api.db, workspace)
    const states = await listTicketStates(api.db, workspace)
    return { type: 'list', data: types.map((type) => presentTicketType(type, workspace, states)) }
  })

  api.get('/api/ticket_states', may('tickets:read'), async ({ workspace }) => {
    const types = await listTicketTypes(api.db, workspace)
    const states = await listTicketStates(api.db, workspace)
    const data = types.map((type) => presentTicketType(type, workspace, []))
    return {
      type: 'list',
      data: states.map((state) => ({ ...presentTicketState(state), archived: state.archived === 1, ticket_types: { type: 'list', data } })),
    }
  })
}

export function presentTicketState({ id, category, internal_label, external_label }: TicketState) {
  return { type: 'ticket_state', id: String(id), category, internal_label, external_label }
}

/** Documentation and recorded answers disagree on the key of the attributes, so both are there. */
export function presentTicketType(ticketType: TicketType, { app_id }: Workspace, states: TicketState[]) {
  const { id, name, description, icon, category, archived, created_at, updated_at } = ticketType
  const attributes = ticketType.attributes.map((attribute) => presentAttribute(attribute, app_id))
  const live = states.filter((state) => state.archived === 0)
  return {
    ...{ type: 'ticket_type', id: String(id), category, name, description, icon, workspace_id: app_id },
    ticket_type_attributes: { type: 'list', data: attributes, ticket_type_attributes: attributes },
    ticket_states: { type: 'list', data: live.map(presentTicketState) },
    ...{ archived: archived === 1, is_internal: category !== 'Customer', created_at: seconds(created_at), updated_at: seconds(updated_at) },
  }
}

function presentAttribute(attribute: TicketAttribute, workspace_id: string) {
  const { id, name, description, data_type, ticket_type_id, position, created_at, updated_at } = attribute
  return {
    ...{
      type: 'ticket_type_attribute',
      id: String(id),
      workspace_id,
      name,
      description,
      data_type,
      order: position,
      default: false,
      ticket_type_id,
    },
    input_options: presentInputOptions(attribute),
    ...{
      required_to_create: attribute.required_to_create === 1,
      required_to_create_for_contacts: attribute.required_to_create_for_contacts === 1,
    },
    ...{ visible_on_create: attribute.visible_on_create === 1, visible_to_contacts: attribute.visible_to_contacts === 1 },
    ...{ archived: attribute.archived === 1, created_at: seconds(created_at), updated_at: seconds(updated_at) },
  }
}

function presentInputOptions({ data_type, multiline, options }: TicketAttribute) {
  if (data_type === 'list') return { list_options: options.map(({ id, label }) => ({ id, label })) }
  return data_type === 'string' ? { multiline: multiline === 1 } : {}
}
