import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import type { ErrorCode } from '#errors'
import { ada } from '#test/cast.ts'
import { dumpTables } from '#test/desk.ts'
import { openHouse, type Asking, type House } from '#test/house.ts'
import { waysInto } from '#test/ways.ts'

let house: House
before(async () => {
  house = await openHouse({ LATCHKEY_REFUSED_BOOTS_PER_MINUTE: '1000' })
})
after(() => house.close())

const { way, lastDecision } = waysInto(() => house)
const acme = () => house.tenants.acme
const mac = (text: string, key = acme().secret) => createHmac('sha256', key).update(text).digest('hex')
const hashed = (user_hash: string) => boot({ intercom_user_jwt: undefined, user_id: 'ada', email: ada.email, user_hash })

function boot(settings: object, asking: Asking = {}): Promise<LightMyRequestResponse> {
  return house.browser().post('/messenger/boot', { app_id: 'acme', intercom_user_jwt: house.jwt(ada), ...settings }, asking)
}

const boots: [title: string, code: ErrorCode, provoke: () => Promise<LightMyRequestResponse>, hint?: RegExp][] = [
  ['the app_id with white space', 'user_jwt_app_id_mismatch', () => boot({ app_id: ' acme' }), /white space around it/],
  ['the app_id in capitals', 'user_jwt_app_id_mismatch', () => boot({ app_id: 'ACME' }), /capitals count/],
  ['the app_id of the example', 'user_jwt_app_id_mismatch', () => boot({ app_id: 'YOUR_APP_ID' }), /stands where it should be put in/],
  ['a boot over HTTP without an app_id', 'parameter_invalid', () => boot({ app_id: undefined }), /^app_id/],
  ['a name that is no text beside the token', 'parameter_invalid', () => boot({ name: 5 }), /Cannot be stored: "name"/],
  [
    'more than 200 attributes',
    'parameter_invalid',
    () => boot(Object.fromEntries(Array.from({ length: 201 }, (_, at) => [`attribute_${at}`, at]))),
    /200 are the most/,
  ],
  ['a number as the token', 'user_jwt_malformed', () => boot({ intercom_user_jwt: 12345 }), /A number was passed/],
  [
    'the token as jwt, beside user_id',
    'user_jwt_missing',
    () => boot({ intercom_user_jwt: undefined, jwt: house.jwt(ada), user_id: 'ada' }),
    /The setting jwt holds a token/,
  ],
  [
    'an empty token beside user_id',
    'user_jwt_missing',
    () => boot({ intercom_user_jwt: '', user_id: 'ada' }),
    /intercom_user_jwt came empty/,
  ],
  ['user_hash over the e-mail', 'user_hash_invalid', () => hashed(mac(ada.email)), /made over the e-mail/],
  [
    'user_hash in base64',
    'user_hash_invalid',
    () => hashed(createHmac('sha256', acme().secret).update('ada').digest('base64')),
    /written in base64/,
  ],
  ['user_hash with SHA-1', 'user_hash_invalid', () => hashed(createHmac('sha1', acme().secret).update('ada').digest('hex')), /SHA-1/],
  [
    'user_hash with secret and user_id the wrong way round',
    'user_hash_invalid',
    () => hashed(mac(acme().secret, 'ada')),
    /wrong way round/,
  ],
  [
    'user_hash with a line break behind the secret',
    'user_hash_invalid',
    () => hashed(mac('ada', `${acme().secret}\n`)),
    /line break behind it/,
  ],
  ['user_hash that is a token', 'user_hash_invalid', () => hashed(house.jwt(ada)), /This is a token/],
  [
    'user_hash without user_id',
    'user_jwt_missing',
    () => boot({ intercom_user_jwt: undefined, email: ada.email, user_hash: mac(ada.email) }),
    /without the user_id that it proves/,
  ],
  ['a page of a Capacitor app', 'origin_not_allowed', () => boot({}, { origin: 'capacitor://localhost' }), /no web origin/],
  ['the app on another port', 'origin_not_allowed', () => boot({}, { origin: 'https://app.acme.test:8443' }), /another port/],
  ['a page opened from a file', 'origin_not_allowed', () => boot({}, { origin: 'null' }), /opened from a file/],
  [
    'a proxy that drops Origin',
    'origin_not_allowed',
    () => boot({}, { origin: null, headers: { 'sec-fetch-site': 'same-site' } }),
    /something on the way drops that header/,
  ],
  ['neither Origin nor token', 'origin_missing', () => boot({ intercom_user_jwt: undefined }, { origin: null })],
]
for (const [title, code, provoke, hint] of boots) way(title, code, provoke, hint ? { hint } : {})

