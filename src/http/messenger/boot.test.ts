import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, test } from 'node:test'
import { retireSigningKey, createSecret } from '#domain/identity/signing-keys.ts'
import { blockContact, findContactByExternalId, unblockContact } from '#domain/contacts/contacts.ts'
import { endSessionsOfContact } from '#domain/sessions/sessions.ts'
import { ada, ben, chen, signJwt, type Forgery } from '#test/cast.ts'
import { openHouse, type House } from '#test/house.ts'

let house: House
before(async () => void (house = await openHouse({ LATCHKEY_REFUSED_BOOTS_PER_MINUTE: '100000' })))
after(() => house.close())

const seconds = () => Math.floor(house.now() / 1000)
const sign = (payload: object | string, forgery?: Forgery) => signJwt(payload, house.tenants.acme.secret, forgery)
const contacts = async () => (await house.db.selectFrom('contacts').selectAll().execute()).length
const errorOf = (response: { json(): { errors: { code: string }[] } }) => response.json().errors[0]?.code

test('a signed JWT opens a session with a host-only cookie that scripts cannot read', async () => {
  const browser = house.browser()
  const response = await browser.boot(ada)
  assert.equal(response.statusCode, 200)
  const { contact } = response.json()
  assert.deepEqual(
    [contact.role, contact.user_id, contact.email, contact.name, contact.claimed],
    ['user', 'ada', ada.email, ada.name, false],
  )
  assert.match(contact.id, /^[0-9a-f]{24}$/)
  const [cookie = ''] = [response.headers['set-cookie'] ?? []].flat()
  assert.match(cookie, /^__Host-latchkey=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure$/)
  assert.equal(response.headers['access-control-allow-origin'], 'https://app.acme.test')
  assert.equal(response.headers['access-control-allow-credentials'], 'true')
  assert.match(String(response.headers['vary']), /Origin/)
  assert.match(String(response.headers['cache-control']), /no-store/)
})

for (const [kindness, payload, forgery, user_id] of [
  ['without typ', { user_id: 'kind-1' }, { header: { alg: 'HS256' } }, 'kind-1'],
  ['with an unknown kid', { user_id: 'kind-2' }, { header: { alg: 'HS256', kid: '../../etc/passwd' } }, 'kind-2'],
  ['with a jwk in the header', { user_id: 'kind-3' }, { header: { alg: 'HS256', jwk: { kty: 'oct', k: 'AAAA' } } }, 'kind-3'],
  ['with a whole number as user_id', { user_id: 4711 }, {}, '4711'],
  ['with the largest whole number', { user_id: Number.MAX_SAFE_INTEGER }, {}, '9007199254740991'],
  ['with aud', { user_id: 'kind-4', aud: 'acme' }, {}, 'kind-4'],
  ['with aud in a list', { user_id: 'kind-5', aud: ['x', 'acme'] }, {}, 'kind-5'],
  ['with fractions of seconds', '{"user_id":"kind-6","exp":99999999999.5}', {}, 'kind-6'],
  ['with a repeated member', '{"user_id":"other","user_id":"kind-7"}', {}, 'kind-7'],
  ['with a fraction elsewhere', { user_id: 1001, boss: { user_id: 1.5 } }, {}, '1001'],
  ['with a user_id in another script', { user_id: 'käyttäjä 😀' }, {}, 'käyttäjä 😀'],
] as const)
  test(`a JWT ${kindness} signs in`, async () => {
    const response = await house.browser().boot(sign(payload, forgery))
    assert.equal(response.statusCode, 200, response.body)
    assert.equal(response.json().contact.user_id, user_id)
  })

