import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { blockContact, getContact } from '#domain/contacts/contacts.ts'
import { addJwks, createSecret, listSigningKeys, retireSigningKey } from '#domain/identity/signing-keys.ts'
import { createApiToken } from '#domain/teammates/api-tokens.ts'
import { addTeammate } from '#domain/teammates/teammates.ts'
import { ada, signJwt } from '#test/cast.ts'
import { openHouse, type Browser, type House } from '#test/house.ts'
import { openInternet } from '#test/internet.ts'
import { makeKeyPair, signWith } from '#test/key-pairs.ts'
import { waysInto } from '#test/ways.ts'

/** The ways of docs/login.md#the-ways-a-login-fails that a server can see by itself; wrong-tokens and wrong-boots have the rest. */
const internet = openInternet()
let house: House
before(async () => void (house = await openHouse({ LATCHKEY_REFUSED_BOOTS_PER_MINUTE: '1000' }, { httpClient: internet })))
after(() => house.close())

const seconds = () => Math.floor(house.now() / 1000)
const acme = () => house.tenants.acme
const boot = (token: string, body: object = {}, browser: Browser = house.browser()) => browser.boot(token, body)
const open = (token: string) => house.browser().get(`/login/jwt?jwt=${encodeURIComponent(token)}&return_to=/tickets`)

const { way, lastDecision } = waysInto(() => house)

way('a secret that is not of this workspace', 'user_jwt_signature_invalid', () => boot(signJwt(ada, 'x'.repeat(43))), {
  hint: /^The secret is none of this workspace/,
})
way(
  'the secret base64-decoded before signing',
  'user_jwt_signature_invalid',
  () => boot(signJwt(ada, Buffer.from(acme().secret, 'base64'))),
  { hint: /was base64-decoded before signing/ },
)
way('a line break behind the secret', 'user_jwt_signature_invalid', () => boot(signJwt(ada, `${acme().secret}\n`)), {
  hint: /line break behind it/,
})
way(
  'the kid of one secret, signed with another',
  'user_jwt_signature_invalid',
  async () => {
    const { row } = await createSecret(house.db, house.encryption, house.acme, { name: 'next', now: house.now() })
    house.pass(1001)
    return boot(signJwt(ada, acme().secret, { header: { alg: 'HS256', kid: row.kid } }))
  },
  { hint: /Its kid names “next”, but “first”/ },
)
way(
  'exp in milliseconds, at the redirect door',
  'user_jwt_lifetime_too_long',
  () => open(signJwt({ ...ada, exp: house.now() + 60_000 }, acme().secret)),
  { hint: /exp is in milliseconds: divide by 1000/ },
)
way('iat in milliseconds', 'user_jwt_not_yet_valid', () => boot(signJwt({ ...ada, iat: house.now() }, acme().secret)), {
  hint: /iat is in milliseconds/,
})
way('a numeric user_id above 2^53−1', 'user_jwt_user_id_invalid', () => boot(signJwt('{"user_id":90071992547409931}', acme().secret)), {
  hint: /"user_id": "90071992547409931"/,
})
way('the signing clock ten minutes ahead', 'user_jwt_not_yet_valid', () => boot(house.jwt({ ...ada, iat: seconds() + 600 })), {
  hint: /clock is (10|9) minutes ahead of ours/,
})
way(
  'the signing clock ten minutes behind, with tokens of two minutes',
  'user_jwt_expired',
  () => boot(house.jwt({ ...ada, iat: seconds() - 600, exp: seconds() - 480 })),
  { hint: /It expired (8|7) minutes ago.*clock/ },
)
way('no exp, at the redirect door', 'user_jwt_exp_missing', () => open(signJwt(ada, acme().secret)))
way('exp as text', 'user_jwt_times_invalid', () => boot(house.jwt({ ...ada, exp: '2030-01-01' })), { hint: /exp must be a JSON number/ })
way('a promise passed instead of the token', 'user_jwt_malformed', () => boot('[object Promise]'), { hint: /promise/ })
way('quotes around the token', 'user_jwt_malformed', () => boot(`"${house.jwt(ada)}"`), { hint: /quotes around the token/ })
way(
  'an identity provider’s RS256 token',
  'user_jwt_algorithm_not_allowed',
  () => boot(signJwt({ ...ada, iss: 'https://idp.acme.test' }, 'x', { header: { alg: 'RS256', typ: 'JWT' } })),
  { hint: /signed with "RS256", a private key/ },
)
const provider = { issuer: 'https://id.acme.test/', audience: 'client', pair: makeKeyPair('ES256') }
const theirs = (more: object = {}) => ({ iss: provider.issuer, aud: provider.audience, sub: 'ada', exp: seconds() + 3600, ...more })
/** A provider's keys, read once; after that its address does not answer. */
async function addProvider(): Promise<void> {
  const { issuer, audience, pair } = provider
  const url = 'https://id.acme.test/jwks'
  internet.sites.set(url, () => ({ body: { keys: [pair.jwk] } }))
  const known = await listSigningKeys(house.db, house.acme)
  const key = { name: 'Provider', algorithm: 'ES256' as const, issuer, audience, url, assertsUserId: true, now: house.now() }
  if (!known.some(({ kind }) => kind === 'jwks')) await addJwks(house.db, internet, house.acme, key)
  internet.sites.clear()
  house.pass(1001)
}

