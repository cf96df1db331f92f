import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, before, suite, test } from 'node:test'
import { SignJWT } from 'jose'
import type { KeyRow, KeysAnswer, LoginSettings, ProviderRow, ProvidersAnswer, TokenTestAnswer } from '#shared/login-settings.ts'
import { storePassword } from '#domain/teammates/passwords.ts'
import { signJwt } from '#test/cast.ts'
import { openHouse, type House } from '#test/house.ts'
import { openProvider, type OpenIdProvider } from '#test/openid-provider.ts'
import { askingAs, openTeammate, type TeamBrowser } from '#test/team.ts'

let house: House
let owner: TeamBrowser
let idp: OpenIdProvider
before(async () => {
  idp = await openProvider()
  house = await openHouse({ LATCHKEY_OUTGOING_ALLOW: '127.0.0.1', LATCHKEY_OUTGOING_PORTS: String(idp.port) })
  ;({ browser: owner } = await openTeammate(house, house.tenants.acme, 'owner'))
})
after(async () => {
  await house.close()
  await idp.close()
})

const { read, tell } = askingAs(() => owner)

suite('public keys', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = { name: 'Identity provider', platforms: ['web'], algorithm: 'ES256', issuer: 'https://id.acme.test', audience: 'acme-app' }
  const tokenOf = async () =>
    new SignJWT({ user_id: 'ines', iss: key.issuer, aud: key.audience, exp: house.now() / 1000 + 60 })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(privateKey)

  test('a pasted public key signs users in, is named by the tester, and is retired like a secret', async () => {
    const text = publicKey.export({ type: 'spki', format: 'pem' })
    const row = await tell<KeyRow>('POST', '/app/login/public-keys', { ...key, text })
    assert.deepEqual([row.kind, row.algorithm, row.issuer, row.audience], ['public_key', 'ES256', key.issuer, key.audience])
    house.pass(1001)
    const token = await tokenOf()
    const verdict = await tell<TokenTestAnswer>('POST', '/app/login/token-tests', { token, door: 'boot', platform: 'web' })
    assert.deepEqual([verdict.accepted, verdict.user_id, verdict.key_name], [true, 'ines', 'Identity provider'])
    assert.equal((await house.browser().boot(token)).statusCode, 200)
    await tell('PUT', `/app/login/keys/${row.kid}/retired`, { end_sessions: false })
    house.pass(1001)
    assert.equal((await house.browser().boot(await tokenOf())).statusCode, 401)
  })

  for (const [what, body, code] of [
    ['a private key', { text: privateKey.export({ type: 'pkcs8', format: 'pem' }) }, 'signing_key_private'],
    ['no key', { text: 'hello' }, 'signing_key_unusable'],
    ['a key without an issuer', { text: 'x', issuer: ' ' }, 'parameter_invalid'],
  ] as const)
    test(`${what} is refused, and nothing is kept or written down`, async () => {
      const before = await read<KeysAnswer>('/app/login/keys')
      const answer = await owner.ask('POST', '/app/login/public-keys', { ...key, ...body })
      assert.match(answer.body, new RegExp(code))
      assert.deepEqual(await read<KeysAnswer>('/app/login/keys'), before)
    })

  test('an address that publishes no keys is refused with what was found there', async () => {
    const answer = await owner.ask('POST', '/app/login/jwks', { ...key, url: 'https://id.acme.invalid/jwks', may_assert_user_id: true })
    assert.match(answer.body, /jwks_unreadable/)
    assert.match(answer.body, /No keys could be read at https:\/\/id\.acme\.invalid\/jwks/)
  })
})

test('a token of another workspace is named to who is a teammate of both, and to nobody else', async () => {
  const token = signJwt({ user_id: 'ada', exp: house.now() / 1000 + 60 }, house.tenants.globex.secret)
  const both: Partial<Record<'acme' | 'globex', TeamBrowser>> = {}
  for (const name of ['acme', 'globex'] as const) {
    const { teammate, browser } = await openTeammate(house, house.tenants[name], 'agent', `both-${name}`)
    await house.db.updateTable('teammates').set({ email: 'both@engines.test' }).where('id', '=', teammate.id).execute()
    await storePassword(house.db, teammate, 'a hash of no password', house.now())
    both[name] = browser
  }
  const hintsTo = async (browser = owner) =>
    (await tell<TokenTestAnswer>('POST', '/app/login/token-tests', { token, door: 'boot', platform: 'web' }, browser)).hints.join(' ')
  assert.match(await hintsTo(both.acme), /your workspace Globex/)
  assert.doesNotMatch(await hintsTo(), /globex/i)
})

suite('other ways in', () => {
  test('a provider that answers is added with the way it signs, its secret comes out nowhere, and it is removed', async () => {
    const { client_id, client_secret } = idp.client
    const body = { name: 'Acme', issuer: idp.issuer, client_id, client_secret, email_domains: ['engines.test'] }
    const row = await tell<ProviderRow>('POST', '/app/login/providers', body)
    assert.deepEqual([row.name, row.id_token_alg, row.has_secret, row.email_domains], ['Acme', 'RS256', true, ['engines.test']])
    const listed = await owner.get('/app/login/providers')
    assert.ok(!listed.body.includes(client_secret))
    assert.deepEqual(listed.json<ProvidersAnswer>().redirect_urls, ['https://help.acme.test/login/oidc/callback'])
    house.pass(1001)
    assert.equal((await house.browser().get(`/login/oidc/start?provider=${row.id}`)).statusCode, 303)
    await tell('DELETE', `/app/login/providers/${row.id}`, undefined)
    assert.deepEqual((await read<ProvidersAnswer>('/app/login/providers')).providers, [])
    const rows = await house.db
      .selectFrom('audit_log')
      .select(['action', 'subject'])
      .where('action', 'like', 'provider.%')
      .orderBy('id')
      .execute()
    assert.deepEqual(
      rows.map(({ action, subject }) => [action, subject]),
      [
        ['provider.added', idp.issuer],
        ['provider.removed', idp.issuer],
      ],
    )
  })

  test('one that cannot be asked is refused with the reason, and nothing is kept', async () => {
    const body = { name: 'Nobody', issuer: `http://127.0.0.1:${idp.port}/nowhere`, client_id: 'x' }
    const answer = await owner.ask('POST', '/app/login/providers', body)
    assert.equal(answer.statusCode, 400)
    assert.match(answer.body, /It cannot be asked/)
    assert.deepEqual((await read<ProvidersAnswer>('/app/login/providers')).providers, [])
  })

  test('links by mail and the sign-in cookie are off until they are switched on', async () => {
    const before = await read<LoginSettings>('/app/login/settings')
    assert.deepEqual([before.email_links, before.cookie_door], [false, false])
    const after = await tell<LoginSettings>('PUT', '/app/login/settings', { email_links: true, cookie_door: true })
    assert.deepEqual([after.email_links, after.cookie_door], [true, true])
  })
})
