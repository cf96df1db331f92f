import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { createSecret, retireSigningKey } from '#domain/identity/signing-keys.ts'
import { IDLE_LIFE, listSessions } from '#domain/sessions/sessions.ts'
import { addHost, listHosts, makeHostPrimary, removeHost } from '#domain/workspaces/workspaces.ts'
import { prune } from '#jobs/prune.ts'
import { ada, ben, signJwt } from '#test/cast.ts'
import { openHouse, pathLedTo, type Browser, type House, type Tenant } from '#test/house.ts'

const DOCS = 'https://docs.vendor.test'
const THIRD = 'https://status.acme.test'

let house: House
let docs: Tenant
before(async () => {
  house = await openHouse()
  for (const address of [DOCS, THIRD]) await addHost(house.db, house.acme, address, house.now())
  docs = { ...house.tenants.acme, help: DOCS }
  await house.change({ login_url: 'https://app.acme.test/login' })
})
after(() => house.close())

/** One person's browser, as it stands on each host. */
let atHelp: Browser
let atDocs: Browser
beforeEach(async () => {
  await house.db.deleteFrom('pending_logins').execute()
  atHelp = house.browser()
  atDocs = house.browser(docs)
  await atHelp.boot(ada)
})

const here = (location: unknown, origin: string) => {
  const url = new URL(String(location), origin)
  assert.equal(url.origin, origin)
  return url.pathname + url.search
}
const start = (to = `${DOCS}/tickets?x=1`, more: Record<string, string> = {}) =>
  `/login/handoff/start?${new URLSearchParams({ to, ...more }).toString()}`
/** The address that takes the code, as the primary host answers. */
async function codeFor(browser: Browser, to?: string, more?: Record<string, string>): Promise<string> {
  const { statusCode, headers } = await browser.get(start(to, more))
  assert.equal(statusCode, 303)
  return here(headers.location, new URL(to ?? DOCS).origin)
}
const whoIs = async (browser: Browser) => {
  const page = await browser.get('/tickets')
  return page.statusCode === 200 ? (/class="person-name"><bdi>([^<]*)/.exec(page.body)?.[1] ?? 'somebody') : null
}
/** From a protected page of the other host to wherever the browser ends. */
async function visitDocs(path: string): Promise<{ status: number; at: string; hops: string[] }> {
  const hops: string[] = []
  let url = new URL(path, DOCS)
  for (let hop = 0; hop < 10; hop += 1) {
    const browser = url.origin === DOCS ? atDocs : url.origin === house.tenants.acme.help ? atHelp : undefined
    if (!browser) return { status: 0, at: url.href, hops }
    const { statusCode, headers } = await browser.get(url.pathname + url.search)
    if (headers.location === undefined) return { status: statusCode, at: url.href, hops }
    url = new URL(String(headers.location), url)
    hops.push(url.origin + url.pathname)
  }
  throw new Error('This never ends.')
}

test('the reader of a protected page on another host comes back signed in, deep link kept, without a click', async () => {
  const { status, at, hops } = await visitDocs('/tickets?view=company')
  assert.deepEqual([status, at], [200, `${DOCS}/tickets?view=company`])
  assert.deepEqual(hops, [`${DOCS}/login`, 'https://help.acme.test/login/handoff/start', `${DOCS}/login/handoff`, `${DOCS}/tickets`])
  assert.equal(await whoIs(atDocs), 'Ada Lovelace')
  assert.deepEqual([...atDocs.cookies.keys()], ['__Host-latchkey'])
})

test('no session at the primary host either: on to the Login URL, which comes back through the primary host', async () => {
  atHelp = house.browser()
  const { at } = await visitDocs('/tickets')
  const login = new URL(at)
  assert.equal(login.origin + login.pathname, 'https://app.acme.test/login')
  const [return_to, state] = [login.searchParams.get('return_to') ?? '', login.searchParams.get('state') ?? '']
  const jwt = house.jwt({ ...ada, jti: crypto.randomUUID() })
  const back = await atHelp.get(`/login/jwt?${new URLSearchParams({ jwt, return_to, state }).toString()}`)
  const code = await atHelp.get(here(back.headers.location, 'https://help.acme.test'))
  const end = await atDocs.get(here(code.headers.location, DOCS))
  assert.deepEqual([end.statusCode, end.headers.location], [303, '/tickets'])
  assert.equal(await whoIs(atDocs), 'Ada Lovelace')
})

