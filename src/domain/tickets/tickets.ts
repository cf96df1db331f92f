import type { Selectable } from 'kysely'
import type { ConversationsTable } from '#db/conversation-tables.ts'
import type { TicketsTable } from '#db/ticket-tables.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { Failure } from '#errors'
import type { Db } from '#platform/database/database.ts'
import { listTicketStates, type TicketState } from './ticket-states.ts'
import { listTicketTypes, type TicketType } from './ticket-types.ts'
import { valueOf, type TicketValue } from './ticket-values.ts'

export type TicketRow = Selectable<TicketsTable>

/** A ticket with everything that a reader of it asks for but its thread; assignee, open and snoozed stand on the conversation. */
export interface Ticket extends TicketRow {
  type: TicketType
  state: TicketState
  conversation: Selectable<ConversationsTable>
  /** By attribute name; attributes without a value are absent. */
  attributes: Record<string, TicketValue>
}

export async function getTicket(db: Db, workspace: Pick<Workspace, 'id'>, id: number | string): Promise<Ticket> {
  return dressOne(db, workspace, await findRow(db, workspace, { column: 'id', value: id }))
}

/** By the number that people see and that counts per workspace. */
export async function getTicketByNumber(db: Db, workspace: Pick<Workspace, 'id'>, number: number | string): Promise<Ticket> {
  return dressOne(db, workspace, await findRow(db, workspace, { column: 'ticket_number', value: number }))
}

/** In the order of the rows; the same few queries however many there are. */
export async function dressTickets(db: Db, workspace: Pick<Workspace, 'id'>, rows: TicketRow[]): Promise<Ticket[]> {
  if (rows.length === 0) return []
  const types = new Map((await listTicketTypes(db, workspace)).map((type) => [type.id, type]))
  const states = new Map((await listTicketStates(db, workspace)).map((state) => [state.id, state]))
  const conversationIds = rows.map((row) => row.conversation_id)
  const found = await db
    .selectFrom('conversations')
    .selectAll()
    .where('workspace_id', '=', workspace.id)
    .where('id', 'in', conversationIds)
    .execute()
  const conversations = new Map(found.map((conversation) => [conversation.id, conversation]))
  const ticketIds = rows.map((row) => row.id)
  const columns = await db
    .selectFrom('ticket_attribute_values')
    .selectAll()
    .where('workspace_id', '=', workspace.id)
    .where('ticket_id', 'in', ticketIds)
    .execute()
  const columnsOf = Map.groupBy(columns, (value) => value.ticket_id)
  return rows.map((row) => {
    const type = present(types.get(row.ticket_type_id))
    const state = present(states.get(row.ticket_state_id))
    const values = new Map((columnsOf.get(row.id) ?? []).map((value) => [value.attribute_id, value]))
    const attributes = type.attributes.flatMap((attribute): [string, TicketValue][] => {
      const columns = values.get(attribute.id)
      const value = columns ? valueOf(attribute, columns) : null
      return value === null ? [] : [[attribute.name, value]]
    })
    return {
      ...row,
      type,
      state,
      conversation: present(conversations.get(row.conversation_id)),
      attributes: Object.fromEntries(attributes),
    }
  })
}

async function findRow(db: Db, workspace: Pick<Workspace, 'id'>, by: { column: 'id' | 'ticket_number'; value: number | string }) {
  if (!/^[1-9]\d{0,14}$/.test(String(by.value))) throw new Failure('ticket_not_found')
  const row = await db
    .selectFrom('tickets')
    .selectAll()
    .where('workspace_id', '=', workspace.id)
    .where(by.column, '=', Number(by.value) as TicketRow['id'])
    .executeTakeFirst()
  if (!row) throw new Failure('ticket_not_found')
  return row
}

async function dressOne(db: Db, workspace: Pick<Workspace, 'id'>, row: TicketRow): Promise<Ticket> {
  const [ticket] = await dressTickets(db, workspace, [row])
  return present(ticket)
}

/** The foreign keys promise it. */
function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('A ticket refers to a row that is not there.')
  return value
}
