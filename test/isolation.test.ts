import assert from 'node:assert/strict'
import { after, suite, test } from 'node:test'
import { ask, dumpTables, openDesk, type Desk, type Ids, type Question } from '#test/desk.ts'
import { openHouse } from '#test/house.ts'
import { recordRoutes } from '#test/routes.ts'

interface Case {
  door: 'api' | 'messenger' | 'page' | 'team'
  path: (ids: Ids) => string
  /** Bodies that the route takes, by method. */
  bodies?: Partial<Record<string, object>>
  /** What is the workspace's and not a person's. */
  isCommon?: boolean
}

const reply = { type: 'admin', message_type: 'comment', body: 'Not yours' }
const message = { client_id: 'isolation', body: 'Not yours' }

/** One line for every route with a parameter. A route that is not here fails the suite. */
const cases: Record<string, Case | 'names no id'> = {
  '/api/contacts/:id': { door: 'api', path: ({ contact }) => `/api/contacts/${contact}` },
  '/api/contacts/:id/sessions': { door: 'api', path: ({ contact }) => `/api/contacts/${contact}/sessions` },
  '/api/conversations/:id': { door: 'api', path: ({ chat }) => `/api/conversations/${chat}` },
  '/api/conversations/:id/reply': { door: 'api', path: ({ chat }) => `/api/conversations/${chat}/reply`, bodies: { POST: reply } },
  '/api/conversations/:id/parts': {
    door: 'api',
    path: ({ chat }) => `/api/conversations/${chat}/parts`,
    bodies: { POST: { message_type: 'close', type: 'admin' } },
  },
  '/api/tickets/:id': {
    door: 'api',
    path: ({ ticket }) => `/api/tickets/${ticket}`,
    bodies: { PUT: { ticket_attributes: { _default_title_: 'Not yours' } } },
  },
  '/api/tickets/:id/reply': { door: 'api', path: ({ ticket }) => `/api/tickets/${ticket}/reply`, bodies: { POST: reply } },
  '/messenger/conversations/:id': { door: 'messenger', path: ({ chat }) => `/messenger/conversations/${chat}` },
  '/messenger/conversations/:id/parts': {
    door: 'messenger',
    path: ({ chat }) => `/messenger/conversations/${chat}/parts`,
    bodies: { POST: message },
  },
  '/messenger/conversations/:id/seen': {
    door: 'messenger',
    path: ({ chat }) => `/messenger/conversations/${chat}/seen`,
    bodies: { PUT: { sequence: 1 } },
  },
  '/messenger/articles/:id': { door: 'messenger', path: ({ article }) => `/messenger/articles/${article}` },
  '/messenger/*': 'names no id',
  '/login/to/*': 'names no id',
  '/widget/:app_id': { door: 'messenger', path: ({ app_id }) => `/widget/${app_id}`, isCommon: true },
  '/tickets/new/:type': {
    door: 'page',
    path: ({ type }) => `/tickets/new/${type}`,
    bodies: { POST: { title: 'Not yours', description: 'At all' } },
    isCommon: true,
  },
  '/tickets/:number': { door: 'page', path: ({ number }) => `/tickets/${number}` },
  '/tickets/:number/replies': { door: 'page', path: ({ number }) => `/tickets/${number}/replies`, bodies: { POST: message } },
  '/tickets/:number/state': { door: 'page', path: ({ number }) => `/tickets/${number}/state`, bodies: { POST: { state: 'resolved' } } },
  '/settings/*': 'names no id',
  '/app/invites/:id': { door: 'team', path: ({ invite }) => `/app/invites/${invite}` },
  '/app/invites/:id/link': { door: 'team', path: ({ invite }) => `/app/invites/${invite}/link`, bodies: { POST: {} } },
  '/app/sessions/:id': { door: 'team', path: ({ work_session }) => `/app/sessions/${work_session}` },
  '/app/teammates/:id/second-step': { door: 'team', path: ({ colleague }) => `/app/teammates/${colleague}/second-step` },
  '/app/teammates/:id': { door: 'team', path: ({ colleague }) => `/app/teammates/${colleague}` },
  '/app/teammates/:id/role': {
    door: 'team',
    path: ({ colleague }) => `/app/teammates/${colleague}/role`,
    bodies: { PUT: { role: 'viewer' } },
  },
  '/app/teammates/:id/reset-link': {
    door: 'team',
    path: ({ colleague }) => `/app/teammates/${colleague}/reset-link`,
    bodies: { POST: {} },
  },
  '/login/sessions/:id/end': { door: 'page', path: ({ session }) => `/login/sessions/${session}/end`, bodies: { POST: {} } },
  // Whoever has the link may press its button: that is what a link is for.
  '/login/link/:code': { door: 'page', path: ({ link }) => `/login/link/${link}`, bodies: { POST: {} }, isCommon: true },
  '/app/login/enforcement/:platform': 'names no id',
  '/app/login/snippets/:stack': 'names no id',
  '/app/login/keys/:kid/retired': {
    door: 'team',
    path: ({ key }) => `/app/login/keys/${key}/retired`,
    bodies: { PUT: { end_sessions: true } },
  },
  '/app/login/origins/:origin': { door: 'team', path: ({ origin }) => `/app/login/origins/${encodeURIComponent(origin)}` },
  '/app/login/hosts/:host': { door: 'team', path: ({ unproved_host }) => `/app/login/hosts/${unproved_host}` },
  '/app/login/hosts/:host/primary': {
    door: 'team',
    path: ({ proved_host }) => `/app/login/hosts/${proved_host}/primary`,
    bodies: { PUT: {} },
  },
  '/app/login/providers/:id': { door: 'team', path: ({ provider }) => `/app/login/providers/${provider}` },
  '/app/login/hosts/:host/checks': {
    door: 'team',
    path: ({ unproved_host }) => `/app/login/hosts/${unproved_host}/checks`,
    bodies: { POST: {} },
  },
  '/:locale': 'names no id',
  '/:locale/search': 'names no id',
  '/:locale/articles/*': { door: 'page', path: ({ article }) => `/en/articles/${article}` },
  '/:locale/collections/*': { door: 'page', path: ({ collection }) => `/en/collections/${collection}` },
}
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']
const ENDLESS = '/messenger/stream'
/** What a request leaves behind for diagnosis, written in batches. */
const WRITTEN_LATER = new Set(['login_log', 'probes', 'sightings'])

