import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { PUBLIC_ALGORITHMS, type PublicAlgorithm } from '#domain/identity/public-keys.ts'
import { addJwks, addPublicKey, createSecret, listSigningKeys, retireSigningKey } from '#domain/identity/signing-keys.ts'
import { openHttpClient } from '#platform/http-client/http-client.ts'
import { ada, signJwt } from '#test/cast.ts'
import { openHouse, type House } from '#test/house.ts'
import { openInternet } from '#test/internet.ts'
import { makeKeyPair, signWith, type KeyPair } from '#test/key-pairs.ts'

const ISSUER = 'https://id.acme.test/'
const AUDIENCE = 'support'
const JWKS = 'https://id.acme.test/jwks.json'
const MINUTE = 60_000
const HOUR = 3_600_000
const internet = openInternet()
const pairs = Object.fromEntries(PUBLIC_ALGORITHMS.map((algorithm) => [algorithm, makeKeyPair(algorithm)])) as Record<
  PublicAlgorithm,
  KeyPair
>

let house: House
before(async () => {
  house = await openHouse({ LATCHKEY_REFUSED_BOOTS_PER_MINUTE: '100000' }, { httpClient: internet })
  for (const algorithm of PUBLIC_ALGORITHMS) await addPasted(algorithm)
  house.pass(1001)
})
after(() => house.close())

const seconds = () => Math.floor(house.now() / 1000)
const errorOf = (response: { json(): { errors?: { code: string }[] } }) => response.json().errors?.[0]?.code
const contacts = async () => (await house.db.selectFrom('contacts').selectAll().execute()).length
const claims = (more: object = {}) => ({ iss: ISSUER, aud: AUDIENCE, user_id: 'ada', exp: seconds() + 120, ...more })
const boot = (token: string) => house.browser().boot(token)

function addPasted(algorithm: PublicAlgorithm, more: object = {}) {
  const common = { name: algorithm, algorithm, issuer: ISSUER, audience: AUDIENCE, now: house.now() }
  return addPublicKey(house.db, house.acme, { ...common, text: pairs[algorithm].pem, ...more })
}

function addPublished(more: object = {}) {
  const common = { name: 'Provider', algorithm: 'RS256' as const, issuer: ISSUER, audience: AUDIENCE, now: house.now() }
  return addJwks(house.db, internet, house.globex, { ...common, url: JWKS, assertsUserId: true, ...more })
}

async function lastRefusal(tenant = house.acme) {
  await house.app.decisions.flush()
  const row = await house.db
    .selectFrom('login_log')
    .selectAll()
    .where('workspace_id', '=', tenant.id)
    .orderBy('id', 'desc')
    .executeTakeFirst()
  return row?.code
}

for (const algorithm of PUBLIC_ALGORITHMS)
  test(`a token signed with ${algorithm} signs in like one of a messenger secret`, async () => {
    const user = { user_id: `by-${algorithm}`, email: 'ada@engines.test', plan: 'pro', companies: ada.companies }
    const response = await boot(signWith(pairs[algorithm], claims(user)))
    assert.equal(response.statusCode, 200, response.body)
    assert.equal(response.json().contact.user_id, user.user_id)
    const attribute = await house.db.selectFrom('contact_attributes').selectAll().where('name', '=', 'plan').execute()
    assert.ok(attribute.some(({ text_value, source }) => text_value === 'pro' && source === 'token'))
  })

