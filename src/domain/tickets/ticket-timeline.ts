import type { ConversationPartsTable } from '#db/conversation-tables.ts'
import type { ContactId, Instant, PartId } from '#db/columns.ts'
import { listParts, type Part } from '#domain/conversations/parts.ts'
import type { Db } from '#platform/database/database.ts'
import { listTicketStates, type TicketState } from './ticket-states.ts'
import type { Ticket } from './tickets.ts'

export interface TimelineAuthor {
  type: ConversationPartsTable['author_type']
  id: string
  name: string | null
}

export type TimelineEntry = { id: PartId; sequence: number; author: TimelineAuthor; at: Instant } & (
  | { kind: 'reply'; body: string }
  | { kind: 'state'; state: TicketState }
)

export interface TicketTimeline {
  /** Who opened it; what they wrote is the ticket's description. */
  opened_by: TimelineAuthor
  entries: TimelineEntry[]
}

/** Words may come with the part that opens or closes the thread again. */
const WORDS: ReadonlySet<Part['part_type']> = new Set(['comment', 'open', 'close'])

/** What a contact may read of the thread: replies and changes of state; no notes, no assignments. */
export async function getTicketTimeline(db: Db, ticket: Ticket): Promise<TicketTimeline> {
  const parts = await listParts(db, ticket.conversation, { notes: false })
  const states = new Map((await listTicketStates(db, { id: ticket.workspace_id })).map((state) => [state.id, state]))
  const names = await namesOf(db, ticket, parts)
  const authorOf = (part: Part): TimelineAuthor => ({ type: part.author_type, id: part.author_id, name: names.get(keyOf(part)) ?? null })
  const entries = parts.flatMap((part): TimelineEntry[] => {
    if (part.sequence === 1) return []
    const entry = { id: part.id, sequence: part.sequence, author: authorOf(part), at: part.created_at }
    const state = part.ticket_state_id === null ? undefined : states.get(part.ticket_state_id)
    if (state) return [{ ...entry, kind: 'state', state }]
    return WORDS.has(part.part_type) && part.body ? [{ ...entry, kind: 'reply', body: part.body }] : []
  })
  const opening = parts.find((part) => part.sequence === 1)
  return { opened_by: opening ? authorOf(opening) : { type: 'user', id: ticket.contact_id, name: null }, entries }
}

async function namesOf(db: Db, ticket: Ticket, parts: Part[]): Promise<Map<string, string | null>> {
  const admins = new Set(parts.filter(isByAdmin).map((part) => Number(part.author_id)))
  const contacts = new Set(parts.filter((part) => !isByAdmin(part)).map((part) => part.author_id))
  const teammates = await db.selectFrom('teammates').select(['id', 'name']).where('workspace_id', '=', ticket.workspace_id).execute()
  const people =
    contacts.size === 0
      ? []
      : await db
          .selectFrom('contacts')
          .select(['id', 'name', 'email'])
          .where('workspace_id', '=', ticket.workspace_id)
          .where('id', 'in', [...contacts] as ContactId[])
          .execute()
  return new Map([
    ...teammates.filter(({ id }) => admins.has(id)).map(({ id, name }): [string, string] => [`admin ${id}`, name]),
    ...people.map(({ id, name, email }): [string, string | null] => [`contact ${id}`, name ?? email]),
  ])
}

function keyOf(part: Part): string {
  return isByAdmin(part) ? `admin ${part.author_id}` : `contact ${part.author_id}`
}

function isByAdmin(part: Part): boolean {
  return part.author_type === 'admin'
}
