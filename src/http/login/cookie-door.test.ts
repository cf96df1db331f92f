import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { endSessionsOfContact } from '#domain/sessions/sessions.ts'
import { addPublicKey } from '#domain/identity/signing-keys.ts'
import { addHost } from '#domain/workspaces/workspaces.ts'
import { ada, ben, signJwt } from '#test/cast.ts'
import { openDesk } from '#test/desk.ts'
import { openHouse, pathLedTo, type Browser, type House } from '#test/house.ts'
import { makeKeyPair, signWith } from '#test/key-pairs.ts'

const NAME = '__Secure-latchkey_user_jwt'
const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
const own = { origin: 'https://help.acme.test', headers: { 'sec-fetch-site': 'same-origin' }, form: true }

let house: House
before(async () => {
  house = await openHouse()
  await openDesk(house, house.tenants.acme)
  await house.change({ cookie_door: 1, login_url: 'https://app.acme.test/login' })
})
after(() => house.close())

let count = 0
const seconds = () => Math.floor(house.now() / 1000)
const sign = (person: object, claims: object = {}) =>
  signJwt({ ...person, aud: 'acme:cookie', exp: seconds() + 3600, nonce: (count += 1), ...claims }, house.tenants.acme.secret)
function browserWith(token: string, browser = house.browser()): Browser {
  browser.cookies.set(NAME, token)
  return browser
}
const open = (browser: Browser, path = '/tickets', headers: Record<string, string> = navigation) => browser.get(path, { headers })
const whoIs = async (browser: Browser) =>
  (await browser.get('/login/status', { headers: { accept: 'application/json' } })).json().person?.user_id ?? null
const sessions = async () => (await house.db.selectFrom('sessions').select('id').where('door', '=', 'cookie').execute()).length
const rows = async () => {
  await house.app.decisions.flush()
  const found = await house.db
    .selectFrom('login_log')
    .select(['outcome', 'code', 'user_id'])
    .where('door', '=', 'cookie')
    .orderBy('id')
    .execute()
  return found.map((row) => ({ ...row }))
}

/** (r, n − s) for (r, s), n being the order of P-256. */
function otherSignature(token: string): string {
  const [head, body, tail = ''] = token.split('.')
  const bytes = Buffer.from(tail, 'base64url')
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const s = order - BigInt(`0x${bytes.subarray(32).toString('hex')}`)
  return `${head}.${body}.${Buffer.from(bytes.subarray(0, 32).toString('hex') + s.toString(16).padStart(64, '0'), 'hex').toString('base64url')}`
}

test('a page that is opened with the cookie is opened signed in, without a redirect', async () => {
  const browser = browserWith(sign(ada))
  const page = await open(browser)
  assert.equal(page.statusCode, 200)
  assert.match(page.body, /Ada Lovelace/)
  assert.match(String(page.headers['cache-control']), /no-store/)
  assert.ok(browser.cookies.has('__Host-latchkey'))
  assert.equal(await whoIs(browser), 'ada')
})

test('it is off unless the workspace switches it on', async () => {
  await house.change({ cookie_door: 0 })
  const browser = browserWith(sign(ada))
  assert.equal((await open(browser, '/tickets', {})).statusCode, 401)
  assert.ok(!browser.cookies.has('__Host-latchkey'))
  await house.change({ cookie_door: 1 })
})

test('ten tabs that open together get one session', async () => {
  const token = sign(ada)
  const before = await sessions()
  const tabs = await Promise.all(Array.from({ length: 10 }, () => open(browserWith(token))))
  assert.deepEqual(new Set(tabs.map(({ statusCode }) => statusCode)), new Set([200]))
  assert.equal(new Set(tabs.map(({ headers }) => /__Host-latchkey=([^;]+)/.exec(String(headers['set-cookie']))?.[1])).size, 1)
  assert.equal(await sessions(), before + 1)
})