for (const [flaw, forge, code] of [
  ['signed with another secret', () => signJwt(ada, 'not the secret, but just as long as one would be'), 'user_jwt_invalid'],
  ['signed by another workspace', () => signJwt(ada, house.tenants.globex.secret), 'user_jwt_invalid'],
  [
    'signed by another workspace, naming this one',
    () =>
      signJwt({ ...ada, aud: 'acme', app_id: 'acme' }, house.tenants.globex.secret, {
        header: { alg: 'HS256', kid: house.tenants.acme.kid },
      }),
    'user_jwt_invalid',
  ],
  ['without signature', () => sign(ada, { signature: '' }), 'user_jwt_invalid'],
  ['with alg none', () => sign(ada, { header: { alg: 'none' }, signature: 'AA' }), 'user_jwt_invalid'],
  ['with HS512 in its header', () => sign(ada, { header: { alg: 'HS512' } }), 'user_jwt_invalid'],
  ['with crit', () => sign(ada, { header: { alg: 'HS256', crit: ['exp'] } }), 'user_jwt_invalid'],
  ['that is no JSON', () => sign('ada'), 'user_jwt_invalid'],
  ['that is a list', () => sign('["ada"]'), 'user_jwt_invalid'],
  ['with something behind the object', () => sign('{"user_id":"ada"} '.trimEnd() + '{}'), 'user_jwt_invalid'],
  ['in quotes', () => `"${sign(ada)}"`, 'user_jwt_invalid'],
  ['over 16 kB', () => sign({ ...ada, note: 'x'.repeat(17_000) }), 'user_jwt_invalid'],
  ['out of date', () => sign({ ...ada, exp: seconds() - 61 }), 'user_jwt_expired'],
  ['with exp as text', () => sign({ ...ada, exp: String(seconds() + 60) }), 'user_jwt_times_invalid'],
  ['with exp null', () => sign({ ...ada, exp: null }), 'user_jwt_times_invalid'],
  ['with an infinite exp', () => sign(`{"user_id":"ada","exp":1e400}`), 'user_jwt_times_invalid'],
  ['not valid yet', () => sign({ ...ada, nbf: seconds() + 61 }), 'user_jwt_not_yet_valid'],
  ['issued in the future', () => sign({ ...ada, iat: seconds() + 120 }), 'user_jwt_not_yet_valid'],
  ['for another audience', () => sign({ ...ada, aud: 'globex' }), 'user_jwt_audience_mismatch'],
  ['with aud null', () => sign({ ...ada, aud: null }), 'user_jwt_audience_mismatch'],
  ['without user_id', () => sign({ email: ada.email }), 'user_jwt_user_id_missing'],
  ['with sub instead of user_id', () => sign({ sub: 'ada' }), 'user_jwt_user_id_missing'],
  ['with an inherited user_id', () => sign('{"__proto__":{"user_id":"ada"}}'), 'user_jwt_user_id_missing'],
  ['with a blank user_id', () => sign({ user_id: ' \u200b' }), 'user_jwt_user_id_invalid'],
  ['with a line break in user_id', () => sign({ user_id: 'ada\n' }), 'user_jwt_user_id_invalid'],
  ['with half a character in user_id', () => sign('{"user_id":"\\ud800"}'), 'user_jwt_user_id_invalid'],
  ['with a user_id of 256 characters', () => sign({ user_id: 'a'.repeat(256) }), 'user_jwt_user_id_invalid'],
  ['with a number above 2^53', () => sign('{"user_id":9007199254740993}'), 'user_jwt_user_id_invalid'],
  ['with a fraction as user_id', () => sign({ user_id: 1.5 }), 'user_jwt_user_id_invalid'],
  ['with a fraction that rounds away', () => sign('{"user_id":1.00000000000000001}'), 'user_jwt_user_id_invalid'],
  [
    'with a fraction that a nested number hides',
    () => sign('{"user_id":1.00000000000000001,"company":{"id":"c","user_id":1}}'),
    'user_jwt_user_id_invalid',
  ],
  [
    'nested 5,000 deep and not even signed',
    () => sign(`{"user_id":1,"a":${'['.repeat(5000)}${']'.repeat(5000)}}`, { signature: 'AA' }),
    'user_jwt_invalid',
  ],
  ['with an e-mail of 10,000 characters', () => sign({ user_id: 'ada', email: 'a'.repeat(10_000) }), 'user_jwt_claims_invalid'],
  ['with a list as user_id', () => sign({ user_id: ['ada'] }), 'user_jwt_user_id_invalid'],
  ['with a NUL in an attribute', () => sign({ ...ada, plan: 'a\0b' }), 'user_jwt_claims_invalid'],
  [
    'with 201 attributes',
    () => sign(Object.fromEntries([['user_id', 'ada'], ...Array.from({ length: 200 }, (_, n) => [`a${n}`, 1])])),
    'user_jwt_claims_invalid',
  ],
  ['nested nine deep', () => sign({ user_id: 'ada', a: { a: { a: { a: { a: { a: { a: { a: {} } } } } } } } }), 'user_jwt_claims_invalid'],
] as const)
  test(`a JWT ${flaw} signs nobody in and leaves nothing behind`, async () => {
    const before = await contacts()
    const response = await house.browser().boot(forge())
    assert.ok(response.statusCode >= 400 && response.statusCode < 500, response.body)
    assert.equal(response.json().type, 'error.list')
    assert.equal(errorOf(response), code)
    assert.equal(response.headers['set-cookie'], undefined)
    assert.ok(!response.body.includes('eyJ') && !response.body.includes(' at '), 'no part of the token, no stack')
    assert.equal(await contacts(), before)
  })