const { RS256, PS256, ES256, EdDSA } = pairs
for (const [attack, forge, precise] of [
  ['HS256 over the PEM as the secret', () => signJwt(claims(), RS256.pem), 'user_jwt_signature_invalid'],
  ['HS256 over the PEM without its last line break', () => signJwt(claims(), RS256.pem.trim()), 'user_jwt_signature_invalid'],
  [
    'HS256 over the stored JWK',
    () => signJwt(claims(), JSON.stringify(RS256.publicKey.export({ format: 'jwk' }))),
    'user_jwt_signature_invalid',
  ],
  ['HS256 over the bare key', () => signJwt(claims(), String(EdDSA.publicKey.export({ format: 'jwk' }).x)), 'user_jwt_signature_invalid'],
  [
    'HS256 with the kid of a public key',
    async () => signJwt(claims(), house.tenants.acme.secret, { header: { alg: 'RS256', kid: await kidOf('RS256') } }),
    'user_jwt_signature_invalid',
  ],
  ['no algorithm', () => signWith(RS256, claims(), { alg: 'none' }), 'user_jwt_algorithm_not_allowed'],
  ['an algorithm that is allowed nowhere', () => signWith(RS256, claims(), { alg: 'RS512' }), 'user_jwt_algorithm_not_allowed'],
  ['RS256 under the name PS256', () => signWith(RS256, claims(), { alg: 'PS256' }), 'user_jwt_signature_invalid'],
  ['RS256 under the name ES256', () => signWith(RS256, claims(), { alg: 'ES256' }), 'user_jwt_signature_invalid'],
  [
    'ES256 under the kid of the RS256 key',
    async () => signWith(makeKeyPair('ES256'), claims(), { kid: await kidOf('RS256') }),
    'user_jwt_signature_invalid',
  ],
  ['a key of the attacker', () => signWith(makeKeyPair('RS256'), claims()), 'user_jwt_signature_invalid'],
  ['a key in the header', () => withKeyInHeader(makeKeyPair('RS256')), 'user_jwt_signature_invalid'],
  [
    'an address of keys in the header',
    () => signWith(makeKeyPair('ES256'), claims(), { jku: 'https://evil.test/jwks', x5u: 'https://evil.test/x5u' }),
    'user_jwt_signature_invalid',
  ],
  ['a certificate in the header', () => signWith(makeKeyPair('RS256'), claims(), { x5c: ['MIIB'] }), 'user_jwt_signature_invalid'],
  ['crit', () => signWith(ES256, claims(), { crit: ['exp'] }), 'user_jwt_malformed'],
  ['an unencoded payload', () => signWith(ES256, claims(), { b64: false }), 'user_jwt_malformed'],
  ['another kind of token', () => signWith(ES256, claims(), { typ: 'at+jwt' }), 'user_jwt_malformed'],
] as const)
  test(`a token with ${attack} signs nobody in, and asks nobody outside`, async () => {
    const [before, asked] = [await contacts(), internet.asked.length]
    const response = await boot(await forge())
    assert.deepEqual([response.statusCode, errorOf(response)], [401, 'user_jwt_invalid'], response.body)
    assert.equal(response.headers['set-cookie'], undefined)
    assert.equal(await lastRefusal(), precise)
    assert.deepEqual([await contacts(), internet.asked.length], [before, asked])
  })

for (const [flaw, more, code] of [
  ['no iss', { iss: undefined }, 'user_jwt_issuer_mismatch'],
  ['another iss', { iss: 'https://id.acme.test' }, 'user_jwt_issuer_mismatch'],
  ['iss in a list', { iss: [ISSUER] }, 'user_jwt_issuer_mismatch'],
  ['no aud', { aud: undefined }, 'user_jwt_audience_mismatch'],
  ['another aud', { aud: 'billing' }, 'user_jwt_audience_mismatch'],
  ['the app_id as aud', { aud: 'acme' }, 'user_jwt_audience_mismatch'],
  ['the aud of the cookie door', { aud: [AUDIENCE, 'acme:cookie'] }, 'user_jwt_only_for_cookie'],
  ['no user_id', { user_id: undefined, sub: 'ada' }, 'user_jwt_user_id_missing'],
  ['a user_id that lost its fraction', { user_id: 1.5 }, 'user_jwt_user_id_invalid'],
  ['an exp in the past', { exp: 1 }, 'user_jwt_expired'],
] as const)
  test(`a public key's token with ${flaw} is refused by its name`, async () => {
    const before = await contacts()
    const response = await boot(signWith(PS256, claims(more)))
    assert.equal(errorOf(response), code)
    assert.equal(await contacts(), before)
  })

