import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { addOrigin } from '#domain/workspaces/workspaces.ts'
import { ada, ben, signJwt } from '#test/cast.ts'
import { openHouse, pathLedTo, type Browser, type House } from '#test/house.ts'

let house: House
before(async () => {
  house = await openHouse({ LATCHKEY_REFUSED_BOOTS_PER_MINUTE: '100000' })
  await house.change({ login_url: 'https://app.acme.test/help/login?lang=en', logout_url: 'https://app.acme.test/bye' })
})
after(() => house.close())

let count = 0
const fresh = (person: object, claims: object = {}) => house.jwt({ ...person, jti: `jti-${(count += 1)}`, ...claims })
const post = (browser: Browser, jwt: string, more: object = {}, headers: Record<string, string> = {}) =>
  browser.post('/login/jwt', { jwt, ...more }, { form: true, headers })
const whoIs = async (browser: Browser) => (await browser.boot()).json().contact.user_id
const cookieNames = (browser: Browser) => [...browser.cookies.keys()].toSorted()
const own = { origin: 'https://help.acme.test', headers: { 'sec-fetch-site': 'same-origin' }, form: true }

test('a form from a listed origin signs in silently and leads to a clean address', async () => {
  const browser = house.browser()
  const response = await post(browser, fresh(ada), { return_to: '/tickets?tab=company' })
  assert.equal(response.statusCode, 303, response.body)
  assert.equal(response.headers.location, '/tickets?tab=company')
  assert.equal(response.headers['referrer-policy'], 'no-referrer')
  assert.match(String(response.headers['cache-control']), /no-store/)
  assert.equal(await whoIs(browser), 'ada')
})

test('a token works once: not again here, nor at the boot door, nor for two at once', async () => {
  const jwt = fresh(ada)
  const race = await Promise.all([post(house.browser(), jwt), post(house.browser(), jwt), post(house.browser(), jwt)])
  assert.deepEqual(
    race.map((response) => response.statusCode).toSorted((a, b) => a - b),
    [303, 401, 401],
  )
  const again = house.browser()
  const response = await post(again, jwt, {}, { accept: 'application/json' })
  assert.equal(response.json().errors[0].code, 'user_jwt_already_used')
  assert.deepEqual(cookieNames(again), [])
  assert.equal((await house.browser().boot(jwt)).json().errors[0].code, 'user_jwt_already_used')
})

test('without jti the signed text itself is remembered', async () => {
  const jwt = house.jwt({ ...ada, nonce: 'once' })
  assert.equal((await post(house.browser(), jwt)).statusCode, 303)
  assert.equal((await post(house.browser(), jwt)).statusCode, 401)
})

for (const [flaw, forge, code] of [
  ['without exp', () => signJwt(ada, house.tenants.acme.secret), 'user_jwt_exp_missing'],
  ['that lives an hour', () => fresh(ada, { exp: house.now() / 1000 + 3600 }), 'user_jwt_lifetime_too_long'],
  ['with exp in milliseconds', () => fresh(ada, { exp: house.now() + 60_000 }), 'user_jwt_lifetime_too_long'],
  ['out of date', () => fresh(ada, { exp: house.now() / 1000 - 90 }), 'user_jwt_expired'],
  ['of another workspace', () => house.jwt(ada, house.tenants.globex), 'user_jwt_invalid'],
  ['that is none', () => 'nonsense', 'user_jwt_invalid'],
] as const)
  for (const method of ['GET', 'POST'] as const)
    test(`by ${method}, a token ${flaw} signs nobody in`, async () => {
      const browser = house.browser()
      const options = { headers: { accept: 'application/json' } }
      const response =
        method === 'POST' ? await post(browser, forge(), {}, options.headers) : await browser.get(`/login/jwt?jwt=${forge()}`, options)
      assert.equal(response.statusCode, 401)
      assert.equal(response.json().errors[0].code, code)
      assert.deepEqual(cookieNames(browser), [])
    })

