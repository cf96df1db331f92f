import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import { createLoginLink } from '#domain/identity/login-links.ts'
import { createApiToken, type Scope } from '#domain/teammates/api-tokens.ts'
import { addTeammate } from '#domain/teammates/teammates.ts'
import { addHost } from '#domain/workspaces/workspaces.ts'
import { ada, ben } from '#test/cast.ts'
import { ask } from '#test/desk.ts'
import { openHouse, type Browser, type House } from '#test/house.ts'
import { prune } from '#jobs/prune.ts'

let house: House
let token: string
let lesser: string
before(async () => {
  house = await openHouse({ LATCHKEY_REFUSED_BOOTS_PER_MINUTE: '100000' })
  const teammate = await addTeammate(house.db, house.acme, { name: 'Tess', email: 'tess@acme.test' }, house.now())
  const scoped = async (scopes: readonly Scope[]) =>
    (await createApiToken(house.db, teammate, { name: 't', scopes, now: house.now() })).token
  token = await scoped(['login_links:write'])
  lesser = await scoped(['contacts:read', 'sessions:write'])
  for (const person of [ada, ben]) await house.browser().boot(person)
})
after(() => house.close())

const order = (body: object, as = token) => ask(house, { token: as }, { method: 'POST', path: '/api/login_links', json: body })
const own = { origin: 'https://help.acme.test', headers: { 'sec-fetch-site': 'same-origin' }, form: true }
const whoIs = async (browser: Browser) => (await browser.boot()).json().contact.user_id
const codeOf = (answer: LightMyRequestResponse) => answer.json<{ errors: { code: string }[] }>().errors[0]?.code
const links = async () => (await house.db.selectFrom('login_links').selectAll().execute()).length

async function link(body: object = {}): Promise<string> {
  const answer = await order({ user_id: 'ada', ...body })
  assert.equal(answer.statusCode, 200, answer.body)
  return new URL(answer.json<{ url: string }>().url).pathname
}

test('an app orders a link, and its user presses one button', async () => {
  const answer = await order({ user_id: 'ada', return_to: '/tickets?view=company', expires_in: 60 })
  const { type, url, expires_at } = answer.json<{ type: string; url: string; expires_at: number }>()
  assert.deepEqual([type, expires_at], ['login_link', house.now() / 1000 + 60])
  assert.match(url, /^https:\/\/help\.acme\.test\/login\/link\/[\w-]{43}$/)
  const browser = house.browser()
  const page = await browser.get(new URL(url).pathname)
  assert.match(page.body, /Continue as Ada Lovelace \(a…@engines\.test\)\?/)
  assert.ok(!page.body.includes(ada.email) && !page.body.includes(url.slice(-43)))
  assert.equal(page.headers['referrer-policy'], 'no-referrer')
  assert.equal(page.headers['cache-control'], 'private, no-store')
  const pressed = await browser.post(new URL(url).pathname, {}, own)
  assert.deepEqual([pressed.statusCode, pressed.headers.location], [303, '/tickets?view=company'])
  assert.equal(await whoIs(browser), 'ada')
})

test('scanners and previews may open it as often as they like', async () => {
  const path = await link()
  const before = await links()
  for (const method of ['GET', 'HEAD', 'GET'] as const) {
    const answer = await house.app.inject({ method, url: path, headers: { host: 'help.acme.test' } })
    assert.deepEqual([answer.statusCode, answer.headers['set-cookie']], [200, undefined])
  }
  assert.equal(await links(), before)
  assert.equal((await house.browser().post(path, {}, own)).statusCode, 303)
})

test('it works once, also for two at once, and says that it was used', async () => {
  const path = await link()
  const race = await Promise.all([1, 2, 3].map(() => house.browser().post(path, {}, own)))
  assert.deepEqual(
    race.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b),
    [303, 410, 410],
  )
  for (const answer of [
    await house.get(path, { headers: { accept: 'application/json' } }),
    await house.browser().post(path, {}, { ...own, headers: { ...own.headers, accept: 'application/json' } }),
  ])
    assert.deepEqual([answer.statusCode, codeOf(answer)], [410, 'login_link_used'])
})

test('it is stored hashed, and what ran out says so until it is forgotten', async () => {
  const path = await link({ expires_in: 10 })
  const rows = JSON.stringify(await house.db.selectFrom('login_links').selectAll().execute())
  assert.ok(!rows.includes(path.split('/').at(-1) ?? ''))
  house.pass(10_000)
  const json = { headers: { accept: 'application/json' } }
  assert.equal(codeOf(await house.get(path, json)), 'login_expired')
  assert.equal((await house.browser().post(path, {}, own)).statusCode, 410)
  const other = await link({ expires_in: 10 })
  house.pass(86_400_000 + 10_000)
  await prune(house.db, house.now())
  assert.equal(codeOf(await house.get(other, json)), 'login_link_unknown')
  assert.match((await house.get(other)).body, /<h1>You could not be signed in<\/h1>/)
})

