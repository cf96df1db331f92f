import type { Generated } from 'kysely'
import type {
  CompanyId,
  ContactId,
  ConversationId,
  Flag,
  Instant,
  TicketAttributeId,
  TicketId,
  TicketStateId,
  TicketTypeId,
  WorkspaceId,
} from './columns.ts'

export interface TicketTypesTable {
  id: Generated<TicketTypeId>
  workspace_id: WorkspaceId
  name: string
  description: Generated<string>
  icon: Generated<string>
  category: 'Customer' | 'Back-office' | 'Tracker'
  archived: Generated<Flag>
  created_at: Instant
  updated_at: Instant
}

export type TicketDataType = 'string' | 'list' | 'integer' | 'decimal' | 'boolean' | 'datetime'

export interface TicketTypeAttributesTable {
  id: Generated<TicketAttributeId>
  workspace_id: WorkspaceId
  ticket_type_id: TicketTypeId
  name: string
  description: Generated<string>
  data_type: TicketDataType
  multiline: Generated<Flag>
  required_to_create: Generated<Flag>
  required_to_create_for_contacts: Generated<Flag>
  visible_on_create: Generated<Flag>
  visible_to_contacts: Generated<Flag>
  position: number
  archived: Generated<Flag>
  created_at: Instant
  updated_at: Instant
}

export interface TicketAttributeOptionsTable {
  id: string
  workspace_id: WorkspaceId
  attribute_id: TicketAttributeId
  label: string
  position: number
}

export type TicketStateCategory = 'submitted' | 'in_progress' | 'waiting_on_customer' | 'resolved'

export interface TicketStatesTable {
  id: Generated<TicketStateId>
  workspace_id: WorkspaceId
  category: TicketStateCategory
  internal_label: string
  external_label: string
  position: number
  archived: Generated<Flag>
}

export interface TicketsTable {
  id: Generated<TicketId>
  workspace_id: WorkspaceId
  ticket_number: number
  ticket_type_id: TicketTypeId
  ticket_state_id: TicketStateId
  previous_ticket_state_id: TicketStateId | null
  conversation_id: ConversationId
  contact_id: ContactId
  company_id: CompanyId | null
  title: string
  description: string
  is_shared: Generated<Flag>
  created_at: Instant
  updated_at: Instant
}

/** List attributes keep the option's id; booleans and dates are numbers. */
export interface TicketAttributeValuesTable {
  workspace_id: WorkspaceId
  ticket_id: TicketId
  attribute_id: TicketAttributeId
  text_value: string | null
  number_value: number | null
}
