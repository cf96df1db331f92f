import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import type { ErrorCode } from '#errors'
import { addHost } from '#domain/workspaces/workspaces.ts'
import { ada, ben, signJwt } from '#test/cast.ts'
import { openHouse, pathLedTo, type Browser, type House } from '#test/house.ts'
import { waysInto } from '#test/ways.ts'

let house: House
before(async () => {
  house = await openHouse({ LATCHKEY_REFUSED_BOOTS_PER_MINUTE: '1000', LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' })
  await addHost(house.db, house.acme, 'https://docs.acme.test', house.now())
})
after(() => house.close())

const { way, lastDecision } = waysInto(() => house)
const seconds = () => Math.floor(house.now() / 1000)
let tokens = 0
const fresh = (more: object = {}) => house.jwt({ ...ada, jti: `fresh-${tokens++}`, ...more })
const open = (query: string, browser = house.browser()) => browser.get(`/login/jwt?${query}`)

for (const [what, address, hint] of [
  ['with two slashes', '//evil.test', /begins with two slashes/],
  ['encoded twice', '%2Ftickets', /was encoded twice/],
  ['without its slash', 'tickets', /begin it with \//],
  ['that is empty', '', /came empty/],
  ['that is “undefined”', 'undefined', /is the text “undefined”/],
  ['with a space', '/en articles', /has to be percent-encoded/],
  ['too long', `/${'x'.repeat(2500)}`, /has 2501 characters; 2000 are the most/],
  ['under http', 'http://help.acme.test/', /is this host under http, and it is https/],
  ['on another host of the workspace', 'https://docs.acme.test/guide', /is another host of this workspace/],
] as const)
  test(`a return_to ${what} leads to the start page, and the login log says why`, async () => {
    const answer = await open(`jwt=${fresh()}&return_to=${encodeURIComponent(address)}`)
    assert.equal(answer.statusCode, 303)
    const { code, hint: said } = (await lastDecision()) ?? {}
    assert.equal(code, 'return_to_not_allowed')
    assert.match(said ?? '', hint)
    assert.match(said ?? '', /the login led to \/ instead\.$/)
  })

for (const [why, arrive, hint] of [
  ['no state came back', async (browser: Browser) => open(`jwt=${fresh()}`, browser), /^No state came back/],
  [
    'another state came back',
    async (browser: Browser) => open(`jwt=${fresh()}&state=other`, browser),
    /^The state that came back is not this/,
  ],
  [
    'somebody else is signed in',
    async (browser: Browser) => {
      await browser.boot(ben)
      return open(`jwt=${fresh()}`, browser)
    },
    /^Somebody else is signed in here/,
  ],
  [
    'the person signed out here',
    async (browser: Browser) => {
      await browser.boot(ada)
      await browser.shutdown()
      return open(`jwt=${fresh()}`, browser)
    },
    /^The person signed out in this browser/,
  ],
] as const)
  test(`a login that asks first, because ${why}`, async () => {
    assert.equal(pathLedTo(await arrive(house.browser())), '/login/continue')
    const { outcome, hint: said } = (await lastDecision()) ?? {}
    assert.equal(outcome, 'waiting')
    assert.match(said ?? '', hint)
  })

const doors: [title: string, code: ErrorCode, provoke: () => Promise<LightMyRequestResponse>, hint: RegExp][] = [
  ['a token of 7 kB in an address', 'user_jwt_too_large', () => open(`jwt=${fresh({ pad: 'x'.repeat(7000) })}`), /Send it by form POST/],
  [
    'a token of 20 kB',
    'user_jwt_too_large',
    () => house.browser().post('/login/jwt', { jwt: fresh({ pad: 'x'.repeat(20_000) }) }, { form: true }),
    /16384 are the most/,
  ],
  [
    'a login token sent to the boot as well',
    'user_jwt_already_used',
    async () => {
      const token = fresh()
      await house.browser().post('/login/jwt', { jwt: token }, { form: true })
      return house.browser().boot(token)
    },
    /used up at every door/,
  ],
  [
    'a token of six minutes ago at /access/jwt',
    'user_jwt_too_old',
    () => house.browser().get(`/access/jwt?jwt=${signJwt({ ...ada, iat: seconds() - 360, jti: 'old' }, house.tenants.acme.secret)}`),
    /It was signed 6 minutes ago/,
  ],
  [
    'a browser that keeps no cookies, or a proxy that drops them, before the page that asks',
    'cookies_blocked',
    async () => house.browser().get(String((await open(`jwt=${fresh()}`)).headers.location)),
    /was set less than 5 minutes ago, and no cookie of ours came back/,
  ],
  ['a browser that has no waiting login', 'login_expired', () => house.browser().get('/login/continue'), /it waited longer than 5 minutes/],
]
for (const [title, code, provoke, hint] of doors) way(title, code, provoke, { hint })

test('a token given twice counts as none, and both the page and the login log say so', async () => {
  const answer = await open(`jwt=${fresh()}&jwt=${fresh()}`)
  assert.equal(answer.statusCode, 400)
  assert.match(answer.body, /jwt came twice/)
  assert.match((await lastDecision())?.hint ?? '', /jwt came twice/)
})

suite('where no waiting login came, cookies are blamed only if none came back at once', () => {
  const wait = async (browser: Browser) => String((await open(`jwt=${fresh()}`, browser)).headers.location)

  test('not after the five minutes that it waits', async () => {
    const address = await wait(house.browser())
    house.pass(5 * 60_000)
    assert.equal((await house.browser().get(address)).statusCode, 410)
  })

  test('not where the person goes back after they have signed in', async () => {
    const browser = house.browser()
    const address = await wait(browser)
    assert.equal((await browser.get(address)).statusCode, 200)
    await browser.post(
      '/login/continue',
      {},
      { form: true, origin: 'https://help.acme.test', headers: { 'sec-fetch-site': 'same-origin' } },
    )
    assert.deepEqual([...browser.cookies.keys()], ['__Host-latchkey'])
    assert.equal((await browser.get(address)).statusCode, 410)
  })

  for (const since of ['', 'x', '-1', '1e999', '9'.repeat(400), `${Number.MAX_SAFE_INTEGER}`])
    test(`not where the address says “${since.slice(0, 20)}”`, async () => {
      assert.equal((await house.browser().get(`/login/continue?since=${since}`)).statusCode, 410)
    })

  test('the address has no token, no code and nothing of the person', async () => {
    const browser = house.browser()
    assert.match(await wait(browser), /^\/login\/continue\?since=\d{13}$/)
  })
})

for (const [what, remoteAddress, forwarded, says] of [
  ['that names no site', '127.0.0.1', undefined, /No X-Forwarded-Host came with it/],
  ['that names an unknown site', '127.0.0.1', 'nope.test', /“nope\.test”, which is no host here/],
  ['that is not trusted', '198.51.100.1', 'docs.acme.test', /from an address that is not in LATCHKEY_TRUSTED_PROXIES/],
] as const)
  test(`a proxy of door 8 ${what} is told so`, async () => {
    const headers = { host: '127.0.0.1:4000', ...(forwarded !== undefined && { 'x-forwarded-host': forwarded }) }
    const answer = await house.app.inject({ url: '/login/verify', remoteAddress, headers })
    assert.equal(answer.statusCode, 421)
    assert.match(answer.json().errors[0].cure, says)
  })