suite('once its session has ended, the token starts no other', () => {
  for (const [how, end] of [
    ['by Sign out', (browser: Browser) => browser.post('/login/logout', {}, own)],
    ['by shutdown in the app', (browser: Browser) => browser.shutdown()],
    [
      'by a teammate',
      async () => {
        const { id } = await house.db.selectFrom('contacts').select('id').where('external_id', '=', 'ada').executeTakeFirstOrThrow()
        await endSessionsOfContact(house.db, house.acme, id)
      },
    ],
  ] as const)
    test(how, async () => {
      const token = sign(ada)
      const browser = browserWith(token)
      assert.equal((await open(browser)).statusCode, 200)
      await end(browser)
      const before = await sessions()
      const again = browserWith(token)
      assert.equal((await open(again, '/tickets', {})).statusCode, 401)
      assert.ok(!again.cookies.has('__Host-latchkey'))
      assert.equal(await sessions(), before)
      assert.deepEqual((await rows()).at(-1), { outcome: 'refused', code: 'user_jwt_cookie_ended', user_id: 'ada' })
    })

  test('also with the other signature that ES256 allows for the same text', async () => {
    const pair = makeKeyPair('ES256')
    const meant = { algorithm: 'ES256', issuer: 'https://app.acme.test', audience: 'acme:cookie' } as const
    await addPublicKey(house.db, house.acme, { ...meant, name: 'elliptic', text: pair.pem, now: house.now() })
    house.pass(1001)
    const token = signWith(pair, { user_id: 'ada', iss: meant.issuer, aud: meant.audience, exp: seconds() + 3600 })
    const browser = browserWith(token)
    assert.equal((await open(browser)).statusCode, 200)
    await browser.post('/login/logout', {}, own)
    const again = browserWith(otherSignature(token))
    assert.equal((await open(again, '/tickets', {})).statusCode, 401)
    assert.deepEqual((await rows()).at(-1), { outcome: 'refused', code: 'user_jwt_cookie_ended', user_id: 'ada' })
  })

  test('remembered until the token itself runs out', async () => {
    const token = sign(ada)
    const browser = browserWith(token)
    await open(browser)
    const { expires_at } = await house.db
      .selectFrom('used_tokens')
      .select('expires_at')
      .where('replay_key', 'like', 'cookie/%')
      .orderBy('expires_at', 'desc')
      .executeTakeFirstOrThrow()
    assert.ok(expires_at >= (seconds() + 3600 + 60) * 1000)
  })
})

test('after Sign out it waits until the person clicks Sign in; then a new token is taken', async () => {
  const browser = browserWith(sign(ada))
  await open(browser)
  await browser.post('/login/logout', {}, own)
  browserWith(sign(ada), browser)
  assert.equal((await open(browser)).statusCode, 401)
  const answer = await open(browser, '/login?return_to=%2Ftickets')
  assert.deepEqual([answer.statusCode, answer.headers.location], [303, '/tickets'])
  assert.equal(await whoIs(browser), 'ada')
  assert.ok(!browser.cookies.has('__Host-latchkey-paused'))
})

suite('where somebody else is signed in', () => {
  test('it asks once, and changes nothing unasked', async () => {
    const browser = browserWith(sign(ada))
    await browser.boot(ben)
    const asked = await open(browser, '/tickets?view=company')
    assert.deepEqual([asked.statusCode, pathLedTo(asked)], [303, '/login/continue'])
    const page = await open(browser, '/login/continue')
    assert.match(page.body, /signed in as somebody else/)
    assert.match(page.body, /Ben Babbage/)
    assert.ok(!page.body.includes('eyJ'))
    assert.equal((await open(browser)).statusCode, 200)
    assert.equal(await whoIs(browser), 'ben')
    const pressed = await browser.post('/login/continue', {}, own)
    assert.deepEqual([pressed.statusCode, pressed.headers.location], [303, '/tickets?view=company'])
    assert.equal(await whoIs(browser), 'ada')
  })

  test('a refused cookie asks nothing', async () => {
    const browser = browserWith(signJwt({ ...ada, aud: 'acme:cookie', exp: seconds() + 60 }, 'x'))
    await browser.boot(ben)
    assert.equal((await open(browser)).statusCode, 200)
  })

  test('the same person’s cookie is not even looked at', async () => {
    const browser = browserWith(signJwt({ ...ada, aud: 'acme:cookie', exp: 1 }, 'x'))
    await browser.boot(ada)
    const before = (await rows()).length
    assert.equal((await open(browser)).statusCode, 200)
    assert.equal((await rows()).length, before)
  })
})

