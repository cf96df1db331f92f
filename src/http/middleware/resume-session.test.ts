import assert from 'node:assert/strict'
import { after, before, beforeEach, suite, test } from 'node:test'
import { addHost, removeHost } from '#domain/workspaces/workspaces.ts'
import { ada } from '#test/cast.ts'
import { openHouse, type Browser, type House } from '#test/house.ts'

const HELP = 'https://help.acme.test'
const DOCS = 'https://docs.acme.test'
const THIRD = 'https://status.acme.test'
const VENDOR = 'https://help.vendor.test'

let house: House
before(async () => {
  house = await openHouse()
  for (const address of [DOCS, THIRD, VENDOR]) await addHost(house.db, house.acme, address, house.now())
  house.pass(1001)
})
after(() => house.close())
beforeEach(() => house.db.deleteFrom('handoffs').execute())

const browserAt = (help: string) => house.browser({ ...house.tenants.acme, help })
const secretOf = ({ cookies }: Browser) => cookies.get('__Host-latchkey') ?? ''
const statusOf = async (browser: Browser) =>
  (await browser.get('/login/status', { headers: { accept: 'application/json' } })).json<{ signed_in: boolean }>()

/** At the primary host, and from there by a code at the other one. */
async function handOver(): Promise<Browser> {
  const [atHelp, atDocs] = [browserAt(HELP), browserAt(DOCS)]
  await atHelp.boot(ada)
  const setOut = new URL(String((await atDocs.get('/login?return_to=/')).headers.location))
  const code = new URL(String((await atHelp.get(setOut.pathname + setOut.search)).headers.location))
  await atDocs.get(code.pathname + code.search)
  return atDocs
}

suite('the cookie of one host, shown to another by whoever serves the first', () => {
  for (const [how, signIn, shownAt] of [
    ['handed over', handOver, HELP],
    ['handed over, and shown to a third', handOver, THIRD],
    [
      'from a boot there',
      async () => {
        const browser = browserAt(DOCS)
        await browser.boot(ada)
        return browser
      },
      HELP,
    ],
    [
      'from a token at door 2',
      async () => {
        const browser = browserAt(DOCS)
        await browser.post('/login/jwt', { jwt: house.jwt({ ...ada, jti: crypto.randomUUID() }) }, { form: true })
        await browser.post('/login/continue', {}, { form: true, origin: DOCS, headers: { 'sec-fetch-site': 'same-origin' } })
        return browser
      },
      HELP,
    ],
    [
      'of a visitor',
      async () => {
        const browser = browserAt(DOCS)
        await browser.boot()
        return browser
      },
      HELP,
    ],
  ] as const)
    test(`${how}: is nobody there, and goes on where it belongs`, async () => {
      const browser = await signIn()
      const thief = browserAt(shownAt)
      const nobody = browserAt(shownAt)
      for (const path of ['/', '/tickets', '/login/status', '/login/sessions', '/login/verify', '/messenger/conversations', '/login']) {
        thief.cookies.clear()
        nobody.cookies.clear()
        thief.cookies.set('__Host-latchkey', secretOf(browser))
        nobody.cookies.set('__Host-latchkey', 'A'.repeat(43))
        const [shown, unknown] = [await thief.get(path), await nobody.get(path)]
        assert.equal(shown.statusCode, unknown.statusCode, path)
        assert.doesNotMatch(shown.body + JSON.stringify(shown.headers), /Ada Lovelace|ada@engines|latchkey-user-id/, path)
      }
      thief.cookies.set('__Host-latchkey', secretOf(browser))
      const to = shownAt === HELP ? THIRD : HELP
      assert.doesNotMatch(String((await thief.get(`/login/handoff/start?to=${to}/`)).headers.location), /code=/)
      assert.deepEqual(await house.db.selectFrom('handoffs').selectAll().execute(), [])
      const own = { form: true, origin: shownAt, headers: { 'sec-fetch-site': 'same-origin' } }
      assert.equal((await thief.post('/login/logout', {}, own)).statusCode, 303)
      assert.equal((await browser.get('/messenger/conversations')).statusCode, 200)
    })

  test('also right after it was used where it belongs', async () => {
    const browser = await handOver()
    const thief = browserAt(HELP)
    thief.cookies.set('__Host-latchkey', secretOf(browser))
    for (let turn = 0; turn < 3; turn += 1) {
      assert.equal((await statusOf(browser)).signed_in, true)
      assert.equal((await statusOf(thief)).signed_in, false)
    }
  })
})

test('what carries the Messenger on another site is nobody at another host either', async () => {
  const browser = browserAt(VENDOR)
  const { authorization } = (await browser.boot(ada)).json().headers
  const embedded = browser.cookies.get('__Host-latchkey-embedded') ?? ''
  const ask = async (help: string, headers: Record<string, string>) => {
    const asking = browserAt(help)
    if (headers['authorization'] === undefined) asking.cookies.set('__Host-latchkey-embedded', embedded)
    return (await asking.get('/messenger/conversations', { headers })).statusCode
  }
  for (const headers of [{ authorization }, {}]) assert.deepEqual([await ask(VENDOR, headers), await ask(HELP, headers)], [200, 401])
})

test('a session from before hosts were noted counts at every host, as it did', async () => {
  const browser = await handOver()
  await house.db.updateTable('sessions').set({ hostname: null }).execute()
  for (const address of [DOCS, HELP, THIRD]) {
    const elsewhere = browserAt(address)
    elsewhere.cookies.set('__Host-latchkey', secretOf(browser))
    assert.equal((await statusOf(elsewhere)).signed_in, true, address)
  }
  assert.equal((await browserAt(DOCS).get('/login/verify')).statusCode, 401)
})

test('a host that is taken away and added again knows its readers; so does the same name at another port', async () => {
  const browser = await handOver()
  await removeHost(house.db, house.acme, DOCS)
  house.pass(1001)
  assert.equal((await browser.get('/login/status')).statusCode, 421)
  await addHost(house.db, house.acme, DOCS, house.now())
  await addHost(house.db, house.acme, `${DOCS}:8443`, house.now())
  house.pass(1001)
  assert.equal((await statusOf(browser)).signed_in, true)
  const atPort = browserAt(`${DOCS}:8443`)
  atPort.cookies.set('__Host-latchkey', secretOf(browser))
  assert.equal((await statusOf(atPort)).signed_in, true)
})

test('with the host that signed them in gone, people stay signed in where they were handed over to', async () => {
  const browser = await handOver()
  await removeHost(house.db, house.acme, HELP)
  house.pass(1001)
  assert.equal((await statusOf(browser)).signed_in, true)
  await addHost(house.db, house.acme, HELP, house.now())
})
