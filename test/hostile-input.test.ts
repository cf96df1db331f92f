import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { ada, signJwt } from '#test/cast.ts'
import { ask, openDesk, type Desk, type Ids, type Question } from '#test/desk.ts'
import { openHouse, type House } from '#test/house.ts'

let house: House
let desk: Desk
before(async () => {
  const mailer = { isConfigured: true, send: async () => ({ ok: true as const }), close: () => undefined }
  house = await openHouse({ LATCHKEY_REFUSED_BOOTS_PER_MINUTE: '1000000' }, { mailer })
  await house.change({ email_links: 1 })
  desk = await openDesk(house, house.tenants.acme)
  await house.change({ cookie_door: 1 })
})
after(() => house.close())

const STRINGS = [
  ...[
    '',
    ' ',
    '\0',
    'a\0b',
    '\ud800',
    'a\udfffb',
    '\ufeff',
    '\uffff',
    '\u202eevil\u202c',
    '\r\nSet-Cookie: a=b',
    '\x1b[2J',
    'مرحبا',
    'שלום',
    '日本語',
    '👩‍👩‍👧‍👦',
    'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢',
  ],
  ...[
    `'`,
    `"`,
    `'; drop table contacts; --`,
    `" or "1"="1`,
    '%',
    '_',
    '\\',
    '\\\\%',
    '$1',
    '?',
    '${1}',
    '{{7*7}}',
    '<script>alert(1)</script>',
    '"><svg onload=alert(1)>',
    '../../etc/passwd',
    'file:///etc/passwd',
    'javascript:alert(1)',
    '//evil.test',
  ],
  ...[
    '0',
    '-1',
    '1.5',
    '1e400',
    '9'.repeat(16),
    '9'.repeat(19),
    '9'.repeat(40),
    '-9223372036854775809',
    '0x10',
    'NaN',
    'Infinity',
    'true',
    'null',
    'undefined',
    '__proto__',
    'constructor',
    'hasOwnProperty',
    'toString',
    '2026-13-45',
    '+999999-01-01',
  ],
  ...['x'.repeat(1001), 'é'.repeat(20_000), 'x'.repeat(300_000), '<b>'.repeat(5000), '('.repeat(5000), 'a '.repeat(5000)],
]
const OTHERS: unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  0.5,
  2 ** 31,
  2 ** 53,
  1e15,
  1e20,
  1e308,
  -1e308,
  [],
  {},
  [null],
  [[]],
  ['\0'],
  { a: '\0' },
  { __proto__: null, constructor: 1 },
  JSON.parse('{"__proto__":{"role":"user"}}'),
  deep(50),
  deep(5000),
  Array.from({ length: 1000 }, () => 'x'),
]

function deep(levels: number): unknown {
  let value: unknown = 'x'
  for (let level = 0; level < levels; level += 1) value = level % 2 ? [value] : { a: value }
  return value
}

type Asking = (value: unknown, ids: Ids) => Question
const post = (path: string, json: object): Question => ({ method: 'POST', path, json })
const chat = ({ chat: id }: Ids) => `/api/conversations/${id}`
const filter = (query: object): Question => post('/api/contacts/search', { query })
const reply = { type: 'admin', message_type: 'comment', body: 'x' }

