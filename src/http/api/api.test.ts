import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, before, test } from 'node:test'
import { IntercomClient } from 'intercom-client'
import type { ContactId } from '#db/columns.ts'
import type { Contact } from '#domain/contacts/contacts.ts'
import { createContact } from '#domain/contacts/create-contact.ts'
import { openChat } from '#domain/conversations/open-chat.ts'
import { createApiToken, revokeApiToken, type Scope } from '#domain/teammates/api-tokens.ts'
import { addTeammate, type Teammate } from '#domain/teammates/teammates.ts'
import { createTicket } from '#domain/tickets/create-ticket.ts'
import { seedTicketDefaults } from '#domain/tickets/ticket-defaults.ts'
import { listTicketStates } from '#domain/tickets/ticket-states.ts'
import { listTicketTypesForContacts } from '#domain/tickets/ticket-types.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { openHouse, type House } from '#test/house.ts'

interface Desk {
  workspace: Workspace
  teammate: Teammate
  token: string
  contact: Contact
  chat: string
  ticket: string
}

let house: House
let port: number
let acme: Desk
let globex: Desk

before(async () => {
  port = await freePort()
  house = await openHouse({ LATCHKEY_TEAM_URL: `http://127.0.0.1:${port}` })
  await house.app.listen({ port, host: '127.0.0.1' })
  acme = await openDesk(house.acme)
  globex = await openDesk(house.globex)
})

after(() => house.close())

async function freePort(): Promise<number> {
  const server = createServer()
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  const address = server.address()
  server.close()
  if (typeof address !== 'object' || address === null) throw new Error('No port was given.')
  return address.port
}

async function openDesk(workspace: Workspace): Promise<Desk> {
  const { db } = house
  const now = house.now()
  await seedTicketDefaults(db, workspace, now)
  const teammate = await addTeammate(db, workspace, { name: 'Tess', email: 'tess@support.test' }, now)
  const { token } = await createApiToken(db, teammate, { name: 'test', now })
  const contact = await createContact(
    db,
    workspace,
    { external_id: 'ada', email: 'ada@engines.test', name: 'Ada', companies: [{ company_id: 'engines', name: 'Engines' }] },
    now,
  )
  const { conversation } = await openChat(db, workspace, { contact, client_id: 'c1', body: '<p>Where is my <b>invoice</b>?</p>' }, now)
  const [type] = await listTicketTypesForContacts(db, workspace)
  assert.ok(type)
  const author = { type: 'user', id: contact.id } as const
  const draft = { type, contact, author, title: 'It fails', description: 'Every Monday', attributes: { Severity: 'High' } }
  const ticket = await createTicket(db, workspace, draft, now)
  return { workspace, teammate, token, contact, chat: String(conversation.id), ticket: String(ticket.id) }
}

interface Asked {
  token?: string | null
  body?: object
  headers?: Record<string, string>
}