test('the machine by another name', async () => {
  const [listed, asked] = ['http://localhost:3000', 'http://127.0.0.1:3000']
  await house.db.insertInto('origins').values({ workspace_id: house.acme.id, origin: listed, created_at: house.now() }).execute()
  house.pass(1001)
  assert.equal((await boot({}, { origin: asked })).statusCode, 403)
  assert.equal((await lastDecision())?.hint, `${listed} is listed; ${asked} is another origin, though it is the same machine.`)
})

test('a token under another name is kept nowhere, and the login log says under which', async () => {
  const token = house.jwt(ada)
  const browser = house.browser()
  const { contact } = (await browser.boot(undefined, { intercomUserJwt: token })).json()
  assert.equal(contact.role, 'visitor')
  const { outcome, hint } = (await lastDecision()) ?? {}
  assert.equal(outcome, 'visitor')
  assert.match(hint ?? '', /^The setting intercomUserJwt holds a token/)
  await browser.boot(ada)
  await browser.boot(undefined, { user_jwt: token, plan: 'pro' })
  const tables = [...(await dumpTables(house)).values()].join()
  assert.ok(tables.includes('plan'), 'what is no token was kept')
  assert.ok(!tables.includes(token))
})

for (const [where, settings] of [
  ['a list', (token: string) => ({ tags: ['vip', token] })],
  ['a list of its own', (token: string) => ({ tags: [token] })],
  ['a company', (token: string) => ({ company: { company_id: 'engines', name: 'Analytical Engines', api_key: token } })],
  ['one of the companies', (token: string) => ({ companies: [{ company_id: 'engines', keys: { live: token } }] })],
  ['an avatar', (token: string) => ({ avatar: { type: 'avatar', image_url: token } })],
  ['an object in an object', (token: string) => ({ app: { user: { jwt: token } } })],
] as const)
  test(`a token inside ${where} is kept nowhere, with or without somebody signed in`, async () => {
    const token = house.jwt({ ...ada, jti: where })
    const browser = house.browser()
    await browser.boot(undefined, settings(token))
    assert.match((await lastDecision())?.hint ?? '', /^The setting \w+ holds a token/)
    await browser.boot({ ...ada, user_id: where })
    await browser.boot(undefined, { ...settings(token), plan: where })
    await house.app.decisions.flush()
    const tables = [...(await dumpTables(house)).values()].join()
    assert.ok(tables.includes(where), 'what is no token was kept')
    assert.ok(!tables.includes(token))
  })

test('what a list holds beside a token is kept', async () => {
  const browser = house.browser()
  await browser.boot({ ...ada, user_id: 'lists' })
  await browser.boot(undefined, { tags: ['vip', house.jwt(ada), 'beta'] })
  const { text_value } = await house.db
    .selectFrom('contact_attributes')
    .select('text_value')
    .where('name', '=', 'tags')
    .where('text_value', 'like', '%beta%')
    .executeTakeFirstOrThrow()
  assert.equal(text_value, '["vip","beta"]')
})

test('a token that came as null', async () => {
  assert.equal((await boot({ intercom_user_jwt: null })).json().contact.role, 'visitor')
  assert.match((await lastDecision())?.hint ?? '', /intercom_user_jwt came as null.*had not arrived yet/)
})

for (const user_id of ['undefined', '0', '{{user.id}}', 'ada '])
  test(`a user_id of “${user_id}” is taken, and the login log warns`, async () => {
    assert.equal((await house.browser().boot({ user_id })).json().contact.user_id, user_id)
    assert.match((await lastDecision())?.hint ?? '', /one history|white space at an end/)
  })

test('what came is quoted in the login log, and not at whatever length it has', async () => {
  const refused = await boot({}, { origin: `${'a'.repeat(9000)}://app.acme.test` })
  assert.equal(refused.statusCode, 403)
  const { hint } = (await lastDecision()) ?? {}
  assert.deepEqual([hint?.length, hint?.slice(0, 3)], [600, 'aaa'])
})