test('a Login URL that comes back unsigned ends in a page that says so, not in a loop', async () => {
  atHelp = house.browser()
  const { at } = await visitDocs('/tickets')
  const back = new URL(at).searchParams.get('return_to') ?? ''
  for (const [language, title] of [
    ['en', 'You came back without being signed in'],
    ['ar', 'عدت من دون تسجيل الدخول'],
  ] as const) {
    const answer = await atHelp.get(back, { headers: { 'accept-language': language } })
    assert.equal(answer.statusCode, 401)
    assert.match(answer.body, new RegExp(`<h1>${title}</h1>[^]*<code>handoff_not_signed_in</code>`))
  }
})

test('it is tried once by itself, and not after signing out on that host', async () => {
  await atHelp.shutdown()
  await visitDocs('/tickets')
  assert.equal((await atDocs.get('/tickets')).statusCode, 401)
  await atHelp.boot(ada)
  atDocs = house.browser(docs)
  await visitDocs('/tickets')
  await atDocs.post('/login/logout', {}, { form: true, origin: DOCS, headers: { 'sec-fetch-site': 'same-origin' } })
  assert.equal((await atDocs.get('/tickets')).statusCode, 401)
})

test('after signing out at the primary host its own page asks, with the way back behind the button', async () => {
  await atHelp.post('/login/logout', {}, { form: true, origin: house.tenants.acme.help, headers: { 'sec-fetch-site': 'same-origin' } })
  const { status, at } = await visitDocs('/tickets?x=1')
  assert.deepEqual([status, new URL(at).origin], [401, house.tenants.acme.help])
  const asked = await atHelp.get(here(at, house.tenants.acme.help))
  const button = /class="button" href="([^"]+)"/.exec(asked.body)?.[1]?.replaceAll('&amp;', '&') ?? ''
  assert.match(String((await atHelp.get(button)).headers.location), /^https:\/\/app\.acme\.test\/login\?/)
  await atHelp.boot(ada)
  const back = here((await atHelp.get(button)).headers.location, house.tenants.acme.help)
  const taken = await atDocs.get(here((await atHelp.get(back)).headers.location, DOCS))
  assert.equal(taken.headers.location, '/tickets?x=1')
})

test('the way back may lead on to a listed origin', async () => {
  const first = await visitDocs('/login?return_to=https%3A%2F%2Fapp.acme.test%2Forders')
  assert.equal(first.at, 'https://app.acme.test/orders')
  assert.equal(await whoIs(atDocs), 'Ada Lovelace')
})

test('a browser without cookies is not sent around for ever', async () => {
  const forgetful = { get: (path: string) => house.browser(docs).get(path) }
  let path = '/tickets'
  for (const next of [`${DOCS}/login`, 'https://help.acme.test/login/handoff/start']) {
    const { headers } = await forgetful.get(path)
    const url = new URL(String(headers.location), DOCS)
    assert.equal(url.origin + url.pathname, next)
    path = url.pathname + url.search
  }
  const taken = await forgetful.get(here((await atHelp.get(path)).headers.location, DOCS))
  assert.equal(pathLedTo(taken), '/login/continue')
  const told = await forgetful.get(String(taken.headers.location))
  assert.equal(told.statusCode, 409)
  assert.match(told.body, /keeps no cookies/)
})

test('a code of somebody else’s session asks first: it does not match this browser’s state', async () => {
  const mallory = house.browser()
  await mallory.boot(ben)
  await atDocs.get('/login')
  for (const state of [undefined, 'of another browser']) {
    const taken = await atDocs.get(await codeFor(mallory, `${DOCS}/tickets`, state === undefined ? {} : { state }), {
      headers: { 'sec-fetch-site': 'same-origin' },
    })
    assert.deepEqual([taken.statusCode, pathLedTo(taken)], [303, '/login/continue'])
    assert.match((await atDocs.get('/login/continue')).body, /Continue as Ben Babbage/)
    assert.equal(await whoIs(atDocs), null)
  }
})