const routes = recordRoutes()
const house = await openHouse()
await house.change({ login_url: 'https://app.acme.test/login' })
const acme = await openDesk(house, house.tenants.acme, { hasPlaces: true })
const globex = await openDesk(house, house.tenants.globex, { tickets: 3, hasPlaces: true })
after(() => house.close())

const urls = [...new Set(routes.filter(({ url }) => /[:*]/.test(url)).map(({ url }) => url))]
const inTable = Object.entries(cases).flatMap(([url, one]) => (one === 'names no id' ? [] : [{ url, ...one }]))
const methodsOf = (url: string) => routes.filter((route) => route.url === url && METHODS.includes(route.method)).map(({ method }) => method)

function questionOf({ door, path, bodies = {} }: Case, method: string, ids: Ids): Question {
  const body = bodies[method] ?? (method === 'POST' || method === 'PUT' || method === 'PATCH' ? {} : undefined)
  if (body === undefined) return { method, path: path(ids) }
  return { method, path: path(ids), ...(door === 'page' ? { form: body } : { json: body }) }
}

async function standsAsItStood(): Promise<[string, string][]> {
  const dump = [...(await dumpTables(house))].filter(([table]) => !WRITTEN_LATER.has(table))
  return dump.map(([table, rows]) => [table, rows.replaceAll(/"last_used_at":(?:\d+|null)/g, '')])
}

const browserOf = (browser: Desk['ada'], tenant = house.tenants.acme) => ({ browser, tenant })
const globexCookie = browserOf(globex.ada)
const nobody = browserOf(house.browser())
const whoAsks = (door: Case['door']) =>
  door === 'api' ? { token: acme.token } : door === 'team' ? { atWork: acme.team } : browserOf(acme.ada)
const doorOf = (path: string) => (path.startsWith('/api') ? 'api' : path.startsWith('/app/') ? 'team' : 'page')

