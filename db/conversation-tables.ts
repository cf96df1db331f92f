import type { Generated } from 'kysely'
import type { ContactId, ConversationId, Flag, Instant, PartId, Role, TeammateId, TicketStateId, WorkspaceId } from './columns.ts'

export interface ConversationsTable {
  id: Generated<ConversationId>
  workspace_id: WorkspaceId
  kind: Generated<'chat' | 'ticket'>
  contact_id: ContactId
  title: string | null
  state: Generated<'open' | 'closed' | 'snoozed'>
  snoozed_until: Instant | null
  priority: Generated<'none' | 'low' | 'medium' | 'high' | 'urgent'>
  admin_assignee_id: TeammateId | null
  initiated_by: 'contact' | 'admin'
  claimed_user_id: string | null
  last_sequence: Generated<number>
  contact_seen_sequence: Generated<number>
  admin_seen_sequence: Generated<number>
  waiting_since: Instant | null
  created_at: Instant
  updated_at: Instant
}

export type PartType =
  | 'comment'
  | 'note'
  | 'open'
  | 'close'
  | 'assignment'
  | 'ticket_state_updated_by_admin'
  | 'ticket_state_updated_by_user'

export interface ConversationPartsTable {
  id: Generated<PartId>
  workspace_id: WorkspaceId
  conversation_id: ConversationId
  sequence: number
  part_type: PartType
  body: string | null
  author_type: Role | 'admin' | 'bot'
  author_id: string
  client_id: string | null
  ticket_state_id: TicketStateId | null
  previous_ticket_state_id: TicketStateId | null
  created_at: Instant
}

export interface EventsTable {
  id: Generated<number>
  workspace_id: WorkspaceId
  topic: string
  contact_id: ContactId | null
  conversation_id: ConversationId | null
  visible_to_contact: Flag
  data: string
  created_at: Instant
}

export interface TrackedEventsTable {
  id: Generated<number>
  workspace_id: WorkspaceId
  contact_id: ContactId
  event_name: string
  metadata: string
  created_at: Instant
}