test('an aud in a list is taken, and of two keys of one pair the one with the token’s aud counts', async () => {
  const second = await addPasted('EdDSA', { audience: 'apps', name: 'for apps' })
  house.pass(1001)
  assert.equal((await boot(signWith(EdDSA, claims({ aud: ['x', AUDIENCE] })))).statusCode, 200)
  assert.equal((await boot(signWith(EdDSA, claims({ aud: 'apps' })))).statusCode, 200)
  await retireSigningKey(house.db, house.acme, second.kid, { now: house.now(), endSessions: false })
})

test('claims are renamed by the mapping of their key, by name or by path, and no other claim is the user_id', async () => {
  const pair = makeKeyPair('ES256')
  const mapping = { user_id: 'oid', company: 'tenant', plan: 'https://acme.com/plan', seats: 'app.limits.seats' }
  await addPasted('ES256', { text: pair.pem, issuer: 'https://mapped.test', claims: mapping })
  house.pass(1001)
  const said = { iss: 'https://mapped.test', oid: 'mapped', tenant: 't-1', 'https://acme.com/plan': 'gold', app: { limits: { seats: 7 } } }
  const response = await boot(signWith(pair, claims({ ...said, user_id: 'forged', email: 'x@acme.test', email_verified: false })))
  const { contact } = response.json()
  assert.deepEqual([contact.user_id, contact.email], ['mapped', null], response.body)
  const attributes = await house.db.selectFrom('contact_attributes').selectAll().where('contact_id', '=', contact.id).execute()
  assert.ok(attributes.some(({ name, text_value }) => name === 'plan' && text_value === 'gold'))
  assert.ok(attributes.some(({ name, number_value }) => name === 'seats' && number_value === 7))
  const companies = await house.db.selectFrom('companies').selectAll().where('company_id', '=', 't-1').execute()
  assert.equal(companies.length, 1)
  const without = await boot(signWith(pair, claims({ ...said, oid: undefined, user_id: 'forged' })))
  assert.equal(errorOf(without), 'user_jwt_user_id_missing')
})

test('a login link signed with a public key works once, and a provider’s hour-long token is too long for it', async () => {
  const token = signWith(RS256, claims({ user_id: 'by-link', jti: 'once' }))
  const state = { headers: { 'sec-fetch-site': 'same-site' }, form: true }
  const browser = house.browser()
  assert.equal((await browser.post('/login/jwt', { jwt: token, return_to: '/tickets' }, state)).statusCode, 303)
  assert.equal((await browser.get('/tickets')).statusCode, 200)
  assert.equal((await house.browser().post('/login/jwt', { jwt: token }, state)).statusCode, 401)
  assert.equal((await boot(token)).statusCode, 401)
  const long = signWith(RS256, claims({ exp: seconds() + 3600 }))
  assert.match((await house.browser().post('/login/jwt', { jwt: long }, state)).body, /lives longer than this door allows/)
})

test('what docs/login.md signs with a private key signs in', async () => {
  const page = readFileSync(new URL('../../../docs/login.md', import.meta.url), 'utf8')
  const [, code = ''] = /^Signed in Node with that private key:\n```js\n([^]*?)```$/m.exec(page) ?? []
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-docs-'))
  const pair = makeKeyPair('EdDSA')
  writeFileSync(join(folder, 'private.pem'), pair.privateKey.export({ type: 'pkcs8', format: 'pem' }))
  writeFileSync(join(folder, 'sign.mjs'), `${code}\nprocess.stdout.write(signWithPrivateKey({ user_id: 'by-the-page' }, 120))`)
  const token = execFileSync(process.execPath, ['sign.mjs'], { cwd: folder, encoding: 'utf8' })
  rmSync(folder, { recursive: true })
  await addPasted('EdDSA', { text: pair.pem, issuer: 'https://app.acme.com' })
  // The page signs for today; this house lives in another year.
  house.pass(Date.now() - house.now())
  assert.equal((await boot(token)).json().contact?.user_id, 'by-the-page')
})

