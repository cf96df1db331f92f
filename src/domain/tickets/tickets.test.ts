import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ContactId, CompanyId } from '#db/columns.ts'
import { blankContact, type Contact } from '#domain/contacts/contacts.ts'
import { addTeammate } from '#domain/teammates/teammates.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { newHexId } from '#platform/ids/ids.ts'
import { openHouse, type House } from '#test/house.ts'
import { changeTicket, changeTicketState, moveTicketTo, replyToTicket } from './change-ticket.ts'
import { createTicket, type NewTicket } from './create-ticket.ts'
import { listTicketsFor } from './list-tickets.ts'
import { seedTicketDefaults } from './ticket-defaults.ts'
import { canSeeTicket, getTicketReader } from './ticket-policy.ts'
import { createTicketState, getFirstTicketState, listTicketStates } from './ticket-states.ts'
import { createTicketType, getTicketType, listTicketTypes, type TicketType } from './ticket-types.ts'
import { readTicketValues } from './ticket-values.ts'
import { getTicket } from './tickets.ts'

let house: House
let everything: TicketType
before(async () => {
  house = await openHouse()
  await seedTicketDefaults(house.db, house.acme, house.now())
  await seedTicketDefaults(house.db, house.globex, house.now())
  const attributes = (['string', 'list', 'integer', 'decimal', 'boolean', 'datetime'] as const).map((data_type) => ({
    name: data_type,
    data_type,
    options: ['One', 'Two'],
  }))
  everything = await createTicketType(
    house.db,
    house.acme,
    {
      name: 'Everything',
      category: 'Customer',
      attributes: [...attributes, { name: 'inside', data_type: 'string', visible_to_contacts: false, required_to_create: true }],
    },
    house.now(),
  )
})
after(() => house.close())

async function newContact(workspace: Workspace = house.acme): Promise<Contact> {
  const contact: Contact = { ...blankContact(newHexId() as ContactId, workspace, house.now()), role: 'user', external_id: newHexId() }
  await house.db.insertInto('contacts').values(contact).execute()
  return contact
}

async function newTicket(contact: Contact, draft: Partial<NewTicket> = {}) {
  const author = { type: 'user', id: contact.id } as const
  return createTicket(
    house.db,
    house.acme,
    { type: everything, contact, author, title: 'A title', description: 'Words', attributes: {}, ...draft },
    house.now(),
  )
}

test('values are read by their type; what does not fit names its flaw', () => {
  const option = everything.attributes.find((attribute) => attribute.name === 'list')?.options[1]?.id
  for (const [name, given, wanted] of [
    ['string', ' text ', 'text'],
    ['string', ['a'], 'not_text'],
    ['string', 'x'.repeat(10_001), 'too_long'],
    ['list', option, option],
    ['list', 'Two', option],
    ['list', 'Three', 'not_an_option'],
    ['integer', '12', 12],
    ['integer', -3, -3],
    ['integer', '1.5', 'not_an_integer'],
    ['integer', '9007199254740993', 'not_an_integer'],
    ['integer', '0x10', 'not_an_integer'],
    ['decimal', '1.25', 1.25],
    ['decimal', 'NaN', 'not_a_number'],
    ['decimal', Infinity, 'not_a_number'],
    ['boolean', 'true', 1],
    ['boolean', false, 0],
    ['boolean', 'yes', 'not_a_boolean'],
    ['datetime', '2026-01-04T10:30', Date.UTC(2026, 0, 4, 10, 30)],
    ['datetime', '2026-01-04T10:30:00+02:00', Date.UTC(2026, 0, 4, 8, 30)],
    ['datetime', 1_767_225_600, 1_767_225_600_000],
    ['datetime', 'tomorrow', 'not_a_date'],
    ['datetime', '2026-13-01', 'not_a_date'],
  ] as const) {
    const { values, problems } = readTicketValues(everything, { [name]: given }, 'admin')
    const [columns] = [...values.values()]
    assert.equal(problems[0]?.flaw ?? columns?.text_value ?? columns?.number_value, wanted, `${name} ${String(given).slice(0, 30)}`)
  }
})