suite('every route that names a thing by its id', () => {
  test('is in this table, and the table has no other', () => {
    assert.deepEqual(urls.toSorted(), Object.keys(cases).toSorted())
    assert.ok(urls.length > 15, 'the walk found the routes')
  })

  test('has a body here for each method that takes one', () => {
    const bare = inTable.flatMap(({ url, bodies = {} }) =>
      methodsOf(url)
        .filter((method) => method.startsWith('P') && !bodies[method])
        .map((method) => `${method} ${url}`),
    )
    assert.deepEqual(bare, [])
  })

  for (const one of inTable)
    for (const method of METHODS) {
      test(`${method} ${one.url} finds nothing of another workspace`, async () => {
        const before = await standsAsItStood()
        const answer = await ask(house, whoAsks(one.door), questionOf(one, method, globex.ids))
        assert.equal(answer.statusCode, 404, answer.body)
        assert.ok(!answer.body.includes(globex.mark))
        assert.deepEqual(await standsAsItStood(), before)
      })

      if (one.door === 'api' || one.door === 'team' || one.isCommon) continue
      test(`${method} ${one.url} finds nothing of another contact`, async () => {
        const before = await standsAsItStood()
        const answer = await ask(house, browserOf(acme.chen), questionOf(one, method, acme.ids))
        assert.equal(answer.statusCode, 404, answer.body)
        assert.ok(!answer.body.includes(acme.mark))
        for (const who of [browserOf(acme.visitor), globexCookie, nobody]) {
          const refused = await ask(house, who, questionOf(one, method, acme.ids))
          assert.ok(refused.statusCode === 401 || refused.statusCode === 404, `${refused.statusCode} ${refused.body}`)
          assert.ok(!refused.body.includes(acme.mark))
        }
        assert.deepEqual(await standsAsItStood(), before)
      })
    }
})

/** A body of the API that names one thing of whoever it is. */
const bodies: [what: string, method: string, path: string, json: (ids: Ids) => object][] = [
  [
    'the contact of a new ticket',
    'POST',
    '/api/tickets',
    ({ contact }) => ({ ticket_type_id: acme.ids.type, contacts: [{ id: contact }] }),
  ],
  ['the type of a new ticket', 'POST', '/api/tickets', ({ type }) => ({ ticket_type_id: type, contacts: [{ id: acme.ids.contact }] })],
  [
    'the company of a new ticket',
    'POST',
    '/api/tickets',
    ({ company }) => ({ ticket_type_id: acme.ids.type, contacts: [{ id: acme.ids.contact }], company_id: company }),
  ],
  ['the teammate of a reply', 'POST', `/api/conversations/${acme.ids.chat}/reply`, ({ teammate }) => ({ ...reply, admin_id: teammate })],
  [
    'the contact of a reply',
    'POST',
    `/api/conversations/${acme.ids.chat}/reply`,
    ({ contact }) => ({ type: 'user', body: 'x', intercom_user_id: contact }),
  ],
  [
    'the assignee of a chat',
    'POST',
    `/api/conversations/${acme.ids.chat}/parts`,
    ({ teammate }) => ({ message_type: 'assignment', assignee_id: teammate }),
  ],
  [
    'the teammate who closes',
    'POST',
    `/api/conversations/${acme.ids.chat}/parts`,
    ({ teammate }) => ({ message_type: 'close', admin_id: teammate }),
  ],
  [
    'the teammate of a reply to a ticket',
    'POST',
    `/api/tickets/${acme.ids.ticket}/reply`,
    ({ teammate }) => ({ ...reply, admin_id: teammate }),
  ],
  [
    'the contact of a reply to a ticket',
    'POST',
    `/api/tickets/${acme.ids.ticket}/reply`,
    ({ contact }) => ({ type: 'user', body: 'x', intercom_user_id: contact }),
  ],
  ['the state of a ticket', 'PUT', `/api/tickets/${acme.ids.ticket}`, ({ state }) => ({ ticket_state_id: state })],
  ['the assignee of a ticket', 'PUT', `/api/tickets/${acme.ids.ticket}`, ({ teammate }) => ({ assignee_id: teammate })],
  ['the teammate who changes a ticket', 'PUT', `/api/tickets/${acme.ids.ticket}`, ({ teammate }) => ({ admin_id: teammate, open: false })],
]