test('a form of another site cannot press the button', async () => {
  const path = await link()
  for (const site of ['cross-site', 'same-site', 'none']) {
    const answer = await house.browser().post(path, {}, { form: true, headers: { 'sec-fetch-site': site } })
    assert.equal(answer.statusCode, 403)
  }
  assert.equal((await house.browser().post(path, {}, own)).statusCode, 303)
})

test('it names whom it would sign out, and signs nobody out unasked', async () => {
  const browser = house.browser()
  await browser.boot(ben)
  const path = await link()
  assert.match((await browser.get(path)).body, /You are signed in as Ben Babbage now/)
  assert.equal(await whoIs(browser), 'ben')
})

suite('with our own state', () => {
  before(() => house.change({ login_url: 'https://app.acme.test/login' }))

  const stateOf = async (browser: Browser) =>
    new URL(String((await browser.get('/login')).headers.location)).searchParams.get('state') ?? ''

  test('the way back from the Login URL is silent, and uses the link up', async () => {
    const browser = house.browser()
    const state = await stateOf(browser)
    const path = await link({ return_to: '/tickets' })
    const answer = await browser.get(`${path}?state=${state}`)
    assert.deepEqual([answer.statusCode, answer.headers.location], [303, '/tickets'])
    assert.equal(await whoIs(browser), 'ada')
    assert.equal((await house.get(path)).statusCode, 410)
  })

  test('of another browser, or over somebody else’s session, it asks', async () => {
    const state = await stateOf(house.browser())
    const path = await link()
    const victim = house.browser()
    await victim.get('/login')
    assert.equal((await victim.get(`${path}?state=${state}`)).statusCode, 200)
    const taken = house.browser()
    const own = await stateOf(taken)
    await taken.boot(ben)
    assert.equal((await taken.get(`${path}?state=${own}`)).statusCode, 200)
    assert.equal(await whoIs(taken), 'ben')
  })
})

for (const [flaw, body, status, code] of [
  ['for nobody we know', { user_id: 'nobody' }, 404, 'contact_not_found'],
  ['that lives eleven minutes', { user_id: 'ada', expires_in: 660 }, 400, 'parameter_invalid'],
  ['that lives for no time', { user_id: 'ada', expires_in: 0 }, 400, 'parameter_invalid'],
  ['that leads to another site', { user_id: 'ada', return_to: 'https://evil.test/' }, 400, 'return_to_not_allowed'],
  ['that leads to another site by a trick', { user_id: 'ada', return_to: '/\\evil.test' }, 400, 'return_to_not_allowed'],
  ['of a host that is not the workspace’s', { user_id: 'ada', host: 'https://help.globex.test' }, 400, 'parameter_invalid'],
  ['without a user_id', {}, 400, 'parameter_invalid'],
] as const)
  test(`a link ${flaw} is not made`, async () => {
    const before = await links()
    const answer = await order(body)
    assert.deepEqual([answer.statusCode, codeOf(answer)], [status, code])
    assert.equal(await links(), before)
  })

test('a token without the scope makes none', async () => {
  assert.equal((await order({ user_id: 'ada' }, lesser)).statusCode, 403)
})

test('a link of another workspace is unknown here', async () => {
  await house.browser(house.tenants.globex).boot({ user_id: 'ada' })
  const { url } = await createLoginLink(house.db, house.globex, { user_id: 'ada' }, house.now())
  for (const answer of [await house.get(new URL(url).pathname), await house.browser().post(new URL(url).pathname, {}, own)])
    assert.equal(answer.statusCode, 404)
})

test('who was blocked since is not let in', async () => {
  const path = await link({ user_id: 'ben' })
  const blocked = (blocked_at: number | null) =>
    house.db.updateTable('contacts').set({ blocked_at }).where('external_id', '=', 'ben').execute()
  await blocked(house.now())
  const browser = house.browser()
  assert.equal((await browser.post(path, {}, own)).statusCode, 403)
  assert.ok(!browser.cookies.has('__Host-latchkey'))
  assert.equal(codeOf(await order({ user_id: 'ben' })), 'contact_blocked')
  await blocked(null)
})

test('a link may be of any host of the workspace', async () => {
  await addHost(house.db, house.acme, 'https://hilfe.acme.test', house.now())
  const { url } = (await order({ user_id: 'ada', host: 'https://hilfe.acme.test', return_to: 'https://hilfe.acme.test/de' })).json<{
    url: string
  }>()
  assert.equal(new URL(url).origin, 'https://hilfe.acme.test')
})
