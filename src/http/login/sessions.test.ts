import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { ada, ben } from '#test/cast.ts'
import { ask } from '#test/desk.ts'
import { openHouse, type Browser, type House } from '#test/house.ts'
import { createApiToken } from '#domain/teammates/api-tokens.ts'
import { addTeammate } from '#domain/teammates/teammates.ts'

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36'
const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0'
const own = { origin: 'https://help.acme.test', headers: { 'sec-fetch-site': 'same-origin' }, form: true }

let house: House
before(async () => {
  house = await openHouse()
  await house.app.listen({ port: 0, host: '127.0.0.1' })
})
after(() => house.close())

let count = 0
async function signedIn(person: object, agent = CHROME): Promise<Browser> {
  const browser = house.browser()
  const jwt = house.jwt({ ...person, jti: `s-${(count += 1)}` })
  const answer = await browser.post('/login/jwt', { jwt }, { form: true, headers: { 'user-agent': agent } })
  assert.equal(answer.statusCode, 303)
  return browser
}
const listOf = async (browser: Browser) => (await browser.get('/login/sessions')).body
const endings = (page: string) => Array.from(page.matchAll(/action="(\/login\/sessions\/\d+\/end)"/g), ([, action = '']) => action)
const isSignedIn = async (browser: Browser) => (await browser.get('/login/sessions')).statusCode === 200

test('a person sees their devices, how they came in, and which is this one', async () => {
  const here = await signedIn(ada)
  house.pass(2 * 3_600_000)
  await signedIn(ada, FIREFOX)
  await signedIn(ben)
  const page = await listOf(here)
  assert.match(page, /Signed in as <strong><bdi>Ada Lovelace/)
  assert.match(page, /Chrome on Linux<\/bdi> <span[^>]*>This device/)
  assert.match(page, /Firefox on Windows<\/bdi><\/p>/)
  assert.match(page, /Through the app/)
  assert.match(page, /just now/)
  assert.ok(!page.includes('Ben'))
  assert.equal(endings(page).length, 1)
  assert.match(String((await here.get('/login/sessions')).headers['cache-control']), /no-store/)
})

test('ends one of them, and its open stream closes', async () => {
  const grace = { user_id: 'grace' }
  const here = await signedIn(grace)
  const there = await signedIn(grace, FIREFOX)
  const stream = await listen(there)
  const [end = ''] = endings(await listOf(here))
  const answer = await here.post(end, {}, own)
  assert.deepEqual([answer.statusCode, answer.headers.location], [303, '/login/sessions'])
  for (let waited = 0; !stream.complete && waited < 5000; waited += 20) await sleep(20)
  assert.ok(stream.complete, 'the stream is over')
  assert.ok(!(await isSignedIn(there)))
  assert.ok(await isSignedIn(here))
  assert.match(await listOf(here), /on this device only/)
})

test('ends all the others', async () => {
  const alan = { user_id: 'alan' }
  const here = await signedIn(alan)
  const others = [await signedIn(alan), await signedIn(alan, FIREFOX)]
  const stranger = await signedIn(ben)
  assert.equal((await here.post('/login/sessions/end-others', {}, own)).statusCode, 303)
  for (const other of others) assert.ok(!(await isSignedIn(other)))
  assert.ok(await isSignedIn(here))
  assert.ok(await isSignedIn(stranger))
})

test('somebody else’s session is not there, nor is a mistyped one', async () => {
  const stranger = await signedIn(ben)
  const page = await listOf(await signedIn(ben))
  const [theirs = ''] = endings(page)
  const here = await signedIn({ user_id: 'mallory' })
  for (const path of [theirs, '/login/sessions/0/end', '/login/sessions/x/end', `/login/sessions/${'9'.repeat(30)}/end`])
    assert.equal((await here.post(path, {}, own)).statusCode, 404, path)
  assert.ok(await isSignedIn(stranger))
})

test('a form of another site, or without its token, ends nothing', async () => {
  const here = await signedIn({ user_id: 'kurt' })
  const there = await signedIn({ user_id: 'kurt' })
  for (const options of [
    { form: true, headers: { 'sec-fetch-site': 'cross-site' } },
    { form: true, headers: { 'sec-fetch-site': 'same-site' } },
  ])
    assert.equal((await here.post('/login/sessions/end-others', {}, options)).statusCode, 403)
  assert.equal((await here.post('/login/sessions/end-others', { form_token: 'x' }, own)).statusCode, 403)
  assert.ok(await isSignedIn(there))
})

test('who is not signed in is told to sign in, and sees nothing', async () => {
  const visitor = house.browser()
  await visitor.boot()
  for (const browser of [house.browser(), visitor]) {
    const answer = await browser.get('/login/sessions')
    assert.equal(answer.statusCode, 401)
    assert.ok(!answer.body.includes('/end'))
  }
  assert.equal((await house.browser().post('/login/sessions/end-others', {}, own)).statusCode, 401)
})

test('the header leads there', async () => {
  assert.match(await listOf(await signedIn(ada)), /<a href="\/login\/sessions">Your devices<\/a>/)
})

test('teammates see the same by the API', async () => {
  await signedIn({ user_id: 'emmy' }, FIREFOX)
  const { id } = await house.db.selectFrom('contacts').select('id').where('external_id', '=', 'emmy').executeTakeFirstOrThrow()
  const teammate = await addTeammate(house.db, house.acme, { name: 'Tess', email: 'tess@acme.test' }, house.now())
  const { token } = await createApiToken(house.db, teammate, { name: 't', now: house.now() })
  const answer = await ask(house, { token }, { method: 'GET', path: `/api/contacts/${id}/sessions` })
  const { total_count, data } = answer.json<{ total_count: number; data: { device: string; door: string }[] }>()
  assert.deepEqual([total_count, data[0]?.device, data[0]?.door], [1, 'Firefox on Windows', 'login_jwt'])
})

async function listen(browser: Browser): Promise<IncomingMessage> {
  const { port } = house.app.server.address() as AddressInfo
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const headers = { host: 'help.acme.test', origin: house.tenants.acme.app, cookie }
  const [response] = (await once(request({ port, host: '127.0.0.1', path: '/messenger/stream', headers }).end(), 'response')) as [
    IncomingMessage,
  ]
  assert.equal(response.statusCode, 200)
  return response.resume()
}