test('a contact cannot fill in what is not shown to contacts; an admin must where it is required', async () => {
  const contact = await newContact()
  const ticket = await newTicket(contact, { attributes: { inside: 'sneaked in', boolean: false } })
  assert.deepEqual(ticket.attributes, { boolean: false })
  const author = { type: 'admin', id: '1' } as const
  await assert.rejects(newTicket(contact, { author }), { code: 'parameter_invalid', field: 'inside' })
  assert.equal((await newTicket(contact, { author, title: '', attributes: { inside: 'x' } })).attributes['inside'], 'x')
})

test('numbers are unique in a workspace, also for tickets opened at the same moment, and each workspace counts for itself', async () => {
  const contacts = await Promise.all(Array.from({ length: 8 }, () => newContact()))
  const tickets = await Promise.all(contacts.map((contact) => newTicket(contact)))
  assert.equal(new Set(tickets.map((ticket) => ticket.ticket_number)).size, 8)
  const contact = await newContact(house.globex)
  const type = (await listTicketTypes(house.db, house.globex))[1]
  assert.ok(type)
  const draft = { type, contact, author: { type: 'user', id: contact.id }, title: 'First', description: 'Here', attributes: {} } as const
  assert.equal((await createTicket(house.db, house.globex, draft, house.now())).ticket_number, 1)
})

test('the same client_id from two contacts is two tickets', async () => {
  const [one, two] = [
    await newTicket(await newContact(), { client_id: 'same-for-both' }),
    await newTicket(await newContact(), { client_id: 'same-for-both' }),
  ]
  assert.notEqual(one.id, two.id)
})

test('another workspace’s ticket, type, state and teammate are not found', async () => {
  const ticket = await newTicket(await newContact())
  await assert.rejects(getTicket(house.db, house.globex, ticket.id), { code: 'ticket_not_found' })
  await assert.rejects(getTicketType(house.db, house.globex, everything.id), { code: 'invalid_ticket_type' })
  const state = await getFirstTicketState(house.db, house.globex, 'resolved')
  const author = { type: 'admin', id: '1' } as const
  await assert.rejects(changeTicketState(house.db, ticket, { state, author }, house.now()), { code: 'ticket_state_id_invalid' })
  const stranger = await addTeammate(house.db, house.globex, { name: 'Gus', email: 'gus@globex.test' }, house.now())
  await assert.rejects(changeTicket(house.db, ticket, { admin_assignee_id: stranger.id, author }, house.now()), { code: 'admin_not_found' })
  assert.equal((await getTicket(house.db, house.acme, ticket.id)).state.category, 'submitted')
})

test('a teammate changes words, values, sharing and assignee; null takes a value away', async () => {
  const contact = await newContact()
  const ticket = await newTicket(contact, { attributes: { integer: 5, string: 'old' } })
  const tess = await addTeammate(house.db, house.acme, { name: 'Tess', email: 'tess@acme.test' }, house.now())
  const author = { type: 'admin', id: String(tess.id) } as const
  const reader = await getTicketReader(house.db, contact)
  assert.ok(canSeeTicket(reader, ticket))
  const changes = {
    title: 'New',
    attributes: { integer: null, string: 'new', inside: 'seen by teammates' },
    is_shared: false,
    admin_assignee_id: tess.id,
    author,
  }
  const changed = await changeTicket(house.db, ticket, changes, house.now())
  assert.equal(changed.title, 'New')
  assert.deepEqual(changed.attributes, { string: 'new', inside: 'seen by teammates' })
  assert.equal(changed.conversation.admin_assignee_id, tess.id)
  assert.ok(!canSeeTicket(reader, changed))
  assert.equal((await listTicketsFor(house.db, reader, { scope: 'mine' })).total, 0)
  await assert.rejects(changeTicket(house.db, ticket, { attributes: { integer: 'many' }, author }, house.now()), {
    code: 'parameter_invalid',
    field: 'integer',
  })
})

