import type { ConversationPartsTable } from '#db/conversation-tables.ts'
import type { CompanyId, ContactId, ConversationId, Instant, TicketId } from '#db/columns.ts'
import { listCompaniesOf } from '#domain/companies/companies.ts'
import type { Contact } from '#domain/contacts/contacts.ts'
import { startConversation } from '#domain/conversations/conversations.ts'
import { appendPart } from '#domain/conversations/parts.ts'
import { textToHtml } from '#domain/conversations/bodies.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { Failure } from '#errors'
import { atomically, type Db } from '#platform/database/database.ts'
import { getFirstTicketState } from './ticket-states.ts'
import type { TicketType } from './ticket-types.ts'
import {
  missingValues,
  readTicketValues,
  TEXT_LIMIT,
  TITLE_LIMIT,
  type FilledInBy,
  type ReadValues,
  type TicketProblem,
} from './ticket-values.ts'
import { getTicket, type Ticket, type TicketRow } from './tickets.ts'

export interface TicketAuthor {
  type: ConversationPartsTable['author_type']
  id: string
}

export interface NewTicket {
  type: TicketType
  /** Whose ticket it is; who writes it may be a teammate. */
  contact: Contact
  author: TicketAuthor
  title: string
  description: string
  /** By attribute name; lists take an option's id or label. */
  attributes: Record<string, unknown>
  /** One of the contact's companies, null for none of them; left out: the only one, if there is only one. */
  company_id?: string | null | undefined
  /** The same id from the same author twice is one ticket. */
  client_id?: string | undefined
}

/** What keeps this draft from becoming a ticket; fields are attribute names, `title`, `description` and `company_id`. */
export async function checkNewTicket(db: Db, draft: NewTicket): Promise<TicketProblem[]> {
  return (await readDraft(db, draft)).problems
}

/** Answers the ticket that stands already when the client_id is known. */
export async function createTicket(db: Db, workspace: Workspace, draft: NewTicket, now: Instant): Promise<Ticket> {
  if (draft.type.archived === 1) throw new Failure('invalid_ticket_type', { field: 'ticket_type_id' })
  if (draft.author.type !== 'admin' && draft.type.category !== 'Customer')
    throw new Failure('invalid_ticket_type', { field: 'ticket_type_id' })
  return atomically(db, async (db) => {
    await lockContact(db, draft.contact)
    const known = await findByClientId(db, workspace, draft)
    if (known !== undefined) return getTicket(db, workspace, known)
    const { values, company_id, problems } = await readDraft(db, draft)
    const [problem] = problems
    if (problem)
      throw new Failure('parameter_invalid', { field: problem.field, detail: `${problem.field}: ${problem.flaw.replaceAll('_', ' ')}.` })
    const id = await insertTicket(db, workspace, { ...draft, company_id }, now)
    await saveTicketValues(db, workspace, { ticket_id: id, values })
    return getTicket(db, workspace, id)
  })
}

/** Writes and takes away the values of one ticket. */
export async function saveTicketValues(
  db: Db,
  workspace: Pick<Workspace, 'id'>,
  { ticket_id, values }: { ticket_id: TicketId; values: ReadValues },
) {
  const ids = [...values.keys()]
  if (ids.length === 0) return
  await db
    .deleteFrom('ticket_attribute_values')
    .where('workspace_id', '=', workspace.id)
    .where('ticket_id', '=', ticket_id)
    .where('attribute_id', 'in', ids)
    .execute()
  const rows = [...values].flatMap(([attribute_id, columns]) =>
    columns ? [{ workspace_id: workspace.id, ticket_id, attribute_id, ...columns }] : [],
  )
  if (rows.length > 0) await db.insertInto('ticket_attribute_values').values(rows).execute()
}

export function filledInBy(author: TicketAuthor): FilledInBy {
  return author.type === 'admin' ? 'admin' : 'contact'
}