test('a key of another workspace, named by its kid, signs nobody in here', async () => {
  const pair = makeKeyPair('ES256')
  const common = { name: 'theirs', algorithm: 'ES256' as const, issuer: ISSUER, audience: AUDIENCE, now: house.now() }
  const { kid } = await addPublicKey(house.db, house.globex, { ...common, text: pair.pem })
  house.pass(1001)
  for (const header of [{}, { kid }]) assert.equal(errorOf(await boot(signWith(pair, claims(), header))), 'user_jwt_invalid')
})

test('a retired public key is refused within seconds, and can take its sessions along', async () => {
  const pair = makeKeyPair('EdDSA')
  const { kid } = await addPasted('EdDSA', { text: pair.pem, issuer: 'https://old.test' })
  house.pass(1001)
  const browser = house.browser()
  const token = signWith(pair, claims({ iss: 'https://old.test', user_id: 'leaving' }))
  assert.equal((await browser.boot(token)).statusCode, 200)
  await retireSigningKey(house.db, house.acme, kid, { now: house.now(), endSessions: true })
  house.pass(1001)
  assert.equal((await browser.boot()).json().contact.role, 'visitor')
  assert.equal(errorOf(await boot(token)), 'user_jwt_invalid')
  assert.equal(await lastRefusal(), 'user_jwt_key_retired')
})

test('what is wrong with a new public key is said, and nothing is kept', async () => {
  const before = (await listSigningKeys(house.db, house.acme)).length
  const code = (expected: string) => (error: unknown) => error instanceof Error && error.message === expected
  await assert.rejects(addPasted('RS256', { issuer: ' ' }), code('parameter_invalid'))
  await assert.rejects(addPasted('RS256', { issuer: 'mailto:' }), code('parameter_invalid'))
  await assert.rejects(addPasted('RS256', { audience: '' }), code('parameter_invalid'))
  await assert.rejects(addPasted('RS256', { platforms: [] }), code('parameter_invalid'))
  await assert.rejects(addPasted('RS256', { claims: { exp: 'x' } }), code('parameter_invalid'))
  await assert.rejects(addPasted('RS256', { text: RS256.privateKey.export({ type: 'pkcs8', format: 'pem' }) }), code('signing_key_private'))
  await assert.rejects(addPasted('RS256', { text: ES256.pem }), code('signing_key_unusable'))
  for (const url of ['http://id.acme.test/jwks', 'ftp://id.acme.test', 'jwks', '', 'http://localhost.evil.test/jwks'])
    await assert.rejects(addPublished({ url }), code('parameter_invalid'))
  for (const body of ['', '[]', '{}', { keys: 'none' }, { keys: [] }, { keys: [ES256.jwk] }, { keys: [makeKeyPair('RS256', 1024).jwk] }]) {
    internet.sites.set(JWKS, () => ({ body }))
    await assert.rejects(addPublished(), code('jwks_unreadable'))
  }
  internet.sites.set(JWKS, () => ({ status: 500 }))
  await assert.rejects(addPublished(), code('jwks_unreadable'))
  internet.sites.delete(JWKS)
  await assert.rejects(addPublished(), code('jwks_unreadable'))
  assert.equal((await listSigningKeys(house.db, house.acme)).length, before)
})