way(
  'a provider’s token whose iss lacks the slash',
  'user_jwt_issuer_mismatch',
  async () => {
    await addProvider()
    return boot(signWith(provider.pair, theirs({ iss: 'https://id.acme.test' })))
  },
  { hint: /Its iss is "https:\/\/id\.acme\.test"\. .* a slash at the end counts/ },
)
way(
  'a provider’s token for another application',
  'user_jwt_audience_mismatch',
  async () => {
    await addProvider()
    return boot(signWith(provider.pair, theirs({ aud: 'another client' })))
  },
  { hint: /Its aud is "another client", which is not the audience/ },
)
way(
  'a provider’s hour-long token at the redirect door',
  'user_jwt_lifetime_too_long',
  async () => {
    await addProvider()
    return open(signWith(provider.pair, theirs()))
  },
  { hint: /It lives (59 minutes|1 hour) from now/ },
)
way('a provider’s new key, while its address does not answer', 'user_jwt_jwks_unreachable', async () => {
  await addProvider()
  return boot(signWith(makeKeyPair('ES256'), theirs()))
})
way(
  'a teammate’s API token used as the customer’s',
  'user_jwt_malformed',
  async () => {
    const teammate = await addTeammate(house.db, house.acme, { name: 'Tess', email: 'tess@acme.test' }, house.now())
    return boot((await createApiToken(house.db, teammate, { name: 'x', now: house.now() })).token)
  },
  { hint: /API token of a teammate/ },
)
way('the messenger secret itself as the token', 'user_jwt_malformed', () => boot(acme().secret), {
  hint: /messenger secret “first” itself/,
})
way('another aud', 'user_jwt_audience_mismatch', () => boot(house.jwt({ ...ada, aud: 'billing' })), {
  hint: /Its aud is "billing"; this workspace is "acme"/,
})
way('an e-mail without a user_id', 'user_jwt_user_id_missing', () => boot(house.jwt({ email: ada.email })), { hint: /only an email/ })
way('user_id and email without a token', 'user_jwt_missing', () => house.browser().boot(undefined, { user_id: 'ada', email: ada.email }))
way('another user_id beside the token', 'user_id_mismatch', () => boot(house.jwt(ada), { user_id: 'ben' }))
way('a retired key', 'user_jwt_key_retired', async () => {
  const { row, secret } = await createSecret(house.db, house.encryption, house.acme, { name: 'old', now: house.now() })
  await retireSigningKey(house.db, house.acme, row.kid, { now: house.now(), endSessions: false })
  house.pass(1001)
  return boot(signJwt(ada, secret))
})
way('a web key used on iOS', 'user_jwt_key_not_for_platform', async () => {
  const web = { name: 'web', platforms: ['web' as const], now: house.now() }
  const { secret } = await createSecret(house.db, house.encryption, house.acme, web)
  house.pass(1001)
  const body = { app_id: 'acme', platform: 'ios', intercom_user_jwt: signJwt(ada, secret) }
  return house.browser().post('/messenger/boot', body, { origin: null })
})
way('an origin that is not listed', 'origin_not_allowed', () =>
  house.post('/messenger/boot', { app_id: 'acme', intercom_user_jwt: house.jwt(ada) }, { origin: 'https://www.acme.test' }),
)
way('the app on http, listed as https', 'origin_not_allowed', () =>
  house.post('/messenger/boot', { app_id: 'acme', intercom_user_jwt: house.jwt(ada) }, { origin: 'http://app.acme.test' }),
)
way('the app_id of another workspace, the loader from the wrong host', 'user_jwt_app_id_mismatch', () =>
  boot(house.jwt(ada), { app_id: 'globex' }),
)
way('a replayed link', 'user_jwt_already_used', open, {
  async given() {
    const token = house.jwt({ ...ada, jti: 'once' })
    assert.equal((await house.browser().post('/login/jwt', { jwt: token }, { form: true })).statusCode, 303)
    return token
  },
})
way('a blocked user', 'contact_blocked', (token) => boot(token), {
  async given() {
    const token = house.jwt({ ...ada, user_id: 'blocked' })
    const { contact } = (await boot(token)).json()
    await blockContact(house.db, house.acme, await getContact(house.db, house.acme, contact.id), house.now())
    return token
  },
})

test('return_to a foreign host', async () => {
  const token = house.jwt({ ...ada, jti: 'abroad' })
  const response = await house.browser().post('/login/jwt', { jwt: token, return_to: 'https://evil.test/take?it' }, { form: true })
  assert.deepEqual([response.statusCode, response.headers.location], [303, '/'])
  const { outcome, code, hint } = (await lastDecision()) ?? {}
  assert.deepEqual([outcome, code], ['signed_in', 'return_to_not_allowed'])
  assert.equal(hint, 'https://evil.test is neither this host nor a listed origin; the login led to / instead.')
})

test('shutdown never called', async () => {
  const browser = house.browser()
  await browser.boot(ada)
  assert.equal((await browser.boot()).json().contact.user_id, 'ada')
  const { outcome, code, hint } = (await lastDecision()) ?? {}
  assert.deepEqual([outcome, code], ['resumed', null])
  assert.match(hint ?? '', /named nobody.*did not call Intercom\('shutdown'\)/)
})