async function readDraft(
  db: Db,
  draft: NewTicket,
): Promise<{ values: ReadValues; company_id: CompanyId | null; problems: TicketProblem[] }> {
  const by = filledInBy(draft.author)
  const problems: TicketProblem[] = []
  if (by === 'contact') {
    if (draft.title.trim() === '') problems.push({ field: 'title', flaw: 'missing' })
    if (draft.description.trim() === '') problems.push({ field: 'description', flaw: 'missing' })
  }
  if (draft.title.length > TITLE_LIMIT) problems.push({ field: 'title', flaw: 'too_long' })
  if (draft.description.length > TEXT_LIMIT) problems.push({ field: 'description', flaw: 'too_long' })
  const read = readTicketValues(draft.type, draft.attributes, by)
  const unreadable = new Set(read.problems.map((problem) => problem.field))
  const missing = missingValues(draft.type, read.values, by).filter((problem) => !unreadable.has(problem.field))
  const company_id = await chooseCompany(db, draft)
  if (company_id === undefined) problems.push({ field: 'company_id', flaw: 'not_an_option' })
  return { values: read.values, company_id: company_id ?? null, problems: [...problems, ...read.problems, ...missing] }
}

async function chooseCompany(db: Db, { contact, company_id: asked }: NewTicket): Promise<CompanyId | null | undefined> {
  if (asked === null) return null
  const companies = await listCompaniesOf(db, contact)
  if (asked === undefined) return companies.length === 1 ? (companies[0]?.id ?? null) : null
  return companies.find((company) => company.id === asked)?.id
}

/** Two submits of one form wait for each other; SQLite's writers do so anyway. */
async function lockContact(db: Db, contact: Contact) {
  await db
    .updateTable('contacts')
    .set((row) => ({ updated_at: row.ref('updated_at') }))
    .where('workspace_id', '=', contact.workspace_id)
    .where('id', '=', contact.id)
    .execute()
}

async function findByClientId(db: Db, workspace: Workspace, { author, contact, client_id }: NewTicket): Promise<TicketId | undefined> {
  if (client_id === undefined) return undefined
  const found = await db
    .selectFrom('tickets')
    .innerJoin('conversation_parts', (join) =>
      join
        .onRef('conversation_parts.workspace_id', '=', 'tickets.workspace_id')
        .onRef('conversation_parts.conversation_id', '=', 'tickets.conversation_id'),
    )
    .select('tickets.id')
    .where('tickets.workspace_id', '=', workspace.id)
    .where('tickets.contact_id', '=', contact.id)
    .where('conversation_parts.sequence', '=', 1)
    .where('conversation_parts.author_id', '=', author.id)
    .where('conversation_parts.client_id', '=', client_id)
    .executeTakeFirst()
  return found?.id
}

async function insertTicket(
  db: Db,
  workspace: Workspace,
  draft: NewTicket & { company_id: CompanyId | null },
  now: Instant,
): Promise<TicketId> {
  const { type, contact, author, company_id } = draft
  const state = await getFirstTicketState(db, workspace, 'submitted')
  const title = draft.title.trim()
  const description = draft.description.trim()
  const initiated_by = author.type === 'admin' ? 'admin' : 'contact'
  const conversation = await startConversation(db, workspace, { kind: 'ticket', contact_id: contact.id, initiated_by, title }, now)
  const id = await insertWithNextNumber(db, {
    workspace_id: workspace.id,
    ticket_type_id: type.id,
    ticket_state_id: state.id,
    conversation_id: conversation.id,
    contact_id: contact.id,
    company_id,
    title,
    description,
    is_shared: type.category === 'Customer' ? 1 : 0,
    created_at: now,
    updated_at: now,
  })
  await appendPart(
    db,
    conversation,
    { part_type: 'comment', body: description === '' ? null : textToHtml(description), author, client_id: draft.client_id },
    now,
  )
  return id
}

type RowWithoutNumber = Omit<TicketRow, 'id' | 'ticket_number' | 'previous_ticket_state_id'> & {
  contact_id: ContactId
  conversation_id: ConversationId
}

/** Who loses the race for a number takes the next; a conflict that is ignored leaves PostgreSQL's transaction alive. */
async function insertWithNextNumber(db: Db, row: RowWithoutNumber, attempts = 20): Promise<TicketId> {
  const inserted = await db
    .insertInto('tickets')
    .values((values) => ({
      ...row,
      previous_ticket_state_id: null,
      ticket_number: values
        .selectFrom('tickets')
        .select((numbers) => numbers(numbers.fn.coalesce(numbers.fn.max('ticket_number'), numbers.val(0)), '+', 1).as('next'))
        .where('workspace_id', '=', row.workspace_id),
    }))
    .onConflict((conflict) => conflict.columns(['workspace_id', 'ticket_number']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (inserted) return inserted.id
  if (attempts === 0) throw new Error('No ticket number was free after twenty attempts.')
  return insertWithNextNumber(db, row, attempts - 1)
}