for (const [flaw, forge, code] of [
  ['without the aud of the cookie', () => sign(ada, { aud: undefined }), 'user_jwt_not_for_cookie'],
  ['for the app in general', () => sign(ada, { aud: 'acme' }), 'user_jwt_not_for_cookie'],
  ['for another workspace’s cookie', () => sign(ada, { aud: 'globex:cookie' }), 'user_jwt_not_for_cookie'],
  ['without exp', () => sign(ada, { exp: undefined }), 'user_jwt_exp_missing'],
  ['that lives two days', () => sign(ada, { exp: seconds() + 2 * 86_400 }), 'user_jwt_lifetime_too_long'],
  ['out of date', () => sign(ada, { exp: seconds() - 90 }), 'user_jwt_expired'],
  ['over 3.5 kB', () => sign(ada, { note: 'x'.repeat(3000) }), 'user_jwt_too_large'],
  ['without a user_id', () => sign({ email: ada.email }), 'user_jwt_user_id_missing'],
  [
    'of another workspace',
    () => signJwt({ ...ada, aud: 'acme:cookie', exp: seconds() + 60 }, house.tenants.globex.secret),
    'user_jwt_signature_invalid',
  ],
  ['that is none', () => 'nonsense', 'user_jwt_malformed'],
] as const)
  test(`a cookie with a token ${flaw} signs nobody in, keeps no page from opening, and is logged once`, async () => {
    const before = (await rows()).length
    const browser = browserWith(forge())
    for (let view = 0; view < 3; view += 1) {
      const page = await open(browser, '/en')
      assert.deepEqual([page.statusCode, page.headers['set-cookie']], [200, undefined])
    }
    const logged = (await rows()).slice(before)
    assert.deepEqual(
      logged.map(({ outcome, code }) => [outcome, code]),
      [['refused', code]],
    )
  })

test('two cookies of the name: none counts', async () => {
  const before = (await rows()).length
  const headers = { ...navigation, cookie: `${NAME}=${sign(ada)}; ${NAME}=${sign(ben)}` }
  const page = await house.browser().get('/en', { headers })
  assert.deepEqual([page.statusCode, page.headers['set-cookie']], [200, undefined])
  assert.deepEqual(
    (await rows()).slice(before).map(({ code }) => code),
    ['user_jwt_cookie_twice'],
  )
})

test('a flood of forged cookies opens pages as before, and does not fill the login log', async () => {
  const before = (await rows()).length
  for (let view = 0; view < 60; view += 1) assert.equal((await open(browserWith(sign(ada, { exp: 1 })), '/en')).statusCode, 200)
  assert.ok((await rows()).length - before <= 30)
  house.pass(61_000)
})

test('the token opens no other door, even where it keeps every other rule of that door', async () => {
  const token = sign(ada, { exp: seconds() + 120, iat: seconds(), jti: 'cookie' })
  const json = { accept: 'application/json' }
  const codes = [
    await house.browser().boot(token),
    await house.browser().get(`/login/jwt?jwt=${token}`, { headers: json }),
    await house.browser().post('/access/jwt', { jwt: token }, { form: true, headers: json }),
  ].map((answer) => answer.json().errors[0].code as string)
  assert.deepEqual(new Set(codes), new Set(['user_jwt_only_for_cookie']))
})

test('its name without __Secure- counts on plain-http localhost alone', async () => {
  await addHost(house.db, house.acme, 'http://help.acme.localhost:4000', house.now())
  await addHost(house.db, house.acme, 'http://plain.acme.test', house.now())
  const signedIn = async (host: string, name: string) => {
    const answer = await house.app.inject({ url: '/en', headers: { host, cookie: `${name}=${sign(ada)}` } })
    return /latchkey=/.test(String(answer.headers['set-cookie']))
  }
  assert.deepEqual(
    [
      await signedIn('help.acme.localhost:4000', 'latchkey_user_jwt'),
      await signedIn('help.acme.localhost:4000', NAME),
      await signedIn('plain.acme.test', 'latchkey_user_jwt'),
      await signedIn('help.acme.test', 'latchkey_user_jwt'),
    ],
    [true, false, false, false],
  )
})

test('only a page opens the door: no form, no script’s route, no file', async () => {
  const browser = browserWith(sign(ada))
  await browser.get('/favicon.svg')
  await browser.get('/messenger/conversations')
  await browser.post('/tickets/new/1', { title: 'x' }, own)
  assert.ok(!browser.cookies.has('__Host-latchkey'))
})