const api: Record<string, Asking> = {
  'the field of a search': (value) => filter({ field: value, operator: '=', value: 'x' }),
  'the attribute of a search': (value) => filter({ field: `custom_attributes.${asText(value)}`, operator: '=', value: 'x' }),
  'the operator of a search': (value) => filter({ field: 'name', operator: value, value: 'x' }),
  'the query of a search': (value) => post('/api/tickets/search', { query: value }),
  'the sort of a search': (value) =>
    post('/api/contacts/search', { query: { field: 'name', operator: '=', value: 'x' }, sort: { field: value, order: 'ascending' } }),
  'the cursor of a search': (value) =>
    post('/api/contacts/search', {
      query: { field: 'name', operator: '=', value: 'x' },
      pagination: { per_page: 1, starting_after: value },
    }),
  'the page of a search': (value) =>
    post('/api/contacts/search', { query: { field: 'name', operator: '=', value: 'x' }, pagination: { per_page: value, page: value } }),
  'the cursor of a list': (value) => ({ method: 'GET', path: `/api/contacts?per_page=1&starting_after=${inAddress(value)}` }),
  'the page of a list': (value) => ({ method: 'GET', path: `/api/conversations?page=${inAddress(value)}&per_page=${inAddress(value)}` }),
  'the user of a sign-in link': (value) => post('/api/login_links', { user_id: value }),
  'the way of a sign-in link': (value) => post('/api/login_links', { user_id: 'ada', return_to: value, expires_in: value, host: value }),
  'the body of a reply': (value, ids) => post(`${chat(ids)}/reply`, { ...reply, body: value }),
  'the teammate of a reply': (value, ids) => post(`${chat(ids)}/reply`, { ...reply, admin_id: value }),
  'the user of a reply': (value, ids) => post(`${chat(ids)}/reply`, { type: 'user', body: 'x', user_id: value }),
  'the contact of a reply': (value, ids) => post(`${chat(ids)}/reply`, { type: 'user', body: 'x', intercom_user_id: value }),
  'the address of a reply': (value, ids) => post(`${chat(ids)}/reply`, { type: 'user', body: 'x', email: value }),
  'the moment of a snooze': (value, ids) => post(`${chat(ids)}/parts`, { message_type: 'snoozed', snoozed_until: value }),
  'the assignee of a chat': (value, ids) => post(`${chat(ids)}/parts`, { message_type: 'assignment', assignee_id: value }),
  'the words of a closing': (value, ids) => post(`${chat(ids)}/parts`, { message_type: 'close', body: value }),
  'the type of a ticket': (value, ids) => post('/api/tickets', { ticket_type_id: value, contacts: [{ id: ids.contact }] }),
  'the contact of a ticket': (value, ids) => post('/api/tickets', { ticket_type_id: ids.type, contacts: [{ id: value }] }),
  'the new contact of a ticket': (value, ids) => post('/api/tickets', { ticket_type_id: ids.type, contacts: [{ external_id: value }] }),
  'the address of a ticket': (value, ids) => post('/api/tickets', { ticket_type_id: ids.type, contacts: [{ email: value }] }),
  'the company of a ticket': (value, ids) =>
    post('/api/tickets', { ticket_type_id: ids.type, contacts: [{ id: ids.contact }], company_id: value }),
  'the title of a ticket': (value, ids) => ({
    method: 'PUT',
    path: `/api/tickets/${ids.ticket}`,
    json: { ticket_attributes: { _default_title_: value, _default_description_: value } },
  }),
  'an attribute of a ticket': (value, ids) => ({
    method: 'PUT',
    path: `/api/tickets/${ids.ticket}`,
    json: { ticket_attributes: { 'Product area': value, [asText(value)]: 'x' } },
  }),
  'the state of a ticket': (value, ids) => ({ method: 'PUT', path: `/api/tickets/${ids.ticket}`, json: { ticket_state_id: value } }),
  'the assignee of a ticket': (value, ids) => ({
    method: 'PUT',
    path: `/api/tickets/${ids.ticket}`,
    json: { assignee_id: value, admin_id: value },
  }),
  'the reply to a ticket': (value, ids) => post(`/api/tickets/${ids.ticket}/reply`, { ...reply, body: value }),
  'the whole body': (value, ids) => ({ method: 'POST', path: `${chat(ids)}/reply`, json: JSON.stringify(value) }),
  'the key of a repeat': (value, ids) => ({ ...post(`${chat(ids)}/reply`, reply), headers: { 'idempotency-key': inHeader(value) } }),
  'the version': (value) => ({ method: 'GET', path: '/api/me', headers: { 'intercom-version': inHeader(value) } }),
  'the token': (value) => ({ method: 'GET', path: '/api/me', headers: { authorization: `Bearer ${inHeader(value)}` } }),
  'the id of a contact': (value) => ({ method: 'GET', path: `/api/contacts/${inAddress(value)}` }),
  'the id of a conversation': (value) => ({ method: 'GET', path: `/api/conversations/${inAddress(value)}` }),
  'the id of a ticket': (value) => ({ method: 'GET', path: `/api/tickets/${inAddress(value)}` }),
}
for (const operator of ['=', '!=', '>', '<', '~', '^', 'IN'])
  for (const [list, field] of [
    ['contacts', 'name'],
    ['contacts', 'created_at'],
    ['contacts', 'custom_attributes.plan'],
    ['tickets', 'id'],
    ['tickets', 'created_at'],
    ['tickets', 'open'],
    ['tickets', 'ticket_attribute.1'],
    ['tickets', 'contact_ids'],
  ]) {
    api[`the value of a search for ${list} with ${field} ${operator}`] = (value) =>
      post(`/api/${list}/search`, { query: { field, operator, value: operator === 'IN' ? [value] : value } })
  }

