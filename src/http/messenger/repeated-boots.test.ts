import assert from 'node:assert/strict'
import { after, before, beforeEach, suite, test, type TestContext } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import { createSecret, retireSigningKey } from '#domain/identity/signing-keys.ts'
import { blockContact, findContactByExternalId, unblockContact, type Contact } from '#domain/contacts/contacts.ts'
import { endSessionsOfContact } from '#domain/sessions/sessions.ts'
import { addOrigin, removeOrigin } from '#domain/workspaces/workspaces.ts'
import { ada, ben } from '#test/cast.ts'
import { openHouse, type Browser, type House } from '#test/house.ts'

const MINUTE = 60_000

let house: House
let browser: Browser
let token: string
before(async () => void (house = await openHouse()))
after(() => house.close())
/** Ada has booted twice with the same words: the first signed her in, the second changed nothing. */
beforeEach(async () => {
  house.pass(1001)
  browser = house.browser()
  token = house.jwt({ ...ada, iat: Math.floor(house.now() / 1000), exp: Math.floor(house.now() / 1000) + 240 })
  await browser.boot(token)
  await browser.boot(token)
})

const again = () => browser.boot(token)
const contactOf = async (): Promise<Contact> => {
  const contact = await findContactByExternalId(house.db, house.acme, 'ada')
  assert.ok(contact)
  return contact
}

/** Every boot that is judged asks for the keys. */
async function isJudged(t: TestContext, boot: () => Promise<LightMyRequestResponse>) {
  const { mock } = t.mock.method(house.app.keyring, 'keysOf')
  const response = await boot()
  const judged = mock.callCount() > 0
  mock.restore()
  return { judged, response }
}

test('a boot that is repeated word for word gets the same answer without being judged anew', async (t) => {
  // The third sends the cookie that the second set; then nothing of it is new.
  const { response: first } = await isJudged(t, again)
  const { judged, response } = await isJudged(t, again)
  assert.equal(judged, false)
  assert.equal(response.statusCode, 200)
  assert.equal(response.body, first.body)
  const { 'latchkey-request-id': id, ...headers } = response.headers
  const { 'latchkey-request-id': firstId, ...firstHeaders } = first.headers
  assert.deepEqual(headers, { ...firstHeaders, date: headers.date })
  assert.notEqual(id, firstId)
  assert.match(String(headers['set-cookie']), /^__Host-latchkey=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure$/)
})

test('it is logged like any other, with the age that its token has by then', async () => {
  const request_ids: unknown[] = []
  for (let time = 0; time < 3; time++) {
    house.pass(900)
    request_ids.push((await again()).headers['latchkey-request-id'])
  }
  await house.app.decisions.flush()
  const lines = await house.db
    .selectFrom('login_log')
    .selectAll()
    .where('request_id', 'in', request_ids.map(String))
    .orderBy('id')
    .execute()
  assert.deepEqual(
    lines.map(({ door, outcome, user_id, origin, platform, kid }) => [door, outcome, user_id, origin, platform, kid]),
    Array.from(lines, () => ['boot', 'resumed', 'ada', house.tenants.acme.app, 'web', house.tenants.acme.kid]),
  )
  assert.deepEqual(
    lines.map(({ token_age_ms }) => Number(token_age_ms) - Number(lines[0]?.token_age_ms)),
    [0, 900, 1800],
  )
})

test('it keeps its session alive', async () => {
  const seen = async () => {
    await house.app.touches.flush()
    const { id } = await contactOf()
    const row = await house.db
      .selectFrom('sessions')
      .select('last_seen_at')
      .where('contact_id', '=', id)
      .orderBy('id', 'desc')
      .executeTakeFirst()
    return Number(row?.last_seen_at)
  }
  await again()
  const before = await seen()
  house.pass(30_000)
  await again()
  assert.equal(await seen(), before + 30_000)
})