async function ask(method: string, path: string, { token = acme.token, body, headers = {} }: Asked = {}) {
  const response = await fetch(`http://127.0.0.1:${port}/api${path}`, {
    method,
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  // What a test reads of an answer it asserts.
  return {
    status: response.status,
    headers: response.headers,
    json: (await response.json()) as Record<string, unknown> & { errors?: { code: string }[] },
  }
}

const reply = { type: 'admin', message_type: 'comment', body: 'hello' }
const query = { field: 'created_at', operator: '>', value: 0 }

/** Every route, the scope it asks for, and a body that would be taken. */
function routes(desk: Desk): [method: string, path: string, scope: Scope | null, body?: object][] {
  const { contact, chat, ticket } = desk
  return [
    ['GET', '/me', null],
    ['GET', '/admins', null],
    ['GET', `/contacts/${contact.id}`, 'contacts:read'],
    ['GET', '/contacts', 'contacts:read'],
    ['POST', '/contacts/search', 'contacts:read', { query }],
    ['GET', `/contacts/${contact.id}/sessions`, 'contacts:read'],
    ['DELETE', `/contacts/${contact.id}/sessions`, 'sessions:write'],
    ['GET', '/conversations', 'conversations:read'],
    ['GET', `/conversations/${chat}`, 'conversations:read'],
    ['POST', `/conversations/${chat}/reply`, 'conversations:write', reply],
    ['POST', `/conversations/${chat}/parts`, 'conversations:write', { message_type: 'open', type: 'admin' }],
    ['POST', '/tickets', 'tickets:write', { ticket_type_id: 999_999, contacts: [{ id: contact.id }] }],
    ['GET', `/tickets/${ticket}`, 'tickets:read'],
    ['PUT', `/tickets/${ticket}`, 'tickets:write', { ticket_attributes: { _default_title_: 'It fails' } }],
    ['POST', '/tickets/search', 'tickets:read', { query }],
    ['POST', `/tickets/${ticket}/reply`, 'tickets:write', reply],
    ['GET', '/ticket_types', 'tickets:read'],
    ['GET', '/ticket_states', 'tickets:read'],
  ]
}

test('without a live token in the Authorization header no route says anything', async () => {
  const expired = await createApiToken(house.db, acme.teammate, { name: 'old', expires_at: house.now(), now: house.now() })
  const revoked = await createApiToken(house.db, acme.teammate, { name: 'gone', now: house.now() })
  await revokeApiToken(house.db, acme.workspace, revoked.row.id, house.now())
  const bad = [null, '', 'lk_short', `lk_${'a'.repeat(43)}`, expired.token, revoked.token]
  for (const [method, path, , body] of routes(acme)) {
    for (const token of bad) {
      const answer = await ask(method, path, { token, ...(body && { body }) })
      assert.equal(answer.status, 401, `${method} ${path} with ${token}`)
      assert.equal(answer.json.errors?.[0]?.code, 'unauthorized')
      assert.equal(answer.headers.get('x-ratelimit-limit'), null)
    }
  }
  const inAddress = await ask('GET', `/me?access_token=${acme.token}&token=${acme.token}`, { token: null })
  assert.equal(inAddress.status, 401)
})

test('a token does what its scopes say, and each route asks for its own', async () => {
  const tokens = new Map<Scope, string>()
  for (const scope of [
    'contacts:read',
    'conversations:read',
    'conversations:write',
    'tickets:read',
    'tickets:write',
    'sessions:write',
  ] as const) {
    tokens.set(scope, (await createApiToken(house.db, acme.teammate, { name: scope, scopes: [scope], now: house.now() })).token)
  }
  for (const [method, path, scope, body] of routes(acme)) {
    for (const [held, token] of tokens) {
      const { status } = await ask(method, path, { token, ...(body && { body }) })
      const refused = scope !== null && scope !== held
      assert.equal(status === 403, refused, `${method} ${path} with ${held}: ${status}`)
      assert.ok(status < 500)
    }
  }
})

test('another workspace’s ids are not found on any route', async () => {
  for (const [method, path, , body] of routes(globex)) {
    if (!/\d/.test(path)) continue
    const answer = await ask(method, path, body ? { body } : {})
    assert.equal(answer.status, 404, `${method} ${path}`)
  }
  const foreign = await ask('POST', `/conversations/${acme.chat}/reply`, { body: { ...reply, admin_id: globex.teammate.id } })
  assert.deepEqual([foreign.status, foreign.json.errors?.[0]?.code], [404, 'admin_not_found'])
  const assigned = await ask('PUT', `/tickets/${acme.ticket}`, { body: { assignee_id: String(globex.teammate.id) } })
  assert.equal(assigned.status, 404)
  const others = await ask('POST', '/contacts/search', { body: { query: { field: 'id', operator: '=', value: globex.contact.id } } })
  assert.equal(others.json['total_count'], 0)
})

test('the official Node client, unmodified, answers a chat and moves a ticket’s state', async () => {
  const client = new IntercomClient({ token: acme.token, baseUrl: `http://127.0.0.1:${port}/api` })
  const me = await client.admins.identify()
  assert.equal(me?.id, String(acme.teammate.id))
  const found = await client.contacts.search({ query: { field: 'email', operator: '=', value: 'ada@engines.test' } })
  assert.deepEqual(
    found.data.map((contact) => contact.id),
    [acme.contact.id],
  )
  assert.equal(found.data[0]?.external_id, 'ada')
  const listed: string[] = []
  for await (const conversation of await client.conversations.list({ per_page: 1 })) listed.push(conversation.id)
  assert.ok(listed.includes(acme.chat))
  const body = {
    message_type: 'comment',
    type: 'admin',
    admin_id: String(acme.teammate.id),
    body: 'It is <i>here</i><script>1</script>',
  } as const
  const answered = await client.conversations.reply({ conversation_id: acme.chat, body })
  assert.equal(answered.conversation_parts?.conversation_parts?.at(-1)?.body, '<p>It is <i>here</i></p>')
  assert.equal(answered.source.body, '<p>Where is my <b>invoice</b>?</p>')
  const state = (await listTicketStates(house.db, acme.workspace)).find(({ category }) => category === 'waiting_on_customer')
  const moved = await client.tickets.update({
    ticket_id: acme.ticket,
    ticket_state_id: String(state?.id),
    admin_id: acme.teammate.id,
    assignee_id: String(acme.teammate.id),
  })
  assert.equal(moved?.ticket_state?.category, 'waiting_on_customer')
  assert.equal(moved?.admin_assignee_id, String(acme.teammate.id), 'clients of 2.14 read assignees as text')
  const part = moved?.ticket_parts?.ticket_parts?.find((part) => part.part_type === 'ticket_state_updated_by_admin')
  assert.deepEqual([part?.previous_ticket_state, part?.ticket_state], ['submitted', 'waiting_on_customer'])
  await assert.rejects(client.tickets.get({ ticket_id: globex.ticket }), { statusCode: 404 })
})

test('versions differ where Intercom’s do', async () => {
  const path = `/conversations/${acme.chat}`
  const newest = await ask('GET', path)
  const before = await ask('GET', path, { headers: { 'intercom-version': '2.14' } })
  assert.deepEqual([newest.json['priority'], newest.json['admin_assignee_id']], ['none', 0])
  assert.deepEqual([before.json['priority'], before.json['admin_assignee_id']], ['not_priority', null])
  const unknown = await ask('GET', path, { headers: { 'intercom-version': '3.0' } })
  assert.deepEqual([unknown.status, unknown.json.errors?.[0]?.code], [400, 'intercom_version_invalid'])
  const plain = await ask('GET', `${path}?display_as=plaintext`)
  assert.equal((plain.json['source'] as { body: string }).body, 'Where is my invoice?')
})

for (const [what, filter, finds] of [
  ['equal text', { field: 'external_id', operator: '=', value: 'ada' }, true],
  ['one of a list', { field: 'role', operator: 'IN', value: ['user', 'lead'] }, true],
  ['contained text in another case', { field: 'name', operator: '~', value: 'AD' }, true],
  ['a wildcard taken as it is', { field: 'name', operator: '~', value: 'A%' }, false],
  ['a quote taken as it is', { field: 'name', operator: '=', value: `' or 1=1 --` }, false],
  ['nothing', { field: 'phone', operator: '=', value: null }, true],
  ['a missing custom attribute', { field: `custom_attributes.x' or '1'='1`, operator: '=', value: 'y' }, false],
  [
    'groups two levels deep',
    {
      operator: 'AND',
      value: [
        {
          operator: 'OR',
          value: [
            { field: 'name', operator: '=', value: 'x' },
            { field: 'name', operator: '=', value: 'Ada' },
          ],
        },
      ],
    },
    true,
  ],
  ['a fraction beside whole numbers', { field: 'created_at', operator: '>', value: 1.5 }, true],
  ['later than a day', { field: 'created_at', operator: '>', value: 4_000_000_000 }, false],
] as const)
  test(`contacts are searched by ${what}`, async () => {
    const answer = await ask('POST', '/contacts/search', { body: { query: filter } })
    assert.equal(answer.status, 200, JSON.stringify(answer.json))
    assert.equal(
      (answer.json['data'] as { id: ContactId }[]).some(({ id }) => id === acme.contact.id),
      finds,
    )
  })

for (const [flaw, body] of [
  ['a field that is not on the list', { query: { field: 'workspace_id', operator: '=', value: 1 } }],
  ['an operator that is not on the list', { query: { field: 'name', operator: 'like', value: '%' } }],
  ['groups three levels deep', { query: { operator: 'AND', value: [{ operator: 'OR', value: [{ operator: 'AND', value: [query] }] }] } }],
  ['sixteen filters', { query: { operator: 'OR', value: Array.from({ length: 16 }, () => query) } }],
  ['an object as value', { query: { field: 'name', operator: '=', value: {} } }],
  ['an unknown sort', { query, sort: { field: 'id; drop table contacts', order: 'ascending' } }],
  ['a page too long', { query, pagination: { per_page: 151 } }],
  ['a zero byte', { query: { field: 'name', operator: '=', value: 'a\0' } }],
  ['a cursor of another order', { query, pagination: { starting_after: Buffer.from('[2,"x","y"]').toString('base64url') } }],
  ['a cursor of its own making', { query, pagination: { starting_after: 'abc' } }],
] as const)
  test(`a search with ${flaw} is refused`, async () => {
    const answer = await ask('POST', '/contacts/search', { body })
    assert.equal(answer.status, 400)
    assert.equal(answer.json['type'], 'error.list')
  })

test('tickets are created for a contact that was unknown, once for one key, and found again', async () => {
  const [type] = await listTicketTypesForContacts(house.db, acme.workspace)
  const body = {
    ticket_type_id: type?.id,
    contacts: [{ email: 'new@lead.test' }],
    ticket_attributes: { _default_title_: 'Hello', _default_description_: 'World', Severity: 'Low' },
  }
  const first = await ask('POST', '/tickets', { body, headers: { 'idempotency-key': 'k1' } })
  const again = await ask('POST', '/tickets', { body, headers: { 'idempotency-key': 'k1' } })
  assert.equal(first.status, 200, JSON.stringify(first.json))
  assert.equal(first.json['id'], again.json['id'])
  assert.equal((first.json['ticket_attributes'] as Record<string, unknown>)['_default_title_'], 'Hello')
  const search = {
    operator: 'AND',
    value: [
      { field: 'title', operator: '~', value: 'hell' },
      { field: 'state', operator: '=', value: 'submitted' },
      { field: 'category', operator: '=', value: 'request' },
      { field: 'open', operator: '=', value: true },
    ],
  }
  const found = await ask('POST', '/tickets/search', { body: { query: search } })
  assert.deepEqual(
    (found.json['tickets'] as { id: string }[]).map(({ id }) => id),
    [first.json['id']],
  )
})

test('a contact is spoken for in its own conversations only, and its words reopen them', async () => {
  const path = `/conversations/${acme.chat}`
  const closed = await ask('POST', `${path}/parts`, { body: { message_type: 'close', type: 'admin', admin_id: acme.teammate.id } })
  assert.equal(closed.json['state'], 'closed')
  const stranger = await createContact(house.db, acme.workspace, { external_id: 'eve' }, house.now())
  const refused = await ask('POST', `${path}/reply`, {
    body: { type: 'user', message_type: 'comment', intercom_user_id: stranger.id, body: 'me too' },
  })
  assert.equal(refused.status, 404)
  const reopened = await ask('POST', `${path}/reply`, {
    body: { type: 'user', message_type: 'comment', user_id: 'ada', body: 'still missing' },
  })
  assert.deepEqual([reopened.status, reopened.json['state']], [200, 'open'])
  const later = Math.floor(house.now() / 1000) + 3600
  const snoozed = await ask('POST', `${path}/parts`, {
    body: { message_type: 'snoozed', admin_id: String(acme.teammate.id), snoozed_until: later },
  })
  assert.deepEqual([snoozed.json['state'], snoozed.json['open'], snoozed.json['snoozed_until']], ['snoozed', true, later])
  const assigned = await ask('POST', `${path}/parts`, {
    body: { message_type: 'assignment', type: 'admin', admin_id: acme.teammate.id, assignee_id: acme.teammate.id },
  })
  assert.equal(assigned.json['admin_assignee_id'], acme.teammate.id)
})

test('a teammate lists a user’s sessions and signs them out everywhere', async () => {
  const browser = house.browser()
  await browser.boot({ user_id: 'ada' })
  const path = `/contacts/${acme.contact.id}/sessions`
  assert.equal((await ask('GET', path)).json['total_count'], 1)
  const ended = await ask('DELETE', path)
  assert.deepEqual([ended.json['type'], ended.json['id'], ended.json['sessions_ended']], ['contact', acme.contact.id, 1])
  assert.equal((await ask('GET', path)).json['total_count'], 0)
})

test('a token’s rate is told and kept', async () => {
  const { token } = await createApiToken(house.db, acme.teammate, { name: 'busy', now: house.now() })
  const first = await ask('GET', '/me', { token })
  assert.deepEqual([first.headers.get('x-ratelimit-limit'), first.headers.get('x-ratelimit-remaining')], ['1000', '999'])
  for (let sent = 0; sent < 10; sent++) await Promise.all(Array.from({ length: 100 }, () => ask('GET', '/me', { token })))
  const refused = await ask('GET', '/me', { token })
  assert.deepEqual([refused.status, refused.json.errors?.[0]?.code], [429, 'rate_limit_exceeded'])
  house.pass(10_000)
  assert.equal((await ask('GET', '/me', { token })).status, 200)
})

test('a client that knows only paths without a prefix is understood by its bearer token', async () => {
  const headers = { authorization: `Bearer ${acme.token}` }
  const [prefixed, bare] = await Promise.all(['/api/me', '/me'].map((path) => fetch(`http://127.0.0.1:${port}${path}`, { headers })))
  assert.deepEqual([bare?.status, await bare?.json()], [200, await prefixed?.json()])
  assert.equal((await fetch(`http://127.0.0.1:${port}/me`)).status, 404)
})