test('a JWKS: keys come and go at their address, which is asked at most once a minute', async () => {
  const [first, second, third] = [makeKeyPair('RS256'), makeKeyPair('RS256'), makeKeyPair('RS256')]
  const globex = (token: string) => house.browser(house.tenants.globex).boot(token)
  const provider = (pair: KeyPair, more: object = {}, header: object = {}) => {
    const payload = {
      iss: ISSUER,
      aud: AUDIENCE,
      sub: 'auth0|ada',
      org: 'org_1',
      azp: 'client',
      email: 'ada@engines.test',
      exp: seconds() + 120,
    }
    return signWith(pair, { ...payload, ...more }, { ...header })
  }
  const publish = (...keys: KeyPair[]) => internet.sites.set(JWKS, () => ({ body: { keys: keys.map(({ jwk }) => jwk) } }))
  const asked = () => internet.asked.filter((url) => url === JWKS).length
  publish(first)
  internet.asked.length = 0
  const { kid } = await addPublished()
  house.pass(1001)
  assert.equal(asked(), 1)

  const { contact } = (await globex(provider(first))).json()
  assert.deepEqual([contact.user_id, contact.email], ['auth0|ada', 'ada@engines.test'])
  const attributes = await house.db.selectFrom('contact_attributes').select('name').where('contact_id', '=', contact.id).execute()
  assert.deepEqual(attributes, [], 'what a provider says about its token is no attribute')
  assert.equal((await globex(provider(first, { sub: undefined, user_id: 'auth0|ada' }))).statusCode, 401, 'sub is the user_id, not user_id')
  assert.equal(asked(), 1, 'a known key asks nobody')

  publish(first, second)
  const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => globex(provider(second, { sub: `many-${index}` }))))
  assert.deepEqual([...new Set(answers.map(({ statusCode }) => statusCode))], [200])
  assert.equal(asked(), 2, 'twenty at once share one reading')

  publish(second, third)
  assert.equal((await globex(provider(third))).statusCode, 401, 'within the minute nobody is asked again')
  for (const odd of [
    provider(third, { iss: 'https://evil.test/' }),
    provider(makeKeyPair('ES256')),
    provider(third, {}, { kid: second.kid }),
  ]) {
    house.pass(MINUTE)
    assert.equal((await globex(odd)).statusCode, 401)
  }
  assert.equal(asked(), 2, 'another issuer, another algorithm or a known kid asks nobody')
  assert.equal((await globex(provider(third))).statusCode, 200)
  assert.equal(asked(), 3)
  assert.equal((await globex(provider(first))).statusCode, 401, 'what is published no longer signs nobody in')

  internet.sites.set(JWKS, () => ({ status: 503 }))
  house.pass(11 * MINUTE)
  assert.equal((await globex(provider(third))).statusCode, 200, 'while the address fails, what was read goes on')
  await house.app.keyring.settled()
  assert.equal(asked(), 4, 'old keys are read again in the background')
  const row = (await listSigningKeys(house.db, house.globex)).find((key) => key.kid === kid)
  assert.equal(row?.fetch_fault, 'It answers with status 503.')
  house.pass(25 * HOUR)
  assert.equal((await globex(provider(third))).statusCode, 401, 'but not for ever')
  assert.equal(await lastRefusal(house.globex), 'user_jwt_jwks_unreachable')
  publish(third)
  house.pass(MINUTE)
  assert.equal((await globex(provider(third))).statusCode, 200)
  await retireSigningKey(house.db, house.globex, kid, { now: house.now(), endSessions: false })
})

