import assert from 'node:assert/strict'
import { after, before, beforeEach, suite, test } from 'node:test'
import { createSecret, retireSigningKey } from '#domain/identity/signing-keys.ts'
import { endSessionsOfContact, IDLE_LIFE, WHOLE_LIFE } from '#domain/sessions/sessions.ts'
import { addHost } from '#domain/workspaces/workspaces.ts'
import { prune } from '#jobs/prune.ts'
import { ada, signJwt } from '#test/cast.ts'
import { openHouse, pathLedTo, type Browser, type House } from '#test/house.ts'

const HELP = 'https://help.acme.test'
const DOCS = 'https://docs.vendor.test'
const THIRD = 'https://status.acme.test'
const LOGIN = 'https://app.acme.test/login'
const HOSTS = [HELP, DOCS, THIRD] as const
type Address = (typeof HOSTS)[number]

let house: House
/** One person's browser, as it stands on each host: signed in at the primary one and handed over to the others. */
let at: Record<Address, Browser>
before(() => openInstallation())
after(() => house.close())
beforeEach(async () => {
  for (const table of ['sessions', 'signed_out_sessions'] as const) await house.db.deleteFrom(table).execute()
  at = await signIn()
})

async function openInstallation(): Promise<void> {
  house = await openHouse()
  for (const address of [DOCS, THIRD]) await addHost(house.db, house.acme, address, house.now())
  await house.change({ login_url: LOGIN })
}

const browserAt = (help: Address) => house.browser({ ...house.tenants.acme, help })
const NAVIGATION = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }

async function signIn(person: object | string = ada): Promise<Record<Address, Browser>> {
  const browsers = { [HELP]: browserAt(HELP), [DOCS]: browserAt(DOCS), [THIRD]: browserAt(THIRD) }
  await browsers[HELP].boot(person)
  for (const host of [DOCS, THIRD] as const) assert.equal((await visit(host, '/tickets', browsers)).status, 200)
  return browsers
}

/** From a page to wherever the browser ends, through the hosts. */
async function visit(host: Address, path: string, browsers = at): Promise<{ status: number; url: URL; body: string }> {
  let url = new URL(path, host)
  for (let hop = 0; hop < 12; hop += 1) {
    const known = HOSTS.find((address) => address === url.origin)
    if (!known) return { status: 0, url, body: '' }
    const { statusCode, headers, body } = await browsers[known].get(url.pathname + url.search, { headers: NAVIGATION })
    if (headers.location === undefined) return { status: statusCode, url, body }
    url = new URL(String(headers.location), url)
  }
  throw new Error('This never ends.')
}
/** Where opening a protected page ends, some time after the last attempt. */
const ends = async (host: Address) => {
  for (const { cookies } of Object.values(at)) for (const use of ['state', 'bounces']) cookies.delete(`__Host-latchkey-${use}`)
  const { status, url } = await visit(host, '/tickets')
  return status === 0 ? url.origin + url.pathname : `${status} ${url.origin}`
}
/** A browser that goes to the primary host and on to the company's login by itself. */
const GOES = LOGIN
const own = (origin: Address) => ({ form: true, origin, headers: { 'sec-fetch-site': 'same-origin' } })
const signOutAt = (host: Address) => at[host].post('/login/logout', {}, own(host))
const because = async (host: Address) => (await at[host].get('/login/status', { headers: { accept: 'application/json' } })).json().because
const idOfAda = async () =>
  (await house.db.selectFrom('contacts').select('id').where('external_id', '=', 'ada').executeTakeFirstOrThrow()).id

suite('after signing out by hand no host signs this browser in by itself', () => {
  for (const [how, signOut] of [
    ['at the primary host', () => signOutAt(HELP)],
    ['at another host', () => signOutAt(DOCS)],
    ['by a shutdown in the app', () => at[HELP].shutdown()],
    ['by a shutdown at another host', () => at[DOCS].shutdown()],
  ] as const)
    test(how, async () => {
      await signOut()
      for (const host of HOSTS) {
        assert.equal(await ends(host), `401 ${host}`, host)
        assert.equal(await because(host), 'signed_out', host)
      }
      const asked = await visit(HELP, `/login/handoff/start?to=${DOCS}/tickets`)
      assert.deepEqual([asked.status, asked.url.origin], [401, HELP])
      const proxied = await visit(THIRD, '/login/to/guide')
      assert.deepEqual([proxied.status, proxied.url.origin], [401, THIRD])
    })

  test('nor does a form that the app posts: it asks first', async () => {
    await signOutAt(DOCS)
    const jwt = house.jwt({ ...ada, jti: crypto.randomUUID() })
    const posted = await at[HELP].post('/login/jwt', { jwt }, { form: true, headers: { 'sec-fetch-site': 'same-site' } })
    assert.equal(pathLedTo(posted), '/login/continue')
  })

  test('a sign-out that comes twice, as by a logout page that calls shutdown each time, is still one', async () => {
    await signOutAt(DOCS)
    await at[HELP].shutdown()
    await at[HELP].shutdown()
    assert.equal(await ends(HELP), `401 ${HELP}`)
    await at[DOCS].get('/login?return_to=/tickets')
    assert.equal(await ends(HELP), GOES)
  })

  test('it lasts 30 days and is then forgotten', async () => {
    const other = await openHouse()
    await addHost(other.db, other.acme, DOCS, other.now())
    const browser = other.browser()
    await browser.boot(ada)
    const { 0: secret = '' } = [...browser.cookies.values()]
    await browser.shutdown()
    const paused = async () => {
      const late = other.browser()
      late.cookies.set('__Host-latchkey', secret)
      return (await late.get('/login/status', { headers: { accept: 'application/json' } })).json().because
    }
    other.pass(WHOLE_LIFE - 1)
    await prune(other.db, other.now())
    assert.equal(await paused(), 'signed_out')
    other.pass(1)
    assert.equal(await paused(), 'session_ended')
    await prune(other.db, other.now())
    assert.deepEqual(await other.db.selectFrom('signed_out_sessions').selectAll().execute(), [])
    await other.close()
  })
})