const boot = (more: object) => post('/messenger/boot', { app_id: 'acme', ...more })
const message = { client_id: 'hostile', body: 'x' }
const messenger: Record<string, Asking> = {
  'the app_id of a boot': (value) => boot({ app_id: value }),
  'the token of a boot': (value) => boot({ intercom_user_jwt: value }),
  'the user_id of a boot': (value) => boot({ user_id: value }),
  'the user_hash of a boot': (value) => boot({ user_id: 'ada', user_hash: value }),
  'the address of a boot': (value) => boot({ email: value }),
  'the platform of a boot': (value) => boot({ platform: value, session_duration: value }),
  'an attribute of a boot': (value) => boot({ plan: value, name: value, phone: value, avatar: value, created_at: value, joined_at: value }),
  'the name of an attribute': (value) => boot({ [asText(value)]: 'x' }),
  'the companies of a boot': (value) => boot({ company: { company_id: value, name: value, plan: value }, companies: [value] }),
  'the whole body': (value) => ({ method: 'POST', path: '/messenger/boot', json: JSON.stringify(value) }),
  'a shutdown': (value) => ({
    method: 'POST',
    path: '/messenger/shutdown',
    json: JSON.stringify(value),
    headers: { 'content-type': 'text/plain', cookie: '' },
  }),
  'a message': (value) => post('/messenger/conversations', { ...message, body: value }),
  'the client_id of a message': (value) => post('/messenger/conversations', { ...message, client_id: value }),
  'a reply': (value, ids) => post(`/messenger/conversations/${ids.chat}/parts`, { client_id: asText(value), body: value }),
  'what was seen': (value, ids) => ({ method: 'PUT', path: `/messenger/conversations/${ids.chat}/seen`, json: { sequence: value } }),
  'an event': (value) => post('/messenger/events', { event_name: value, metadata: { [asText(value)]: value } }),
  'the metadata of an event': (value) => post('/messenger/events', { event_name: 'x', metadata: { a: value } }),
  'the id of a conversation': (value) => ({
    method: 'GET',
    path: `/messenger/conversations/${inAddress(value)}?after=${inAddress(value)}`,
  }),
  'the start of a conversation': (value, ids) => ({
    method: 'GET',
    path: `/messenger/conversations/${ids.chat}?after=${inAddress(value)}`,
  }),
  'a search': (value) => ({ method: 'GET', path: `/messenger/articles/search?q=${inAddress(value)}&locale=${inAddress(value)}` }),
  'the id of an article': (value) => ({ method: 'GET', path: `/messenger/articles/${inAddress(value)}` }),
  'the app_id of a widget': (value) => ({ method: 'GET', path: `/widget/${inAddress(value)}` }),
}