suite('an id of another workspace inside a body', () => {
  const mine = acme.ids
  const theirs = globex.ids
  for (const [what, method, path, json] of bodies)
    test(`is refused as ${what}`, async () => {
      const before = await standsAsItStood()
      const answer = await ask(house, { token: acme.token }, { method, path, json: json(theirs) })
      assert.ok([400, 404].includes(answer.statusCode), `${answer.statusCode} ${answer.body}`)
      assert.deepEqual(await standsAsItStood(), before)
    })

  test('is refused as the company a ticket is shared with', async () => {
    const before = await standsAsItStood()
    for (const company of [theirs.company, mine.company]) {
      const form = { title: 'Shared', description: 'With whom?', company }
      const answer = await ask(house, browserOf(acme.chen), { method: 'POST', path: `/tickets/new/${mine.type}`, form })
      assert.equal(answer.statusCode, 422)
    }
    assert.deepEqual(await standsAsItStood(), before)
  })

  for (const [list, field, value] of [
    ['contacts', 'id', theirs.contact],
    ['contacts', 'company_id', theirs.company],
    ['tickets', 'id', theirs.ticket],
    ['tickets', 'ticket_id', theirs.number],
    ['tickets', 'contact_ids', theirs.contact],
    ['tickets', 'company_id', theirs.company],
    ['tickets', 'ticket_type_id', theirs.type],
    ['tickets', 'admin_assignee_id', theirs.teammate],
  ] as const)
    test(`finds no ${list} by ${field}`, async () => {
      const answer = await ask(
        house,
        { token: acme.token },
        { method: 'POST', path: `/api/${list}/search`, json: { query: { field, operator: '=', value } } },
      )
      assert.deepEqual([answer.statusCode, answer.json<{ total_count: number }>().total_count], [200, 0])
    })
})

suite('lists, searches and counters', () => {
  const lists = [
    ...new Set(routes.filter(({ method, url }) => method === 'GET' && !/[:*]/.test(url) && url !== ENDLESS).map(({ url }) => url)),
  ]
  const places = [
    ...lists,
    '/en',
    '/en/search?q=enigma',
    '/tickets?view=company',
    '/tickets?q=enigma',
    '/messenger/articles/search?q=enigma',
  ]

  test('say nothing of another workspace', async () => {
    for (const path of places) {
      assert.ok(!(await ask(house, whoAsks(doorOf(path)), { method: 'GET', path })).body.includes(globex.mark), path)
    }
  })

  test('say nothing of another contact', async () => {
    for (const path of places.filter((path) => !path.startsWith('/api')))
      for (const who of [browserOf(acme.chen), browserOf(acme.visitor), globexCookie, nobody])
        assert.ok(!(await ask(house, who, { method: 'GET', path })).body.includes(`${acme.mark} in`), path)
  })

  test('say nothing to a contact of what teammates note', async () => {
    const note = { type: 'admin', message_type: 'note', body: 'Between us' }
    for (const path of [`/api/conversations/${acme.ids.chat}/reply`, `/api/tickets/${acme.ids.ticket}/reply`])
      assert.equal((await ask(house, { token: acme.token }, { method: 'POST', path, json: note })).statusCode, 200)
    const own = inTable
      .filter(({ door, url }) => door !== 'api' && door !== 'team' && methodsOf(url).includes('GET'))
      .map(({ path }) => path(acme.ids))
    for (const path of [...places.filter((path) => !path.startsWith('/api')), ...own])
      for (const browser of [acme.ada, acme.ben])
        assert.ok(!(await ask(house, browserOf(browser), { method: 'GET', path })).body.includes('Between us'), path)
    assert.match(
      (await ask(house, { token: acme.token }, { method: 'GET', path: `/api/conversations/${acme.ids.chat}` })).body,
      /Between us/,
    )
  })
})

// Last, because it changes things: it proves that the refusals above were not refusals of the form.
suite('the same question from who may', () => {
  for (const [what, method, path, json] of bodies)
    test(`is answered with ${what}`, async () => {
      const answer = await ask(house, { token: acme.token }, { method, path, json: json(acme.ids) })
      assert.equal(answer.statusCode, 200, answer.body)
    })

  const order = (method: string) => Number(method === 'DELETE')
  for (const [one, method] of inTable
    .flatMap((one) => methodsOf(one.url).map((method) => [one, method] as const))
    .toSorted(([, a], [, b]) => order(a) - order(b)))
    test(`${method} ${one.url} is answered`, async () => {
      const answer = await ask(house, whoAsks(one.door), questionOf(one, method, acme.ids))
      assert.ok(answer.statusCode < 400, `${answer.statusCode} ${answer.body}`)
    })
})