test('over a real connection a JWKS is read where the operator allows it, and neither elsewhere nor behind a redirect', async () => {
  const pair = makeKeyPair('EdDSA')
  const server = createServer((request, response) => {
    if (request.url === '/moved') return void response.writeHead(302, { location: '/jwks' }).end()
    response.setHeader('content-type', 'application/jwk-set+json').end(JSON.stringify({ keys: [pair.jwk] }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/jwks`
  const common = { name: 'Here', algorithm: 'EdDSA' as const, issuer: url, audience: AUDIENCE, now: house.now(), assertsUserId: false }
  const add = (allow: string[], address = url) =>
    addJwks(house.db, openHttpClient({ allow, ports: [port] }), house.acme, { ...common, url: address })
  await assert.rejects(add([]), { detail: /127\.0\.0\.1, which is not a public address/ })
  await assert.rejects(add(['127.0.0.1'], `http://127.0.0.1:${port}/moved`), { detail: /redirects \(302\)/ })
  const { published_keys } = await add(['127.0.0.1'])
  server.close()
  assert.equal(published_keys, JSON.stringify({ keys: [{ ...pair.publicKey.export({ format: 'jwk' }), kid: pair.kid }] }))
  house.pass(1001)
  const response = await boot(signWith(pair, { iss: url, aud: AUDIENCE, sub: 'here', exp: seconds() + 120 }))
  assert.equal(response.json().contact?.role, 'user', response.body)
})

test('one JWKS of a workspace may say user_ids; another vouches for what its issuer calls the person', async () => {
  const [ours, theirs] = [makeKeyPair('RS256'), makeKeyPair('RS256')]
  internet.sites.set(JWKS, () => ({ body: { keys: [ours.jwk] } }))
  internet.sites.set('https://partner.test/jwks', () => ({ body: { keys: [theirs.jwk] } }))
  const partner = { url: 'https://partner.test/jwks', issuer: 'https://partner.test' }
  const first = await addPublished()
  await assert.rejects(addPublished(partner), { message: 'jwks_asserts_user_id_already' })
  await addPublished({ ...partner, assertsUserId: false, claims: { user_id: 'sub' } })
  house.pass(1001)
  const token = (more: object = {}) => signWith(theirs, { iss: partner.issuer, aud: AUDIENCE, sub: 'ada', exp: seconds() + 120, ...more })
  const browser = house.browser(house.tenants.globex)
  await house.browser(house.tenants.globex).boot(signWith(ours, { iss: ISSUER, aud: AUDIENCE, sub: 'ada', exp: seconds() + 120 }))
  const response = await browser.boot(token({ user_id: 'ada', name: 'Ada of the partner' }))
  assert.equal(response.statusCode, 200, response.body)
  const { contact } = response.json()
  assert.deepEqual([contact.role, contact.user_id, contact.name], ['user', null, 'Ada of the partner'])
  const again = await house.browser(house.tenants.globex).boot(token())
  assert.equal(again.json().contact.id, contact.id, 'the same subject is the same contact')
  assert.equal(errorOf(await house.browser(house.tenants.globex).boot(token(), { user_id: 'ada' })), 'user_id_mismatch')
  assert.equal(errorOf(await house.browser(house.tenants.globex).boot(token({ sub: '' }))), 'user_jwt_user_id_missing')
  await retireSigningKey(house.db, house.globex, first.kid, { now: house.now(), endSessions: false })
  assert.equal((await addPublished()).asserts_user_id, 1, 'a retired one makes room')
})

test('a refused token that names somebody else in its issuer’s words ends the session that stands', async () => {
  const pair = makeKeyPair('ES256')
  await addPasted('ES256', { text: pair.pem, issuer: 'https://words.test', claims: { user_id: 'uid' } })
  house.pass(1001)
  const browser = house.browser()
  await browser.boot(ada)
  const said = { iss: 'https://words.test', uid: 'ben', user_id: undefined, exp: 1 }
  assert.equal(errorOf(await browser.boot(signWith(pair, claims(said)))), 'user_jwt_expired')
  assert.equal((await browser.boot()).json().contact.role, 'visitor')
})

test('the database itself keeps a public key from being a secret, and a secret from being public', async () => {
  const { row } = await createSecret(house.db, house.encryption, house.acme, { name: 'third', now: house.now() })
  for (const values of [
    { kind: 'public_key' as const },
    { algorithm: 'RS256' as const },
    { issuer: ISSUER },
    { asserts_user_id: 0 as const },
  ])
    await assert.rejects(
      house.db.updateTable('signing_keys').set(values).where('workspace_id', '=', house.acme.id).where('id', '=', row.id).execute(),
    )
  const pasted = (await listSigningKeys(house.db, house.acme)).find(({ kind }) => kind === 'public_key')
  await assert.rejects(
    house.db
      .updateTable('signing_keys')
      .set({ algorithm: 'HS256' })
      .where('workspace_id', '=', house.acme.id)
      .where('id', '=', pasted?.id ?? row.id)
      .execute(),
  )
})

async function kidOf(algorithm: PublicAlgorithm): Promise<string> {
  const row = (await listSigningKeys(house.db, house.acme)).find((key) => key.name === algorithm)
  return row?.kid ?? assert.fail(`There is no ${algorithm} key.`)
}

function withKeyInHeader(pair: KeyPair): string {
  return signWith(pair, claims(), { jwk: pair.jwk, kid: undefined })
}