const team: Record<string, Asking> = {
  'the address of an invite': (value) => post('/app/invites', { email: value, role: 'agent' }),
  'the role of an invite': (value) => post('/app/invites', { email: 'x@example.test', role: value }),
  'the role of a teammate': (value, ids) => ({ method: 'PUT', path: `/app/teammates/${ids.colleague}/role`, json: { role: value } }),
  'the id of a teammate': (value) => ({ method: 'DELETE', path: `/app/teammates/${inAddress(value)}` }),
  'the id of an invite': (value) => ({ method: 'DELETE', path: `/app/invites/${inAddress(value)}` }),
  'the id of a session': (value) => ({ method: 'DELETE', path: `/app/sessions/${inAddress(value)}` }),
  'their own name': (value) => ({ method: 'PUT', path: '/app/profile', json: { name: value } }),
  'a line of the audit log': (value) => ({ method: 'GET', path: `/app/audit-log?before=${inAddress(value)}` }),
  'a page of the settings': (value) => ({ method: 'GET', path: `/settings/${inAddress(value)}` }),
  'the code of an invite': (value) => ({ method: 'GET', path: `/invite?code=${inAddress(value)}` }),
  'the code of the set-up': (value) => ({ method: 'GET', path: `/setup?code=${inAddress(value)}` }),
  'the fields of a set-up': (value) => form('/setup', { code: value, name: value, email: value, password: value, host: value }),
  'the fields of an invite': (value) => form('/invite', { code: value, name: value, password: value }),
  'the fields of a reset': (value) => form('/reset/password', { code: value, password: value }),
  'the code of a sign-in': (value) => ({
    ...form('/sign-in/code', { code: value, next: value }),
    headers: { cookie: `__Host-latchkey-team-half=${inHeader(value)}` },
  }),
  'the recovery code of a sign-in': (value) => form('/sign-in/recovery-code', { code: value, next: value }),
  'the next page after a code': (value) => ({ method: 'GET', path: `/sign-in/code?next=${inAddress(value)}` }),
  'the draft of a second step': (value) => ({ method: 'PUT', path: '/app/second-step', json: { draft: value, code: value } }),
  'the code that turns a second step off': (value) => ({ method: 'DELETE', path: '/app/second-step', json: { code: value } }),
  'the code for new recovery codes': (value) => post('/app/second-step/recovery-codes', { code: value }),
  'the teammate whose second step is reset': (value) => ({ method: 'DELETE', path: `/app/teammates/${inAddress(value)}/second-step` }),
  'the next page of a sign-in': (value) => ({ method: 'GET', path: `/sign-in?next=${inAddress(value)}` }),
  'the language': (value) => ({
    method: 'GET',
    path: '/reset',
    headers: { 'accept-language': inHeader(value), cookie: `__Host-latchkey-team-theme=${inHeader(value)}` },
  }),
  'the cookie': (value) => ({ method: 'GET', path: '/app/session', headers: { cookie: `__Host-latchkey-team=${inHeader(value)}` } }),
}