test('a refusal is a page for people: it names the code, not the token', async () => {
  const jwt = fresh(ada, { exp: 1 })
  const response = await house.browser().get(`/login/jwt?jwt=${jwt}`)
  assert.match(String(response.headers['content-type']), /text\/html/)
  assert.match(response.body, /user_jwt_expired/)
  assert.ok(!response.body.includes(jwt.slice(0, 20)))
})

test('an address holds at most 6 kB of token, a form 16 kB', async () => {
  const jwt = fresh(ada, { note: 'x'.repeat(6000) })
  assert.equal((await house.browser().get(`/login/jwt?jwt=${jwt}`)).statusCode, 401)
  assert.equal((await post(house.browser(), jwt)).statusCode, 303)
})

for (const [address, expected] of [
  ['/en/articles/1-x?a=b#c', '/en/articles/1-x?a=b#c'],
  ['https://app.acme.test/done', 'https://app.acme.test/done'],
  ['https://help.acme.test/tickets', 'https://help.acme.test/tickets'],
  ['/.//evil.test', '/'],
  ['/..//evil.test', '/'],
  ['/a/..//evil.test', '/'],
  ['/%2e//evil.test', '/'],
  ['/a/../tickets', '/tickets'],
  ['https://evil.test/', '/'],
  ['//evil.test', '/'],
  ['/\\evil.test', '/'],
  ['\\\\evil.test', '/'],
  ['/\t/evil.test', '/'],
  ['javascript:alert(1)', '/'],
  ['https://app.acme.test@evil.test/', '/'],
  ['https://user:pw@app.acme.test/', '/'],
  ['/a\r\nset-cookie: x=y', '/'],
  ['http://app.acme.test/', '/'],
] as const)
  test(`return_to ${JSON.stringify(address)} leads to ${expected}`, async () => {
    assert.equal((await post(house.browser(), fresh(ada), { return_to: address })).headers.location, expected)
  })

test('login CSRF: a link with an attacker’s good token asks first, holds no token, and burns nothing', async () => {
  const victim = house.browser()
  const jwt = fresh(ada)
  for (let scanned = 0; scanned < 2; scanned += 1) {
    const response = await victim.get(`/login/jwt?jwt=${jwt}&return_to=/tickets`, { headers: { referer: 'https://app.acme.test/' } })
    assert.equal(response.statusCode, 303)
    assert.equal(pathLedTo(response), '/login/continue')
  }
  assert.deepEqual(cookieNames(victim), ['__Host-latchkey-continue'])
  const page = await victim.get('/login/continue')
  assert.match(page.body, /Continue as Ada Lovelace \(a…@engines\.test\)\?/)
  assert.deepEqual([page.headers['cache-control'], page.headers['etag']], ['private, no-store', undefined])
  assert.ok(!page.body.includes('eyJ') && !page.body.includes(ada.email))
  assert.deepEqual(cookieNames(victim), ['__Host-latchkey-continue'])
  const pressed = await victim.post('/login/continue', {}, own)
  assert.deepEqual([pressed.statusCode, pressed.headers.location], [303, '/tickets'])
  assert.equal(await whoIs(victim), 'ada')
  assert.equal((await post(house.browser(), jwt)).statusCode, 401)
})

test('Continue works only from our own page, once, and for five minutes', async () => {
  const browser = house.browser()
  await browser.get(`/login/jwt?jwt=${fresh(ada)}`)
  const kept = new Map(browser.cookies)
  assert.equal((await browser.post('/login/continue', {}, { form: true, headers: { 'sec-fetch-site': 'same-site' } })).statusCode, 403)
  assert.equal((await browser.post('/login/continue', {}, own)).statusCode, 303)
  const second = house.browser()
  for (const [name, value] of kept) second.cookies.set(name, value)
  assert.equal((await second.post('/login/continue', {}, own)).statusCode, 410)
  const late = house.browser()
  await late.get(`/login/jwt?jwt=${fresh(ada)}`)
  house.pass(5 * 60_000 + 61_000)
  assert.equal((await late.get('/login/continue')).statusCode, 410)
})