test('never silently over somebody else’s session', async () => {
  await atDocs.post('/messenger/boot', { app_id: 'acme', intercom_user_jwt: house.jwt(ben) }, { origin: null })
  const state = 'a'.repeat(43)
  atDocs.cookies.set('__Host-latchkey-state', state)
  const taken = await atDocs.get(await codeFor(atHelp, `${DOCS}/`, { state }))
  assert.equal(pathLedTo(taken), '/login/continue')
  assert.equal(await whoIs(atDocs), 'Ben Babbage')
})

async function nothingLeftBehind(browser: Browser) {
  assert.deepEqual([...browser.cookies.keys()], [])
  assert.equal(await whoIs(browser), null)
  const { count } = await house.db
    .selectFrom('pending_logins')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  assert.equal(Number(count), 0)
}

for (const [flaw, spoil] of [
  ['taken before', async (path) => void (await house.browser(docs).get(path))],
  ['61 seconds old', async () => house.pass(61_000)],
  ['whose session was signed out', async () => void (await atHelp.shutdown())],
  [
    'whose session has run out',
    async () => {
      await house.db.updateTable('sessions').set({ expires_at: house.now() }).execute()
    },
  ],
  [
    'whose person was blocked',
    async () => {
      await house.db.updateTable('contacts').set({ blocked_at: house.now() }).where('external_id', '=', 'ada').execute()
    },
  ],
  ['that nobody made', async () => 'x'],
] as [string, (path: string) => Promise<string | void>][])
  test(`a code ${flaw} signs nobody in and leaves nothing behind`, async () => {
    const path = await codeFor(atHelp)
    const instead = await spoil(path)
    await house.db.deleteFrom('pending_logins').execute()
    const browser = house.browser(docs)
    const answer = await browser.get(instead === undefined ? path : `/login/handoff?code=${instead}`, {
      headers: { accept: 'application/json' },
    })
    assert.deepEqual([answer.statusCode, answer.json().errors[0].code], [410, 'handoff_expired'])
    assert.doesNotMatch(answer.body, /Ada/)
    await nothingLeftBehind(browser)
    await house.db.updateTable('contacts').set({ blocked_at: null }).execute()
  })

for (const [where, help] of [
  ['another host of the workspace', THIRD],
  ['a host of another workspace', 'https://help.globex.test'],
] as const)
  test(`a code taken on ${where} signs nobody in there, and still works where it was meant to`, async () => {
    const path = await codeFor(atHelp)
    const tenant = help === THIRD ? { ...docs, help } : house.tenants.globex
    const browser = house.browser(tenant)
    assert.equal((await browser.get(path)).statusCode, 410)
    await nothingLeftBehind(browser)
    assert.equal((await atDocs.get(path)).statusCode, 303)
  })

for (const to of [
  'https://help.globex.test/',
  'https://evil.test/',
  'https://app.acme.test/',
  'https://help.acme.test/',
  'https://docs.vendor.test.evil.test/',
  'https://docs.vendor.test@evil.test/',
  'https://user:pw@docs.vendor.test/',
  'http://docs.vendor.test/',
  'https://docs.vendor.test:444/',
  '//docs.vendor.test/',
  '/tickets',
  'javascript:alert(1)',
  '',
])
  test(`no session goes to ${JSON.stringify(to)}`, async () => {
    await house.db.deleteFrom('handoffs').execute()
    const answer = await atHelp.get(start(to))
    assert.deepEqual([answer.statusCode, answer.headers.location], [404, undefined])
    assert.deepEqual(await house.db.selectFrom('handoffs').selectAll().execute(), [])
  })

test('the way back stays on the other host', async () => {
  for (const [path, expected] of [
    ['/.//evil.test', '/'],
    ['/a/..//evil.test', '/'],
    ['/a/../tickets?b=c', '/tickets?b=c'],
  ] as const) {
    const state = 'a'.repeat(43)
    const browser = house.browser(docs)
    browser.cookies.set('__Host-latchkey-state', state)
    assert.equal((await browser.get(await codeFor(atHelp, DOCS + path, { state }))).headers.location, expected)
  }
})

test('a visitor, and somebody who only claims a name, have nothing to hand over', async () => {
  const visitor = house.browser()
  await visitor.boot()
  assert.match(String((await visitor.get(start())).headers.location), /^\/login\?/)
})

test('every answer on the way is stored nowhere and says nothing of where it comes from', async () => {
  for (const [browser, path] of [
    [atHelp, start()],
    [atDocs, await codeFor(atHelp)],
    [atDocs, '/login/handoff?code=x'],
  ] as const) {
    const { headers } = await browser.get(path)
    assert.match(String(headers['cache-control']), /no-store/)
    assert.equal(headers['referrer-policy'], 'no-referrer')
  }
})