const form = (path: string, fields: object): Question => ({
  method: 'POST',
  path,
  form: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, asText(value)])),
})
const pages: Record<string, Asking> = {
  'the token of a login': (value) => form('/login/jwt', { jwt: value }),
  'the way back of a login': (value) =>
    form('/login/jwt', { jwt: house.jwt({ user_id: 'ada', jti: crypto.randomUUID() }), return_to: value, state: value }),
  'the way back to a login page': (value) => ({ method: 'GET', path: `/login?return_to=${inAddress(value)}` }),
  'the address of a mailed link': (value) => form('/login/email', { email: value, return_to: value }),
  'the code of a mailed link': (value) => form('/login/link', { code: value }),
  'the code in a mailed link': (value) => ({ method: 'GET', path: `/login/link?code=${inAddress(value)}` }),
  'the way to a provider': (value) => ({
    method: 'GET',
    path: `/login/oidc/start?provider=${inAddress(value)}&return_to=${inAddress(value)}`,
  }),
  'the answer of a provider': (value) => ({
    method: 'GET',
    path: `/login/oidc/callback?state=${inAddress(value)}&code=${inAddress(value)}&error=${inAddress(value)}&iss=${inAddress(value)}`,
    headers: { cookie: `__Host-latchkey-state=${inHeader(value)}` },
  }),
  'the token of another product': (value) => form('/access/jwt', { jwt: value, return_to: value }),
  'the claims of another product': (value) =>
    form('/access/jwt', {
      jwt: signJwt(
        {
          external_id: 'eve',
          iat: Math.floor(house.now() / 1000),
          jti: crypto.randomUUID(),
          user_fields: value,
          organization: value,
          tags: value,
        },
        house.tenants.acme.secret,
      ),
    }),
  'the host of a probe': (value) => ({ method: 'GET', path: `/login/probe?host=${inAddress(value)}&nonce=${inAddress(value)}` }),
  'the token in an address': (value) => ({ method: 'GET', path: `/login/jwt?jwt=${inAddress(value)}&state=${inAddress(value)}` }),
  'the code of a sign-in link': (value) => ({ method: 'GET', path: `/login/link/${inAddress(value)}?state=${inAddress(value)}` }),
  'the sign-in cookie': (value) => ({ method: 'GET', path: '/en', headers: { cookie: `__Secure-latchkey_user_jwt=${inHeader(value)}` } }),
  'the session to end': (value) => form(`/login/sessions/${inAddress(value)}/end`, {}),
  'the count of bounces': (value) => ({ method: 'GET', path: '/login', headers: { cookie: `__Host-latchkey-bounces=${inHeader(value)}` } }),
  'the time of a waiting login': (value) => ({ method: 'GET', path: `/login/continue?since=${inAddress(value)}` }),
  'the button of a login': (value) => ({
    ...form('/login/continue', { x: value }),
    headers: { cookie: `__Host-latchkey-continue=${inHeader(value)}` },
  }),
  'the cookie': (value) => ({ method: 'GET', path: '/tickets', headers: { cookie: `__Host-latchkey=${inHeader(value)}` } }),
  'the fields of a ticket': (value, ids) =>
    form(`/tickets/new/${ids.type}`, { title: value, description: value, client_id: value, company: value }),
  'the attributes of a ticket': (value, ids) =>
    form(`/tickets/new/${ids.type}`, {
      title: 'x',
      description: 'x',
      ...Object.fromEntries(Array.from({ length: 10 }, (_, id) => [`attribute_${id}`, value])),
      [asText(value)]: 'x',
    }),
  'a reply to a ticket': (value, ids) => form(`/tickets/${ids.number}/replies`, { body: value, client_id: value }),
  'the state of a ticket': (value, ids) => form(`/tickets/${ids.number}/state`, { state: value }),
  'the number of a ticket': (value) => ({ method: 'GET', path: `/tickets/${inAddress(value)}` }),
  'the type of a new ticket': (value) => ({ method: 'GET', path: `/tickets/new/${inAddress(value)}` }),
  'the filters of the list': (value) => ({
    method: 'GET',
    path: `/tickets?q=${inAddress(value)}&type=${inAddress(value)}&page=${inAddress(value)}&view=${inAddress(value)}&sort=${inAddress(value)}`,
  }),
  'a search': (value) => ({ method: 'GET', path: `/en/search?q=${inAddress(value)}` }),
  'the language': (value) => ({ method: 'GET', path: `/${inAddress(value)}`, headers: { 'accept-language': inHeader(value) } }),
  'the id of an article': (value) => ({ method: 'GET', path: `/en/articles/${inAddress(value)}` }),
  'the id of a collection': (value) => ({ method: 'GET', path: `/en/collections/${inAddress(value)}` }),
  'what a cache has': (value) => ({
    method: 'GET',
    path: '/en',
    headers: { 'if-none-match': inHeader(value), 'accept-encoding': inHeader(value), 'user-agent': inHeader(value) },
  }),
}

