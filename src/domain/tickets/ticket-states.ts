import type { Selectable } from 'kysely'
import type { TicketStateCategory, TicketStatesTable } from '#db/ticket-tables.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { Failure } from '#errors'
import type { Db } from '#platform/database/database.ts'

export type TicketState = Selectable<TicketStatesTable>

export const TICKET_STATE_CATEGORIES = [
  'submitted',
  'in_progress',
  'waiting_on_customer',
  'resolved',
] as const satisfies TicketStateCategory[]

/** Archived states come too: tickets and their history may still name them. */
export async function listTicketStates(db: Db, workspace: Pick<Workspace, 'id'>): Promise<TicketState[]> {
  return db
    .selectFrom('ticket_states')
    .selectAll()
    .where('workspace_id', '=', workspace.id)
    .orderBy('archived')
    .orderBy('position')
    .orderBy('id')
    .execute()
}

export async function getTicketState(db: Db, workspace: Pick<Workspace, 'id'>, id: number | string): Promise<TicketState> {
  const states = await listTicketStates(db, workspace)
  const state = states.find((state) => String(state.id) === String(id))
  if (!state) throw new Failure('ticket_state_id_invalid', { field: 'ticket_state_id' })
  return state
}

/** The state a ticket gets when only its category is known. */
export async function getFirstTicketState(db: Db, workspace: Pick<Workspace, 'id'>, category: TicketStateCategory): Promise<TicketState> {
  const states = await listTicketStates(db, workspace)
  const state = states.find((state) => state.category === category && state.archived === 0)
  if (!state) throw new Failure('ticket_state_id_invalid', { detail: `This workspace has no ticket state in the category ${category}.` })
  return state
}

export async function createTicketState(
  db: Db,
  workspace: Workspace,
  state: Pick<TicketState, 'category' | 'internal_label' | 'external_label' | 'position'>,
): Promise<TicketState> {
  return db
    .insertInto('ticket_states')
    .values({ workspace_id: workspace.id, ...state })
    .returningAll()
    .executeTakeFirstOrThrow()
}