async function signedInAtDocs(): Promise<void> {
  const state = 'a'.repeat(43)
  atDocs.cookies.set('__Host-latchkey-state', state)
  await atDocs.get(await codeFor(atHelp, `${DOCS}/`, { state }))
  assert.equal(await whoIs(atDocs), 'Ada Lovelace')
}

for (const [how, end] of [
  ['a shutdown in the app', () => atHelp.shutdown()],
  [
    'signing out on the primary host',
    () => atHelp.post('/login/logout', {}, { form: true, origin: 'https://help.acme.test', headers: { 'sec-fetch-site': 'same-origin' } }),
  ],
  ['somebody else booting at the primary host', () => atHelp.boot(ben)],
  [
    'its key being retired with its sessions',
    async () => {
      const { row, secret } = await createSecret(house.db, house.encryption, house.acme, { name: 'second', now: house.now() })
      house.pass(1001)
      await atHelp.boot(signJwt(ada, secret))
      await retireSigningKey(house.db, house.acme, row.kid, { now: house.now(), endSessions: true })
    },
  ],
] as const)
  test(`${how} ends the sessions that were handed over`, async () => {
    await signedInAtDocs()
    await end()
    assert.equal((await atDocs.get('/tickets', { headers: { 'sec-fetch-dest': 'document' } })).statusCode === 200, false)
    assert.equal(await whoIs(atDocs), null)
  })

test('signing out on the other host signs out at the primary one too', async () => {
  await signedInAtDocs()
  await atDocs.post('/login/logout', {}, { form: true, origin: DOCS, headers: { 'sec-fetch-site': 'same-origin' } })
  assert.equal(await whoIs(atHelp), null)
})

test('a session that was handed over lives no longer than the one it came from; using it keeps both alive', async () => {
  await atHelp.shutdown()
  await atHelp.boot(ada, { session_duration: 600_000 })
  await signedInAtDocs()
  house.pass(500_000)
  assert.equal(await whoIs(atDocs), 'Ada Lovelace')
  await house.app.touches.flush()
  house.pass(500_000)
  assert.equal(await whoIs(atHelp), 'Ada Lovelace')
  await house.app.touches.flush()
  house.pass(601_000)
  assert.equal(await whoIs(atDocs), null)
  await prune(house.db, house.now())
})

test('however often it is used, it ends with the whole life of the first', async () => {
  house.pass(IDLE_LIFE - 1000)
  await atHelp.get('/tickets')
  await house.app.touches.flush()
  await signedInAtDocs()
  const contact = await house.db.selectFrom('contacts').selectAll().where('external_id', '=', 'ada').executeTakeFirstOrThrow()
  const sessions = await listSessions(house.db, house.acme, { contact_id: contact.id, now: house.now() })
  const child = sessions.find(({ parent_session_id }) => parent_session_id !== null)
  const parent = sessions.find(({ id }) => id === child?.parent_session_id)
  assert.ok(child && parent)
  assert.equal(child.ends_at, parent.ends_at)
})

test('a third host hands on the first session, not the second', async () => {
  await signedInAtDocs()
  const third = house.browser({ ...docs, help: THIRD })
  const state = 'b'.repeat(43)
  third.cookies.set('__Host-latchkey-state', state)
  await third.get(await codeFor(atDocs, `${THIRD}/`, { state }))
  assert.equal(await whoIs(third), 'Ada Lovelace')
  await atHelp.shutdown()
  assert.equal(await whoIs(third), null)
})

test('the first host is the primary one until another is made it; without it the oldest is', async () => {
  const primary = async () =>
    (await listHosts(house.db, house.acme)).filter(({ is_primary }) => is_primary === 1).map(({ origin }) => origin)
  assert.deepEqual(await primary(), ['https://help.acme.test'])
  await makeHostPrimary(house.db, house.acme, THIRD)
  assert.deepEqual(await primary(), [THIRD])
  await removeHost(house.db, house.acme, THIRD)
  assert.deepEqual(await primary(), ['https://help.acme.test'])
  await assert.rejects(makeHostPrimary(house.db, house.acme, 'https://help.globex.test'), { code: 'not_found' })
})