/** Claims under a good signature: the app's own backend passes on what its users typed. */
const claims: Record<string, (value: unknown) => object> = {
  'the user_id': (value) => ({ user_id: value }),
  'the standard claims': (value) => ({
    user_id: 'typed',
    name: value,
    email: value,
    phone: value,
    avatar: value,
    language_override: value,
  }),
  'the name alone': (value) => ({ user_id: 'typed', name: value }),
  'the times': (value) => ({ user_id: 'typed', created_at: value, exp: value, nbf: value, iat: value }),
  'when they signed up': (value) => ({ user_id: 'typed', created_at: value }),
  'an attribute': (value) => ({ user_id: 'typed', plan: value, joined_at: value, [asText(value)]: value }),
  'a company': (value) => ({
    user_id: 'typed',
    companies: [{ company_id: 'c', name: value, plan: value, created_at: value, size: value, [asText(value)]: value }],
  }),
  'the id of a company': (value) => ({ user_id: 'typed', companies: [{ company_id: value, name: 'x' }, value], company: value }),
  'the audience': (value) => ({ user_id: 'typed', aud: value, iss: value, jti: value }),
}

suite('hostile input never makes the server fail', () => {
  for (const [what, question] of Object.entries(api))
    test(`in the API, as ${what}`, async () => {
      await askAll(what, (value) => ask(house, { token: desk.token }, question(value, desk.ids)))
    })

  for (const [what, question] of Object.entries(team))
    test(`in the teammates’ app, as ${what}`, async () => {
      await askAll(what, (value) => ask(house, { atWork: desk.team }, question(value, desk.ids)))
    })

  for (const [surface, list] of [
    ['the Messenger', messenger],
    ['a page', pages],
  ] as const)
    for (const [what, question] of Object.entries(list))
      test(`in ${surface}, as ${what}`, async () => {
        await askAll(what, async (value) => {
          // A boot that names somebody else has ended the session.
          assert.equal((await desk.ada.boot(ada)).statusCode, 200)
          return ask(house, { browser: desk.ada, tenant: desk.tenant }, question(value, desk.ids))
        })
      })

  for (const [what, payload] of Object.entries(claims))
    test(`in a signed token, as ${what}`, async () => {
      await askAll(what, async (value) => house.browser().boot(signJwt(payload(value), desk.tenant.secret)))
    })

  test('and afterwards everybody is served as before', async () => {
    assert.equal((await desk.ada.boot(ada)).statusCode, 200)
    for (const [who, path] of [
      [{ token: desk.token }, '/api/me'],
      [{ browser: desk.ada, tenant: desk.tenant }, `/messenger/conversations/${desk.ids.chat}`],
      [{ browser: desk.ada, tenant: desk.tenant }, '/tickets'],
      [{ browser: desk.ada, tenant: desk.tenant }, `/tickets/${desk.ids.number}`],
      [{ token: desk.token }, '/api/conversations'],
      [{ token: desk.token }, '/api/contacts'],
    ] as const)
      assert.equal((await ask(house, who, { method: 'GET', path })).statusCode, 200)
    assert.equal(Object.hasOwn(Object.prototype, 'role'), false)
  })
})

async function askAll(what: string, send: (value: unknown) => ReturnType<typeof ask>): Promise<void> {
  const failed: string[] = []
  for (const value of [...STRINGS, ...OTHERS]) {
    house.pass(2000)
    const started = performance.now()
    const { statusCode, headers, body } = await send(value)
    const fault =
      statusCode >= 500 || statusCode === 429
        ? `${statusCode} ${body.slice(0, 40)}`
        : performance.now() - started > 2000
          ? 'slow'
          : undefined
    if (fault !== undefined) failed.push(`${asText(value).slice(0, 60)}: ${fault}`)
    assert.equal(headers['set-cookie'] === undefined || !String(headers['set-cookie']).includes('a=b'), true)
  }
  assert.deepEqual(failed, [], what)
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What an address can carry: a lone surrogate becomes the bytes that a sloppy client would send. */
function inAddress(value: unknown): string {
  const text = asText(value).slice(0, 8000)
  return text.isWellFormed() ? encodeURIComponent(text) : '%ED%A0%80%FF'
}

function inHeader(value: unknown): string {
  return asText(value)
    .slice(0, 8000)
    .replaceAll(/[^\t\x20-\x7e\xa0-\xff]/g, '?')
}
