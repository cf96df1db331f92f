import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { logDecisions } from '#domain/identity/login-log.ts'
import { ada, ben } from '#test/cast.ts'
import { openHouse, type Browser, type House } from '#test/house.ts'

let house: House
before(async () => void (house = await openHouse()))
after(() => house.close())

const say = (browser: Browser, body: string) => browser.post('/messenger/conversations', { client_id: crypto.randomUUID(), body })
const talk = async (browser: Browser) => ((await browser.get('/messenger/conversations')).json().conversations ?? []).length
const own = { origin: 'https://help.acme.test', headers: { 'sec-fetch-site': 'same-origin' }, form: true }

test('a visitor has no contact row before the first message', async () => {
  const browser = house.browser()
  const { visitor_id } = (await browser.boot()).json()
  const rows = async () => (await house.db.selectFrom('contacts').select('id').where('id', '=', visitor_id).execute()).length
  assert.equal(await rows(), 0)
  assert.equal((await say(browser, 'Hello?')).statusCode, 200)
  assert.equal(await rows(), 1)
})

test('a visitor keeps their conversation when they sign in', async () => {
  const browser = house.browser()
  await browser.boot()
  await say(browser, 'Before')
  await browser.boot({ ...ada, user_id: 'keeper' })
  assert.equal(await talk(browser), 1)
  const { conversations } = (await browser.get('/messenger/conversations')).json()
  const thread = (await browser.get(`/messenger/conversations/${conversations[0].id}`)).json()
  assert.deepEqual([thread.parts[0].author.type, thread.parts[0].author.is_me], ['user', true])
})

test('after a sign-out, what the last person wrote never follows to the next', async () => {
  const browser = house.browser()
  await browser.boot({ ...ben, user_id: 'first' })
  await say(browser, 'Private')
  await browser.shutdown()
  await browser.boot({ ...ben, user_id: 'second' })
  assert.equal(await talk(browser), 0)
})

test('a visitor who was silent for a day does not follow', async () => {
  const browser = house.browser()
  await browser.boot()
  await say(browser, 'Old')
  house.pass(86_400_001)
  await browser.boot({ ...ada, user_id: 'late' })
  assert.equal(await talk(browser), 0)
})

test('through a redirect the conversations follow only when our state came back or Continue was pressed', async () => {
  for (const [pressed, expected] of [
    [false, 0],
    [true, 1],
  ] as const) {
    const browser = house.browser()
    await browser.boot()
    await say(browser, 'Before')
    const jwt = house.jwt({ ...ada, user_id: `door-${expected}`, jti: crypto.randomUUID() })
    if (pressed) {
      await browser.get(`/login/jwt?jwt=${jwt}`)
      assert.match((await browser.get('/login/continue')).body, /will be added to this account/)
      await browser.post('/login/continue', {}, own)
    } else {
      await browser.post('/login/jwt', { jwt }, { form: true })
    }
    assert.equal(await talk(browser), expected)
  }
})

test('a claimed session keeps its own thread only, and it does not follow to the user it claimed to be', async () => {
  await house.change({ enforcement_web: 'report' })
  const browser = house.browser()
  await browser.boot(undefined, { user_id: 'mallory-target' })
  await say(browser, 'I am the target')
  await browser.boot({ ...ada, user_id: 'mallory-target' })
  assert.equal(await talk(browser), 0)
  await house.change({ enforcement_web: 'enforce' })
})

test('anonymous and claimed sessions from one network are limited, users who prove themselves are not', async () => {
  await house.change({ enforcement_web: 'report' })
  // Whoever has one IPv6 address has 2^64 of them.
  const boot = (count: number, body: object) =>
    house.app.inject({
      ...{ method: 'POST', url: '/messenger/boot', remoteAddress: `2001:db8:1:2::${count.toString(16)}` },
      headers: { host: 'help.acme.test', origin: 'https://app.acme.test' },
      payload: { app_id: 'acme', ...body },
    })
  const claim = (count: number) => boot(count, { user_id: `claimed-${count}` })
  const rows = async () => (await house.db.selectFrom('sessions').select('id').execute()).length
  let count = 0
  while ((await claim(count)).statusCode === 200) assert.ok((count += 1) < 1000, 'there is a limit')
  const before = await rows()
  for (const flood of [await claim(count), await boot(0xfffe, {}), await boot(0xffff, { intercom_user_jwt: 'not-a-token' })]) {
    assert.equal(flood.statusCode, 429)
    assert.ok(Number(flood.headers['retry-after']) > 0)
    assert.equal(flood.headers['set-cookie'], undefined)
  }
  assert.equal(await rows(), before, 'nothing was left behind')
  assert.equal((await boot(1, { intercom_user_jwt: house.jwt({ ...ada, user_id: 'proved' }) })).statusCode, 200)
  await house.change({ enforcement_web: 'enforce' })
})

test('one browser’s repeat boots do not push everybody else’s lines out of the login log', async () => {
  const browser = house.browser()
  await browser.boot()
  const lines = async () => {
    await house.app.decisions.flush()
    return (await house.db.selectFrom('login_log').select('id').where('outcome', '=', 'resumed').execute()).length
  }
  const before = await lines()
  for (let count = 0; count < 100; count += 1) assert.equal((await browser.boot()).statusCode, 200)
  assert.equal((await lines()) - before, 60)
  house.pass(60_000)
  await browser.boot()
  assert.equal((await lines()) - before, 61)
})

test('a crowd in one moment is logged line by line', async () => {
  const line = { workspace_id: house.acme.id, at: house.now(), door: 'boot', origin: null, platform: 'web', outcome: 'visitor' as const }
  const rest = { kid: null, user_id: null, code: null, hint: null, request_id: null, token_age_ms: null }
  const crowd = Array.from({ length: 5000 }, () => ({ ...line, ...rest }))
  const lines = async () => (await house.db.selectFrom('login_log').select('id').execute()).length
  const before = await lines()
  await logDecisions(house.db, crowd)
  assert.equal((await lines()) - before, 5000)
})