test('Continue belongs to the login that was shown, not to one that came after it', async () => {
  const browser = house.browser()
  await browser.get(`/login/jwt?jwt=${fresh(ada)}`)
  const shown = /name="login" value="([^"]+)"/.exec((await browser.get('/login/continue')).body)?.[1] ?? ''
  await browser.get(`/login/jwt?jwt=${fresh(ben)}`)
  assert.equal((await browser.post('/login/continue', { login: shown }, own)).statusCode, 410)
  assert.equal(await whoIs(browser), null)
})

test('an exp with a fraction signs in', async () => {
  assert.equal((await post(house.browser(), fresh(ada, { exp: house.now() / 1000 + 100.123_456_7 }))).statusCode, 303)
})

test('sign in leads to the Login URL with return_to and state, and our state makes the way back silent', async () => {
  const browser = house.browser()
  const bounce = await browser.get('/login?return_to=%2Fen%2Farticles%2F1-x%3Fq%3D1')
  const address = new URL(String(bounce.headers.location))
  assert.equal(bounce.statusCode, 303)
  assert.equal(address.origin + address.pathname, 'https://app.acme.test/help/login')
  assert.deepEqual([address.searchParams.get('lang'), address.searchParams.get('return_to')], ['en', '/en/articles/1-x?q=1'])
  const state = address.searchParams.get('state') ?? ''
  const back = await browser.get(`/login/jwt?jwt=${fresh(ada)}&state=${state}&return_to=%2Fen%2Farticles%2F1-x%3Fq%3D1`)
  assert.deepEqual([back.statusCode, back.headers.location], [303, '/en/articles/1-x?q=1'])
  assert.equal(await whoIs(browser), 'ada')
})

test('a state of another browser is worth nothing', async () => {
  const attacker = house.browser()
  const state = new URL(String((await attacker.get('/login')).headers.location)).searchParams.get('state') ?? ''
  const victim = house.browser()
  await victim.get('/login')
  assert.equal(pathLedTo(await victim.get(`/login/jwt?jwt=${fresh(ada)}&state=${state}`)), '/login/continue')
  assert.notEqual(await whoIs(victim), 'ada')
})

test('a cross-site form with state goes through /login/continue, where the cookies are', async () => {
  const browser = house.browser()
  const state = new URL(String((await browser.get('/login')).headers.location)).searchParams.get('state') ?? ''
  const first = await house
    .browser()
    .post(
      '/login/jwt',
      { jwt: fresh(ada), state, return_to: '/tickets' },
      { form: true, origin: 'https://app.elsewhere.test', headers: { 'sec-fetch-site': 'cross-site' } },
    )
  assert.deepEqual([first.statusCode, pathLedTo(first)], [303, '/login/continue'])
  const [cookie = ''] = [first.headers['set-cookie'] ?? []].flat()
  browser.cookies.set('__Host-latchkey-continue', /=([^;]*)/.exec(cookie)?.[1] ?? '')
  const second = await browser.get('/login/continue')
  assert.deepEqual([second.statusCode, second.headers.location], [303, '/tickets'])
  assert.equal(await whoIs(browser), 'ada')
})

test('a form of another site says so by its Origin where the browser sends no Sec-Fetch-Site', async () => {
  await addOrigin(house.db, house.acme, 'https://app.partner.test', house.now())
  house.pass(1001)
  for (const [standing, expected] of [
    [ben, 'asks, over Ben’s session'],
    [undefined, 'is silent, where nobody stands'],
  ] as const) {
    const browser = house.browser()
    if (standing) await browser.boot(standing)
    // Lax cookies stay away from the form and come with the redirect after it.
    const sent = await post(house.browser(), fresh(ada), {}, { origin: 'https://app.partner.test' })
    assert.deepEqual([sent.statusCode, pathLedTo(sent)], [303, '/login/continue'])
    browser.cookies.set('__Host-latchkey-continue', /__Host-latchkey-continue=([^;]*)/.exec(String(sent.headers['set-cookie']))?.[1] ?? '')
    const next = await browser.get('/login/continue')
    if (standing) assert.match(next.body, /Ben Babbage/, expected)
    assert.equal(await whoIs(browser), standing ? 'ben' : 'ada', expected)
  }
})