test('all faults of form, algorithm, key and signature say the same words; the login log says which it was', async () => {
  const bodies = []
  for (const token of ['x', sign(ada, { header: { alg: 'none' } }), sign(ada, { signature: 'AA' }), signJwt(ada, 'z'.repeat(43))]) {
    const { errors } = (await house.browser().boot(token)).json()
    bodies.push(JSON.stringify(errors))
  }
  bodies.push(JSON.stringify((await house.post('/messenger/boot', { app_id: 'globex', intercom_user_jwt: house.jwt(ada) })).json().errors))
  assert.equal(new Set(bodies).size, 1)
  await house.app.decisions.flush()
  const codes = (await house.db.selectFrom('login_log').select('code').where('outcome', '=', 'refused').execute()).map((row) => row.code)
  for (const code of ['user_jwt_malformed', 'user_jwt_algorithm_not_allowed', 'user_jwt_signature_invalid', 'user_jwt_app_id_mismatch'])
    assert.ok(codes.includes(code), code)
})

for (const [what, headers, body, status] of [
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'app_id=acme', 415],
  ['plain text', { 'content-type': 'text/plain' }, '{"app_id":"acme"}', 415],
  ['broken JSON', { 'content-type': 'application/json' }, '{', 400],
  ['no app_id', { 'content-type': 'application/json' }, '{}', 400],
  ['a body over 256 kB', { 'content-type': 'application/json' }, JSON.stringify({ app_id: 'acme', a: 'x'.repeat(300_000) }), 413],
  [
    '100,000 nested lists',
    { 'content-type': 'application/json' },
    `{"app_id":"acme","a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    400,
  ],
  ['a polluting key', { 'content-type': 'application/json' }, '{"app_id":"acme","__proto__":{"admin":true}}', 400],
] as const)
  test(`the boot door refuses ${what}`, async () => {
    const response = await house.browser().post('/messenger/boot', body as unknown as object, { headers })
    assert.equal(response.statusCode, status, response.body)
    assert.equal(response.json().type, 'error.list')
    assert.equal(response.headers['set-cookie'], undefined)
    assert.equal(({} as Record<string, unknown>)['admin'], undefined)
  })

test('an origin that is not listed cannot boot, a same-site sibling included', async () => {
  for (const origin of ['https://evil.acme.test', 'https://evil.test', 'null', 'http://app.acme.test']) {
    const response = await house.browser().post('/messenger/boot', { app_id: 'acme', intercom_user_jwt: house.jwt(ada) }, { origin })
    assert.equal(response.statusCode, 403)
    assert.equal(response.headers['access-control-allow-origin'], undefined)
    assert.equal(response.headers['set-cookie'], undefined)
  }
})

test('outside a browser a token is needed and a visitor never starts', async () => {
  assert.equal((await house.browser().post('/messenger/boot', { app_id: 'acme' }, { origin: null })).statusCode, 403)
  assert.equal(
    (
      await house
        .browser()
        .post('/messenger/boot', { app_id: 'acme', intercom_user_jwt: house.jwt(ada), platform: 'ios' }, { origin: null })
    ).statusCode,
    200,
  )
})

test('a user_id beside the token that names somebody else is refused', async () => {
  assert.equal(errorOf(await house.browser().boot(ada, { user_id: 'ben' })), 'user_id_mismatch')
  assert.equal((await house.browser().boot(ada, { user_id: 'ada' })).statusCode, 200)
})

test('signed claims win, key by key, and are never overwritten by what a page says', async () => {
  const browser = house.browser()
  await browser.boot(
    { user_id: 'grace', email: 'grace@navy.test', plan: 'pro', seats: 3, joined_at: 1_700_000_000, beta: true, groups: ['admins'] },
    { plan: 'free', email: 'evil@x.test', theme: 'dark' },
  )
  await browser.boot(undefined, { user_id: 'grace', plan: 'free', theme: 'light' })
  const grace = await findContactByExternalId(house.db, house.acme, 'grace')
  assert.equal(grace?.email, 'grace@navy.test')
  const rows = await house.db
    .selectFrom('contact_attributes')
    .selectAll()
    .where('contact_id', '=', grace?.id ?? ('' as never))
    .orderBy('name')
    .execute()
  assert.deepEqual(
    rows.map((row) => [row.name, row.type, row.text_value ?? row.number_value, row.source]),
    [
      ['beta', 'boolean', 1, 'token'],
      ['groups', 'list', '["admins"]', 'token'],
      ['joined_at', 'date', 1_700_000_000_000, 'token'],
      ['plan', 'string', 'pro', 'token'],
      ['seats', 'number', 3, 'token'],
      ['theme', 'string', 'light', 'messenger'],
    ],
  )
})

test('companies come from signed claims only, and a signed list is complete', async () => {
  const names = async () =>
    (
      await house.db
        .selectFrom('company_memberships')
        .innerJoin('companies', 'companies.id', 'company_memberships.company_id')
        .innerJoin('contacts', 'contacts.id', 'company_memberships.contact_id')
        .select('companies.company_id')
        .where('contacts.external_id', '=', 'joan')
        .orderBy('companies.company_id')
        .execute()
    ).map((row) => row.company_id)
  const browser = house.browser()
  await browser.boot(
    { user_id: 'joan', companies: [{ company_id: 'one' }, { id: 2, name: 'Two' }] },
    { companies: [{ company_id: 'evil' }] },
  )
  assert.deepEqual(await names(), ['2', 'one'])
  await browser.boot({ user_id: 'joan' }, { company: { company_id: 'evil' } })
  assert.deepEqual(await names(), ['2', 'one'])
  await browser.boot({ user_id: 'joan', companies: [{ company_id: 'one' }] })
  assert.deepEqual(await names(), ['one'])
  await browser.boot({ user_id: 'joan', companies: [] })
  assert.deepEqual(await names(), [])
})

test('a boot by the same user in the same browser keeps the session, and needs no token while it stands', async () => {
  const browser = house.browser()
  await browser.boot(ada)
  const secret = browser.cookies.get('__Host-latchkey')
  for (const again of [
    () => browser.boot(ada),
    () => browser.boot(),
    () => browser.boot(undefined, { user_id: 'ada' }),
    () => browser.boot(undefined, { email: ada.email }),
  ]) {
    const response = await again()
    assert.equal(response.json().contact.user_id, 'ada')
    assert.equal(browser.cookies.get('__Host-latchkey'), secret)
  }
})

test('a session id is made anew when the user changes, and a planted one is never adopted', async () => {
  const browser = house.browser()
  browser.cookies.set('__Host-latchkey', 'A'.repeat(43))
  await browser.boot(ada)
  const first = browser.cookies.get('__Host-latchkey')
  assert.notEqual(first, 'A'.repeat(43))
  await browser.boot(ben)
  assert.notEqual(browser.cookies.get('__Host-latchkey'), first)
  const thief = house.browser()
  thief.cookies.set('__Host-latchkey', first ?? '')
  assert.equal((await thief.boot()).json().contact.role, 'visitor')
})

test('a cookie that came twice is nobody', async () => {
  const browser = house.browser()
  await browser.boot(ada)
  const value = browser.cookies.get('__Host-latchkey')
  const response = await house
    .browser()
    .post('/messenger/boot', { app_id: 'acme' }, { headers: { cookie: `__Host-latchkey=${value}; __Host-latchkey=${value}` } })
  assert.equal(response.json().contact.role, 'visitor')
})

test('white space that is none does not smuggle a cookie past its prefix', async () => {
  const browser = house.browser()
  await browser.boot(ada)
  const value = browser.cookies.get('__Host-latchkey')
  for (const space of ['\u00a0', '\v', '\f']) {
    const response = await house
      .browser()
      .post('/messenger/boot', { app_id: 'acme' }, { headers: { cookie: `${space}__Host-latchkey=${value}` } })
    assert.equal(response.json().contact.role, 'visitor')
  }
})

test('what one session says anew ends what another said before, and can be said again', async () => {
  const [one, two] = [house.browser(), house.browser()]
  const companies = async () =>
    (
      await house.db
        .selectFrom('company_memberships')
        .innerJoin('contacts', 'contacts.id', 'company_memberships.contact_id')
        .select('company_id')
        .where('external_id', '=', 'turn')
        .execute()
    ).length
  const basic = { user_id: 'turn', companies: [] }
  await one.boot(basic)
  await two.boot({ user_id: 'turn', companies: [{ company_id: 'engines' }] })
  assert.equal(await companies(), 1)
  await one.boot(basic)
  assert.equal(await companies(), 0)
})

test('users who sign in at once with companies in any order all come in', async () => {
  const boots = Array.from({ length: 12 }, (_, n) =>
    house.browser().boot({
      user_id: `crowd-${n % 3}`,
      companies: n % 2 ? [{ company_id: 'x' }, { company_id: 'y' }] : [{ company_id: 'y' }, { company_id: 'x' }],
    }),
  )
  for (const response of await Promise.all(boots)) assert.equal(response.statusCode, 200, response.body)
})

test('a refusal of form is readable by the page that asked', async () => {
  const response = await house
    .browser()
    .post('/messenger/boot', '{' as unknown as object, { headers: { 'content-type': 'application/json' } })
  assert.deepEqual([response.statusCode, response.headers['access-control-allow-origin']], [400, 'https://app.acme.test'])
})

test('shutdown ends the session on the server; the old cookie is then nobody', async () => {
  const browser = house.browser()
  await browser.boot(ada)
  const kept = new Map(browser.cookies)
  assert.equal((await browser.shutdown()).statusCode, 204)
  for (const [name, value] of kept) browser.cookies.set(name, value)
  assert.equal((await browser.boot()).json().contact.role, 'visitor')
})

for (const [how, boot] of [
  ['a refused token that claims to be somebody else', () => ({ token: signJwt(ben, 'x'.repeat(43)), body: {} })],
  ['a body that names somebody else', () => ({ token: undefined, body: { user_id: 'ben' } })],
  ['an e-mail of somebody else', () => ({ token: undefined, body: { email: ben.email } })],
] as const)
  test(`${how} ends the session that stands, and starts none`, async () => {
    const browser = house.browser()
    await browser.boot(ada)
    const { token, body } = boot()
    const refused = await browser.boot(token, body)
    assert.equal(refused.statusCode, 401)
    assert.equal((await browser.boot()).json().contact.role, 'visitor')
  })

test('a refused token of the same user neither upgrades nor ends the session', async () => {
  const browser = house.browser()
  await browser.boot(ada)
  assert.equal((await browser.boot(sign({ ...ada, exp: 1 }))).statusCode, 401)
  assert.equal((await browser.boot()).json().contact.user_id, 'ada')
})

test('enforced, words without a proof are refused; without words one is a visitor', async () => {
  for (const body of [{ user_id: 'ada' }, { email: ada.email }, { user_id: 'ada', user_hash: 'f'.repeat(64) }]) {
    const response = await house.browser().boot(undefined, body)
    assert.equal(response.statusCode, 401, response.body)
    assert.equal(response.headers['set-cookie'], undefined)
  }
  const visitor = await house.browser().boot()
  assert.deepEqual([visitor.json().contact.role, visitor.json().contact.user_id], ['visitor', null])
})

test('a user_hash proves who, over the user_id only, and never an attribute', async () => {
  const user_hash = createHmac('sha256', house.tenants.acme.secret).update('hans').digest('hex')
  const response = await house.browser().boot(undefined, { user_id: 'hans', user_hash, email: 'evil@x.test', name: 'Hans' })
  assert.deepEqual([response.json().contact.user_id, response.json().contact.email, response.json().contact.name], ['hans', null, 'Hans'])
  const other = createHmac('sha256', house.tenants.globex.secret).update('hans').digest('hex')
  assert.equal(errorOf(await house.browser().boot(undefined, { user_id: 'hans', user_hash: other })), 'user_jwt_invalid')
})

test('not enforced, what fails its proof is at most claimed: a label that touches no user', async () => {
  await house.browser().boot(ada)
  for (const mode of ['report', 'off'] as const) {
    await house.change({ enforcement_web: mode })
    const before = await contacts()
    for (const body of [{ user_id: 'ada', name: 'Mallory' }, { email: ada.email }]) {
      const { contact } = (await house.browser().boot(undefined, body)).json()
      assert.deepEqual([contact.role, contact.claimed], ['visitor', true])
    }
    const forged = (await house.browser().boot(signJwt(ada, 'x'.repeat(43)))).json().contact
    assert.deepEqual([forged.role, forged.claimed, forged.user_id], ['visitor', true, 'ada'])
    assert.equal(await contacts(), before)
    assert.equal((await findContactByExternalId(house.db, house.acme, 'ada'))?.name, ada.name)
    const own = house.browser()
    await own.boot(ada)
    assert.equal((await own.boot(sign({ ...ada, exp: 1 }))).json().contact.claimed, false, 'a refused token switches no session')
  }
  await house.change({ enforcement_web: 'enforce' })
})

test('require_exp refuses tokens without an end', async () => {
  assert.equal((await house.browser().boot(sign(ada))).statusCode, 200)
  await house.change({ require_exp: 1 })
  assert.equal(errorOf(await house.browser().boot(sign(ada))), 'user_jwt_exp_missing')
  await house.change({ require_exp: 0 })
})

test('two secrets live at once; a retired one fails within seconds and can take its sessions along', async () => {
  const { row, secret } = await createSecret(house.db, house.encryption, house.globex, {
    name: 'second',
    platforms: ['web'],
    now: house.now(),
  })
  house.pass(1001)
  const globex = house.tenants.globex
  const old = house.browser(globex)
  const young = house.browser(globex)
  assert.equal((await old.boot(signJwt(ada, globex.secret))).statusCode, 200)
  assert.equal((await young.boot(signJwt(chen, secret, { header: { alg: 'HS256', kid: row.kid } }))).statusCode, 200)
  assert.equal(
    errorOf(
      await house
        .browser(globex)
        .post('/messenger/boot', { app_id: 'globex', platform: 'ios', intercom_user_jwt: signJwt(chen, secret) }, { origin: null }),
    ),
    'user_jwt_key_not_for_platform',
  )
  await retireSigningKey(house.db, house.globex, globex.kid, { now: house.now(), endSessions: true })
  house.pass(1001)
  assert.equal((await old.boot()).json().contact.role, 'visitor')
  assert.equal((await young.boot()).json().contact.user_id, 'chen')
  assert.equal(errorOf(await house.browser(globex).boot(signJwt(ada, globex.secret))), 'user_jwt_invalid')
})

test('a blocked contact is signed out at once and cannot come back', async () => {
  const browser = house.browser()
  await browser.boot(chen)
  const contact = await findContactByExternalId(house.db, house.acme, 'chen')
  assert.ok(contact)
  await blockContact(house.db, house.acme, contact, house.now())
  assert.equal((await browser.boot()).json().contact.role, 'visitor')
  assert.equal(errorOf(await house.browser().boot(chen)), 'contact_blocked')
  await unblockContact(house.db, house.acme, contact, house.now())
  await browser.boot(chen)
  await endSessionsOfContact(house.db, house.acme, contact.id)
  assert.equal((await browser.boot()).json().contact.role, 'visitor')
})

test('a session slides for 7 days of silence, ends after 30 days, and the page may shorten it', async () => {
  const browser = house.browser()
  const short = house.browser()
  await browser.boot(ada)
  await short.boot(ada, { session_duration: 3_600_000 })
  house.pass(3_600_001)
  assert.equal((await short.boot()).json().contact.role, 'visitor')
  for (let day = 0; day < 29; day += 6) {
    assert.equal((await browser.boot()).json().contact.user_id, 'ada')
    await house.app.touches.flush()
    house.pass(6 * 86_400_000)
  }
  assert.equal((await browser.boot()).json().contact.role, 'visitor')
  const idle = house.browser()
  await idle.boot(ada)
  house.pass(7 * 86_400_000)
  assert.equal((await idle.boot()).json().contact.role, 'visitor')
})

test("a token's exp never cuts an open session", async () => {
  const browser = house.browser()
  await browser.boot(ada)
  house.pass(86_400_000)
  assert.equal((await browser.boot()).json().contact.user_id, 'ada')
})

test('an unknown host gets nothing', async () => {
  const response = await house.app.inject({
    method: 'POST',
    url: '/messenger/boot',
    headers: { host: 'evil.test', origin: 'https://app.acme.test' },
    payload: { app_id: 'acme' },
  })
  assert.equal(response.statusCode, 421)
  assert.equal(response.headers['set-cookie'], undefined)
})

test('nobody is logged in without a line in the login log, and no line holds a token', async () => {
  await house.browser().boot(ada)
  await house.app.decisions.flush()
  const lines = await house.db.selectFrom('login_log').selectAll().where('workspace_id', '=', house.acme.id).orderBy('id').execute()
  const last = lines.findLast((line) => line.outcome === 'signed_in')
  assert.deepEqual(
    [last?.door, last?.origin, last?.user_id, last?.kid, last?.code],
    ['boot', 'https://app.acme.test', 'ada', house.tenants.acme.kid, null],
  )
  assert.ok(!JSON.stringify(lines).includes('eyJ'))
})

for (const [what, value, hint] of [
  ['a promise', {}, /A promise was passed/],
  ['an object', { jwt: 'x' }, /An object was passed/],
] as const) {
  test(`${what} in place of the token is refused by its name`, async () => {
    const answer = await house.browser().boot(undefined, { intercom_user_jwt: value })
    assert.equal(answer.statusCode, 401)
    await house.app.decisions.flush()
    const line = await house.db.selectFrom('login_log').selectAll().orderBy('id', 'desc').executeTakeFirstOrThrow()
    assert.equal(line.code, 'user_jwt_malformed')
    assert.match(line.hint ?? '', hint)
  })
}

test('the login log warns of a user_id that a program wrote because it had none', async () => {
  await house.browser().boot({ user_id: 'undefined' })
  await house.app.decisions.flush()
  const line = await house.db
    .selectFrom('login_log')
    .selectAll()
    .where('workspace_id', '=', house.acme.id)
    .where('user_id', '=', 'undefined')
    .executeTakeFirstOrThrow()
  assert.equal(line.outcome, 'signed_in')
  assert.match(line.hint ?? '', /^user_id is the text “undefined”/)
})

test('a token refused too often is answered 429, while a valid one still passes', async () => {
  const strict = await openHouse({ LATCHKEY_REFUSED_BOOTS_PER_MINUTE: '3' })
  const statuses = []
  for (let n = 0; n < 5; n += 1) statuses.push((await strict.browser().boot('x.y.z')).statusCode)
  assert.deepEqual(statuses, [401, 401, 401, 429, 429])
  const refused = await strict.browser().boot('x.y.z')
  assert.ok(Number(refused.headers['retry-after']) > 0)
  assert.equal((await strict.browser().boot(ada)).statusCode, 200)
  await strict.close()
})
