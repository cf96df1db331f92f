import { z } from 'zod'
import type { FastifyRequest } from 'fastify'
import { getTeammate } from '#domain/teammates/teammates.ts'
import { changeTicket, changeTicketState, moveTicketTo, reopenTicket } from '#domain/tickets/change-ticket.ts'
import { getTicketState } from '#domain/tickets/ticket-states.ts'
import type { Ticket } from '#domain/tickets/tickets.ts'
import { Failure } from '#errors'
import type { App } from '#http/app-types.ts'
import { atomically, type Db } from '#platform/database/database.ts'
import { readTeammate } from './reply-body.ts'
import { Id } from './shapes.ts'

export const TicketUpdate = z.object({
  ticket_attributes: z.record(z.string(), z.unknown()).optional(),
  ticket_state_id: Id.optional(),
  /** false resolves the ticket, true reopens a resolved one. */
  open: z.boolean().optional(),
  is_shared: z.boolean().optional(),
  admin_id: Id.optional(),
  /** "0" takes the assignee away. */
  assignee_id: Id.optional(),
  /** Clients before 2.14. */
  assignment: z.object({ admin_id: Id.optional(), assignee_id: Id.optional() }).optional(),
  snoozed_until: z.never({ error: 'Tickets cannot be snoozed yet.' }).optional(),
  company_id: z.never({ error: 'The company of a ticket cannot be changed yet.' }).optional(),
})

type Update = z.infer<typeof TicketUpdate>

/** All of it or nothing. */
export async function updateTicket(api: App, request: FastifyRequest, ticket: Ticket, update: Update): Promise<Ticket> {
  const teammate = await readTeammate(api, request, update.admin_id ?? update.assignment?.admin_id)
  const author = { type: 'admin', id: String(teammate.id) } as const
  const { _default_title_: title, _default_description_: description, ...attributes } = update.ticket_attributes ?? {}
  const changes = {
    ...{ title: readText('_default_title_', title), description: readText('_default_description_', description), attributes },
    ...{ is_shared: update.is_shared, admin_assignee_id: await readAssignee(api, request, update), author },
  }
  return atomically(api.db, async (db) => {
    const changed = changesAnything(update) ? await changeTicket(db, ticket, changes, api.now()) : ticket
    return moveTicket(db, changed, { update, author }, api.now())
  })
}

function changesAnything({ ticket_attributes, is_shared, assignee_id, assignment }: Update): boolean {
  return ticket_attributes !== undefined || is_shared !== undefined || (assignee_id ?? assignment?.assignee_id) !== undefined
}

async function moveTicket(
  db: Db,
  ticket: Ticket,
  { update, author }: { update: Update; author: { type: 'admin'; id: string } },
  now: number,
): Promise<Ticket> {
  if (update.ticket_state_id !== undefined) {
    const state = await getTicketState(db, { id: ticket.workspace_id }, update.ticket_state_id)
    return changeTicketState(db, ticket, { state, author }, now)
  }
  if (update.open === undefined) return ticket
  return update.open ? reopenTicket(db, ticket, author, now) : moveTicketTo(db, ticket, { category: 'resolved', author }, now)
}

async function readAssignee(api: App, { workspace }: FastifyRequest, { assignee_id, assignment }: Update) {
  const id = assignee_id ?? assignment?.assignee_id
  if (id === undefined) return undefined
  return id === '0' ? null : (await getTeammate(api.db, workspace, id)).id
}

function readText(field: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  throw new Failure('parameter_invalid', { field, detail: `${field} is text.` })
}
