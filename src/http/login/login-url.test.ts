import assert from 'node:assert/strict'
import { after, before, beforeEach, suite, test } from 'node:test'
import { ada } from '#test/cast.ts'
import { openDesk, type Desk } from '#test/desk.ts'
import { openHouse, type Browser, type House } from '#test/house.ts'

let house: House
let desk: Desk
before(async () => {
  house = await openHouse()
  desk = await openDesk(house, house.tenants.acme)
  // With one way in there is nothing to choose.
  await house.db.deleteFrom('oidc_providers').execute()
})
beforeEach(() => house.change({ login_url: 'https://app.acme.test/login?lang=en', return_to_parameter: 'return_to', test_mode: 0 }))
after(() => house.close())

const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'sec-fetch-site': 'none' }
const open = (browser: Browser, path: string, headers: Record<string, string> = navigation) => browser.get(path, { headers })
const locationOf = (response: { headers: { location?: unknown } }) => String(response.headers.location)
const codes = async () => {
  await house.app.decisions.flush()
  const rows = await house.db.selectFrom('login_log').select(['door', 'code']).where('door', '=', 'login_url').orderBy('id').execute()
  return rows.map(({ code }) => code)
}

/** Opens a page and follows every redirect on this host, as a browser does; answers where it left for. */
async function leave(browser: Browser, path: string): Promise<URL> {
  let response = await open(browser, path)
  while (response.statusCode === 303 && locationOf(response).startsWith('/')) response = await open(browser, locationOf(response))
  assert.equal(response.statusCode, 303, response.body)
  return new URL(locationOf(response))
}

suite('a signed-out reader', () => {
  test('of a protected page is sent to the Login URL, and comes back signed in to the very page, query and all', async () => {
    const browser = house.browser()
    const deep = `/tickets/${desk.ids.number}?from=mail&x=%26`
    const address = await leave(browser, deep)
    assert.equal(address.origin + address.pathname, 'https://app.acme.test/login')
    assert.deepEqual([address.searchParams.get('lang'), address.searchParams.get('return_to')], ['en', deep])
    const back = new URLSearchParams({
      jwt: house.jwt({ ...ada, jti: 'deep' }),
      return_to: deep,
      state: address.searchParams.get('state') ?? '',
    })
    const answer = await open(browser, `/login/jwt?${back.toString()}`)
    assert.deepEqual([answer.statusCode, locationOf(answer)], [303, deep])
    assert.match((await open(browser, deep)).body, /Enigma-acme in a ticket/)
  })

  test('of a users-only article is sent there, too', async () => {
    const browser = house.browser()
    const address = await leave(browser, `/en/articles/${desk.ids.article}-closed?a=1`)
    assert.equal(address.searchParams.get('return_to'), `/en/articles/${desk.ids.article}-closed?a=1`)
  })

  test('who has just signed out stays, with a button', async () => {
    const browser = house.browser()
    await browser.boot(ada)
    await browser.shutdown()
    const answer = await open(browser, '/tickets')
    assert.equal(answer.statusCode, 401)
    assert.match(answer.body, /href="\/login\?return_to=%2Ftickets"/)
  })

  for (const [who, headers] of [
    ['a program', {}],
    ['a script’s fetch', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
    ['a frame', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }],
    ['a prefetch', { ...navigation, 'sec-purpose': 'prefetch' }],
  ] as const)
    test(`that is ${who} is sent nowhere`, async () => {
      const answer = await open(house.browser(), '/tickets', headers)
      assert.equal(answer.statusCode, 401)
    })

  test('stays where there is no Login URL', async () => {
    await house.change({ login_url: null })
    assert.equal((await open(house.browser(), '/tickets')).statusCode, 401)
  })
})

test('the workspace names the parameter for the way back', async () => {
  await house.change({ return_to_parameter: 'location' })
  const address = await leave(house.browser(), '/tickets?view=company')
  assert.deepEqual([address.searchParams.get('location'), address.searchParams.get('return_to')], ['/tickets?view=company', null])
})

test('the way back is only ever an address of ours', async () => {
  for (const evil of ['https://evil.test/', '//evil.test', '/\\evil.test', 'javascript:alert(1)']) {
    const response = await house.get(`/login?return_to=${encodeURIComponent(evil)}`)
    assert.equal(new URL(locationOf(response)).searchParams.get('return_to'), '/')
  }
})

suite('a Login URL that sends people back signed out', () => {
  test('ends in a page that says so, at the second return, and names its code in the login log', async () => {
    const browser = house.browser()
    for (let round = 0; round < 2; round += 1) await leave(browser, '/tickets')
    const last = await open(browser, locationOf(await open(browser, '/tickets')))
    assert.equal(last.statusCode, 409)
    assert.match(last.body, /went round in a circle/)
    assert.match(last.body, /<code>login_url_loops<\/code>/)
    assert.doesNotMatch(last.body, /at \/login\/jwt with a jwt/)
    assert.match(String(last.headers['cache-control']), /no-store/)
    assert.deepEqual((await codes()).slice(-1), ['login_url_loops'])
  })

  test('is told how to cure it in test mode', async () => {
    await house.change({ test_mode: 1 })
    const browser = house.browser()
    for (let round = 0; round < 2; round += 1) await open(browser, '/login')
    assert.match((await open(browser, '/login')).body, /at \/login\/jwt with a jwt/)
  })

  test('does not keep anybody from trying again', async () => {
    const browser = house.browser()
    for (let round = 0; round < 2; round += 1) await open(browser, '/login?return_to=%2Ftickets')
    const page = await open(browser, '/login?return_to=%2Ftickets')
    const again = /href="(\/login\?[^"]+again=1)"/.exec(page.body)?.[1]?.replaceAll('&amp;', '&') ?? ''
    assert.equal(new URL(locationOf(await open(browser, again))).searchParams.get('return_to'), '/tickets')
  })

  test('is not what a slow person is', async () => {
    const browser = house.browser()
    for (let round = 0; round < 4; round += 1) {
      await leave(browser, '/tickets')
      house.pass(61_000)
    }
  })

  test('is forgotten once somebody has signed in', async () => {
    const browser = house.browser()
    await leave(browser, '/tickets')
    const address = await leave(browser, '/tickets')
    const back = new URLSearchParams({ jwt: house.jwt({ ...ada, jti: 'forgotten' }), state: address.searchParams.get('state') ?? '' })
    assert.equal((await open(browser, `/login/jwt?${back.toString()}`)).statusCode, 303)
    assert.ok(!browser.cookies.has('__Host-latchkey-bounces'))
  })
})

test('a browser that keeps no cookies is told so instead of going round', async () => {
  const first = await open(house.browser(), '/tickets')
  assert.equal(first.statusCode, 303)
  const second = await open(house.browser(), locationOf(first))
  assert.equal(second.statusCode, 409)
  assert.match(second.body, /keeps no cookies/)
  assert.deepEqual((await codes()).slice(-1), ['cookies_blocked'])
})