suite('it is judged anew', () => {
  for (const [when, change] of [
    ['after a minute', async () => house.pass(MINUTE)],
    ['where it says something else', async () => void (token = house.jwt({ ...ada, plan: 'other' }))],
    ['from another page', async () => void (await addOrigin(house.db, house.acme, 'https://other.acme.test', house.now()))],
    ['after a setting changed', async () => house.change({ action_color: '#123456' })],
    [
      'after a key came',
      async () => {
        await createSecret(house.db, house.encryption, house.acme, { name: 'more', now: house.now() })
        house.pass(1001)
      },
    ],
  ] as const)
    test(when, async (t) => {
      await again()
      assert.equal((await isJudged(t, again)).judged, false)
      await change()
      const { judged, response } = await isJudged(t, again)
      assert.deepEqual([judged, response.statusCode], [true, 200])
    })

  test('with what changed: who they are, how the Messenger looks, what waits for them', async () => {
    await again()
    const { id } = await contactOf()
    await house.db
      .updateTable('contacts')
      .set({ name: 'Ada King' })
      .where('workspace_id', '=', house.acme.id)
      .where('id', '=', id)
      .execute()
    assert.equal((await again()).json().contact.name, 'Ada King')
    await house.change({ action_color: '#654321' })
    assert.equal((await again()).json().settings.action_color, '#654321')
    await browser.post('/messenger/conversations', { client_id: crypto.randomUUID(), body: 'Hello' })
    assert.equal((await again()).json().has_open_conversation, true)
  })
})

suite('it is nobody’s any more', () => {
  for (const [when, end, refusal] of [
    ['once its token was used up at another door', useUp, 'user_jwt_already_used'],
    ['where its page is not listed any more', async () => removeOrigin(house.db, house.acme, house.tenants.acme.app), 'origin_not_allowed'],
    ['where the person is blocked', async () => blockContact(house.db, house.acme, await contactOf(), house.now()), 'contact_blocked'],
  ] as const)
    test(when, async () => {
      await again()
      await end()
      const response = await again()
      await addOrigin(house.db, house.acme, house.tenants.acme.app, house.now())
      await unblockContact(house.db, house.acme, await contactOf(), house.now())
      assert.notEqual(response.statusCode, 200)
      assert.equal(response.headers['set-cookie'], undefined)
      await house.app.decisions.flush()
      const line = await house.db.selectFrom('login_log').select('code').orderBy('id', 'desc').executeTakeFirst()
      assert.equal(line?.code, refusal)
    })

  test('once its token is over, within the minute', async (t) => {
    // A minute of leeway, half of which has passed.
    token = house.jwt({ ...ada, exp: Math.floor(house.now() / 1000) - 30 })
    for (let time = 0; time < 3; time++) await again()
    house.pass(900)
    await again()
    assert.equal((await isJudged(t, again)).judged, false)
    house.pass(31_000)
    assert.equal((await again()).statusCode, 401)
  })

  test('once its key is retired', async () => {
    const { globex } = house.tenants
    const { row, secret } = await createSecret(house.db, house.encryption, house.globex, { name: 'short', now: house.now() })
    house.pass(1001)
    const short = { ...globex, kid: row.kid, secret }
    const atGlobex = house.browser(short)
    const words = house.jwt(ben, short)
    for (let time = 0; time < 3; time++) assert.equal((await atGlobex.boot(words)).statusCode, 200)
    await retireSigningKey(house.db, house.globex, row.kid, { now: house.now(), endSessions: false })
    house.pass(1001)
    assert.equal((await atGlobex.boot(words)).statusCode, 401)
  })

  for (const [how, end] of [
    ['was ended by a logout', async () => void (await browser.post('/login/logout', {}, { form: true, origin: house.tenants.acme.help }))],
    ['was revoked', async () => endSessionsOfContact(house.db, house.acme, (await contactOf()).id)],
  ] as const)
    test(`once its session ${how}: the same words start another one`, async () => {
      await again()
      const cookie = browser.cookies.get('__Host-latchkey') ?? ''
      await end()
      browser.cookies.set('__Host-latchkey', cookie)
      assert.equal((await again()).statusCode, 200)
      assert.notEqual(browser.cookies.get('__Host-latchkey'), cookie)
    })
})

test('another browser with the same words is not answered like this one', async (t) => {
  await again()
  const { judged, response } = await isJudged(t, () => house.browser().boot(token))
  assert.equal(judged, true)
  assert.notEqual(String(response.headers['set-cookie']), String((await again()).headers['set-cookie']))
})

/** At door 2, by a form that a listed origin posts. */
async function useUp() {
  const other = house.browser()
  const response = await other.post('/login/jwt', { jwt: token }, { form: true, headers: { 'sec-fetch-site': 'same-site' } })
  assert.equal(response.statusCode, 303)
}