test('a state says what it was before; the one it has already changes nothing; several states may share a category', async () => {
  const ticket = await newTicket(await newContact())
  const author = { type: 'admin', id: '1' } as const
  const triage = await createTicketState(house.db, house.acme, {
    category: 'in_progress',
    internal_label: 'Triage',
    external_label: 'We are looking',
    position: 9,
  })
  const moved = await changeTicketState(house.db, ticket, { state: triage, author }, house.now())
  assert.equal(moved.previous_ticket_state_id, ticket.ticket_state_id)
  const again = await changeTicketState(house.db, moved, { state: triage, author }, house.now())
  assert.equal(again.conversation.last_sequence, moved.conversation.last_sequence)
  assert.equal((await moveTicketTo(house.db, moved, { category: 'in_progress', author }, house.now())).ticket_state_id, triage.id)
  assert.equal((await moveTicketTo(house.db, moved, { category: 'resolved', author }, house.now())).conversation.state, 'closed')
})

test('a teammate’s reply moves nothing; a note does not even touch the ticket', async () => {
  const ticket = await newTicket(await newContact())
  const author = { type: 'admin', id: '1' } as const
  house.pass(5000)
  await replyToTicket(house.db, ticket, { part_type: 'note', body: '<p>quiet</p>', author }, house.now())
  assert.equal((await getTicket(house.db, house.acme, ticket.id)).updated_at, ticket.updated_at)
  await replyToTicket(house.db, ticket, { part_type: 'comment', body: '<p>loud</p>', author }, house.now())
  const answered = await getTicket(house.db, house.acme, ticket.id)
  assert.equal(answered.updated_at, house.now())
  assert.equal(answered.state.category, 'submitted')
})

test('the search knows small and capital letters beyond ASCII, and takes % and _ as they are', async () => {
  const contact = await newContact()
  await newTicket(contact, { title: 'Écran noir', description: '画面が真っ黒です 100% sure_thing' })
  const reader = await getTicketReader(house.db, contact)
  for (const [search, total] of [
    ['écran', 1],
    ['ECRAN', 0],
    ['NOIR', 1],
    ['画面', 1],
    ['100%', 1],
    ['0%0', 0],
    ['sure_', 1],
    ['su_e', 0],
    ['', 1],
  ] as const) {
    assert.equal((await listTicketsFor(house.db, reader, { scope: 'mine', search })).total, total, search)
  }
})

test('who has left a company no longer sees its tickets, but still their own', async () => {
  const [owner, other] = [await newContact(), await newContact()]
  const company_id = newHexId() as CompanyId
  const { id: workspace_id } = house.acme
  await house.db
    .insertInto('companies')
    .values({ id: company_id, workspace_id, company_id, name: 'Gone Inc', plan: null, signed_up_at: null, created_at: 0, updated_at: 0 })
    .execute()
  const membership = { workspace_id, company_id, source: 'token', created_at: 0 } as const
  await house.db
    .insertInto('company_memberships')
    .values([
      { ...membership, contact_id: owner.id },
      { ...membership, contact_id: other.id },
    ])
    .execute()
  const ticket = await newTicket(owner)
  assert.equal(ticket.company_id, company_id)
  assert.ok(canSeeTicket(await getTicketReader(house.db, other), ticket))
  await house.db.deleteFrom('company_memberships').where('company_id', '=', company_id).execute()
  const reader = await getTicketReader(house.db, other)
  assert.ok(!canSeeTicket(reader, ticket))
  assert.equal((await listTicketsFor(house.db, reader, { scope: 'company' })).total, 0)
  assert.ok(canSeeTicket(await getTicketReader(house.db, owner), ticket))
})

test('defaults are planted once', async () => {
  await seedTicketDefaults(house.db, house.globex, house.now())
  assert.equal((await listTicketTypes(house.db, house.globex)).length, 3)
  assert.deepEqual(
    (await listTicketStates(house.db, house.globex)).map((state) => state.category),
    ['submitted', 'in_progress', 'waiting_on_customer', 'resolved'],
  )
})