suite('the pause ends at every host', () => {
  for (const out of [HELP, DOCS] as const)
    for (const where of [HELP, DOCS, THIRD] as const)
      test(`by a click on Sign in at ${where}, signed out at ${out}: one click, not one for each host`, async () => {
        await signOutAt(out)
        const { url } = await visit(where, '/login?return_to=/tickets')
        assert.equal(url.origin + url.pathname, LOGIN)
        for (const host of HOSTS) assert.equal(await ends(host), GOES, host)
      })

  test('by a boot in the app, after which the other hosts sign in by themselves', async () => {
    await signOutAt(DOCS)
    await at[HELP].boot(ada)
    for (const host of HOSTS) assert.equal(await ends(host), `200 ${host}`, host)
    assert.deepEqual(await house.db.selectFrom('signed_out_sessions').selectAll().execute(), [])
  })

  test('and what another browser of the same person ended stays ended', async () => {
    const first = at
    await signOutAt(DOCS)
    at = await signIn()
    await signOutAt(THIRD)
    await visit(HELP, '/login?return_to=/tickets')
    at = first
    assert.equal(await ends(HELP), `401 ${HELP}`)
  })
})

suite('what nobody did by hand does not pause', () => {
  for (const [how, end] of [
    ['a teammate or the API ended the sessions', async () => void (await endSessionsOfContact(house.db, house.acme, await idOfAda()))],
    ['the session has run out', async () => house.pass(IDLE_LIFE)],
    [
      'its key was retired with its sessions',
      async () => {
        const { row, secret } = await createSecret(house.db, house.encryption, house.acme, { name: 'second', now: house.now() })
        house.pass(1001)
        at = await signIn(signJwt({ ...ada, exp: Math.floor(house.now() / 1000) + 120 }, secret))
        await retireSigningKey(house.db, house.acme, row.kid, { now: house.now(), endSessions: true })
      },
    ],
  ] as [string, () => Promise<void> | void][])
    test(how, async () => {
      await end()
      for (const host of HOSTS) assert.equal(await ends(host), GOES, host)
      assert.deepEqual(await house.db.selectFrom('signed_out_sessions').selectAll().execute(), [])
    })
})

suite('ending a session at /login/sessions', () => {
  for (const [how, path] of [
    ['one', async () => `/login/sessions/${(await idsOfRoots())[0]}/end`],
    ['all the others', async () => '/login/sessions/end-others'],
  ] as const)
    test(`${how}: that browser is not signed in again by itself, this one goes on`, async () => {
      const ended = at
      at = await signIn()
      assert.equal((await at[DOCS].post(await path(), {}, own(DOCS))).statusCode, 303)
      for (const host of HOSTS) assert.equal(await ends(host), `200 ${host}`)
      at = ended
      for (const host of HOSTS) assert.equal(await ends(host), `401 ${host}`, host)
    })
})

async function idsOfRoots() {
  const roots = await house.db.selectFrom('sessions').select('id').where('parent_session_id', 'is', null).orderBy('id').execute()
  return roots.map(({ id }) => id)
}

test('a secret that was signed out is no pause at a host of another workspace', async () => {
  const secret = at[HELP].cookies.get('__Host-latchkey') ?? ''
  await signOutAt(HELP)
  const other = house.browser(house.tenants.globex)
  for (const use of ['', '-paused']) other.cookies.set(`__Host-latchkey${use}`, secret)
  assert.equal((await other.get('/login/status', { headers: { accept: 'application/json' } })).json().because, 'session_ended')
  await other.get('/login')
  assert.equal(await ends(DOCS), `401 ${DOCS}`)
})

test('the list of sign-outs is asked about a cookie that finds no session, and about nothing else', async () => {
  const other = await openHouse()
  await other.change({ login_url: LOGIN, cookie_door: 1 })
  const [signedIn, nobody, ended] = [other.browser(), other.browser(), other.browser()]
  await signedIn.boot(ada)
  await ended.boot(ada)
  const cookies = new Map(ended.cookies)
  await ended.shutdown()
  ended.cookies.clear()
  for (const [name, value] of cookies) ended.cookies.set(name, value)
  await other.db.schema.dropTable('signed_out_sessions').execute()
  const open = async (browser: Browser) => (await browser.get('/tickets', { headers: NAVIGATION })).statusCode
  assert.deepEqual([await open(signedIn), await open(nobody), await open(ended)], [200, 303, 500])
  assert.equal((await signedIn.boot(ada)).statusCode, 200)
  assert.equal((await other.browser().boot(ada)).statusCode, 200)
  await other.close()
})