test('never silently over somebody else’s session', async () => {
  const browser = house.browser()
  await browser.boot(ben)
  assert.equal(pathLedTo(await post(browser, fresh(ada))), '/login/continue')
  assert.equal(await whoIs(browser), 'ben')
  assert.match((await browser.get('/login/continue')).body, /Ben Babbage/)
  await browser.post('/login/continue', {}, own)
  assert.equal(await whoIs(browser), 'ada')
})

test('sign out ends the session, leads to the Logout URL and pauses silent sign-in until the person clicks Sign in', async () => {
  const browser = house.browser()
  await browser.boot(ada)
  const kept = new Map(browser.cookies)
  assert.equal((await browser.post('/login/logout', {}, { form: true, headers: { 'sec-fetch-site': 'cross-site' } })).statusCode, 403)
  const response = await browser.post('/login/logout', {}, own)
  assert.deepEqual([response.statusCode, response.headers.location], [303, 'https://app.acme.test/bye'])
  assert.equal(pathLedTo(await post(browser, fresh(ada))), '/login/continue')
  const state = new URL(String((await browser.get('/login')).headers.location)).searchParams.get('state')
  assert.equal((await post(browser, fresh(ada), { state })).headers.location, '/')
  const thief = house.browser()
  for (const [name, value] of kept) thief.cookies.set(name, value)
  assert.equal((await thief.boot()).json().contact.role, 'visitor')
})

test('a key retired while the login waits signs nobody in', async () => {
  const other = await openHouse()
  const browser = other.browser()
  await browser.get(`/login/jwt?jwt=${other.jwt(ada)}`)
  await other.db.updateTable('signing_keys').set({ retired_at: other.now() }).where('workspace_id', '=', other.acme.id).execute()
  other.pass(1001)
  assert.equal((await browser.post('/login/continue', {}, own)).statusCode, 410)
  await other.close()
})

test('the page of a refusal names the precise fault in test mode, and keeps it from the public', async () => {
  const forged = signJwt({ ...ada, exp: Math.floor(house.now() / 1000) + 100 }, '')
  const open = () => house.browser().get(`/login/jwt?jwt=${forged}`)
  const outside = await open()
  assert.match(outside.body, /<h1>You could not be signed in<\/h1>[^]*lang="en" dir="ltr"><code>user_jwt_invalid<\/code>/)
  assert.doesNotMatch(outside.body, /signature_invalid|empty secret/)
  await house.change({ test_mode: 1 })
  const inside = await open()
  await house.change({ test_mode: 0 })
  assert.match(inside.body, /<code>user_jwt_signature_invalid<\/code>[^]*It was signed with an empty secret/)
})

test('the page of a refusal speaks the reader’s language, and tells them nothing that only a developer can do', async () => {
  const { body } = await house.browser().get('/login/jwt?jwt=forged', { headers: { 'accept-language': 'fr' } })
  assert.match(body, /<h1>La connexion n’a pas abouti<\/h1>/)
  assert.doesNotMatch(body, /login log|latchkey login-log/)
})

test('a token under another name is missed by name, and kept out of the page', async () => {
  const token = house.jwt(ada)
  const { statusCode, body } = await house.browser().get(`/login/jwt?token=${token}&return_to=/tickets`)
  assert.equal(statusCode, 400)
  assert.match(body, /There is no jwt here, but token; write jwt=…/)
  assert.ok(!body.includes(token))
})
