import type { Instant } from '#db/columns.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { atomically, type Db } from '#platform/database/database.ts'
import { createTicketState, type TicketState } from './ticket-states.ts'
import { createTicketType, type NewTicketType } from './ticket-types.ts'

/** What a new workspace starts with; a workspace that has ticket types already keeps what it has. */
export async function seedTicketDefaults(db: Db, workspace: Workspace, now: Instant): Promise<void> {
  await atomically(db, async (db) => {
    const known = await db.selectFrom('ticket_types').select('id').where('workspace_id', '=', workspace.id).limit(1).executeTakeFirst()
    if (known) return
    for (const [position, state] of STATES.entries()) await createTicketState(db, workspace, { ...state, position })
    for (const type of TYPES) await createTicketType(db, workspace, type, now)
  })
}

const STATES: Pick<TicketState, 'category' | 'internal_label' | 'external_label'>[] = [
  { category: 'submitted', internal_label: 'Submitted', external_label: 'Submitted' },
  { category: 'in_progress', internal_label: 'In progress', external_label: 'In progress' },
  { category: 'waiting_on_customer', internal_label: 'Waiting on customer', external_label: 'Waiting on you' },
  { category: 'resolved', internal_label: 'Resolved', external_label: 'Resolved' },
]

const TYPES: NewTicketType[] = [
  {
    name: 'Bug report',
    description: 'Something does not work as it should.',
    icon: '🐞',
    category: 'Customer',
    attributes: [
      { name: 'Severity', data_type: 'list', options: ['Low', 'Medium', 'High', 'Blocking'], required_to_create_for_contacts: true },
      { name: 'Steps to reproduce', data_type: 'string', multiline: true, description: 'What did you do, and what happened?' },
      { name: 'First seen', data_type: 'datetime' },
      { name: 'Affected users', data_type: 'integer' },
      { name: 'Engineering estimate (days)', data_type: 'decimal', visible_to_contacts: false },
    ],
  },
  {
    name: 'Question',
    description: 'You would like to know how something works.',
    icon: '💬',
    category: 'Customer',
    attributes: [{ name: 'Product area', data_type: 'list', options: ['Account', 'Billing', 'Integrations', 'Other'] }],
  },
  {
    name: 'Escalation',
    description: 'For the team behind the team.',
    icon: '🛠️',
    category: 'Back-office',
    attributes: [
      { name: 'Urgent', data_type: 'boolean', visible_to_contacts: false },
      { name: 'Reason', data_type: 'string', multiline: true, visible_to_contacts: false, required_to_create: true },
    ],
  },
]
