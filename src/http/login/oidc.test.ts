import assert from 'node:assert/strict'
import { after, afterEach, before, suite, test } from 'node:test'
import { createAudience } from '#domain/audiences/audiences.ts'
import { createHelpCenter } from '#domain/articles/help-centers.ts'
import { importArticles } from '#domain/articles/import-articles.ts'
import { addProvider, removeProvider, type NewProvider } from '#domain/openid/providers.ts'
import { ada, ben } from '#test/cast.ts'
import { dumpTables } from '#test/desk.ts'
import { openHouse, pathLedTo, type Browser, type House, type Tenant } from '#test/house.ts'
import { openProvider, type Bent, type OpenIdProvider } from '#test/openid-provider.ts'

let house: House
let idp: OpenIdProvider
let id: number
before(async () => {
  idp = await openProvider()
  house = await openHouse({
    LATCHKEY_OUTGOING_ALLOW: '127.0.0.1',
    LATCHKEY_OUTGOING_PORTS: String(idp.port),
    LATCHKEY_REFUSED_BOOTS_PER_MINUTE: '100000',
  })
  idp.now = house.now
  idp.person = person
  id = await add()
  await openShelf()
})
after(async () => {
  await house.close()
  await idp.close()
})
afterEach(() => {
  idp.bent = {}
  idp.person = person
})

const person = { sub: 'u-1', email: 'augusta@king.test', email_verified: true, name: 'Augusta King' }
const own = { origin: 'https://help.acme.test', headers: { 'sec-fetch-site': 'same-origin' }, form: true }
const cookieNames = (browser: Browser) => [...browser.cookies.keys()].toSorted()
const contactOf = async (browser: Browser) => (await browser.boot()).json().contact
const contacts = () => house.db.selectFrom('contacts').selectAll().execute()

async function add(more: Partial<NewProvider> = {}, tenant: Tenant = house.tenants.acme): Promise<number> {
  const provider = { name: 'Engines ID', issuer: idp.issuer, ...idp.client, ...more, now: house.now() }
  const row = await addProvider(house.db, house.encryption, tenant.workspace, provider)
  house.pass(1001)
  return row.id
}

async function openShelf() {
  const { db, acme } = house
  await createHelpCenter(db, acme, { name: 'Acme', default_locale: 'en', locales: ['en'] }, house.now())
  await createAudience(db, acme, { name: 'users', roles: ['user'] })
  const rules = [{ subject: 'contact', attribute: 'groups', operator: 'contains', value: 'staff' }] as const
  await createAudience(db, acme, { name: 'staff', roles: ['user'], rules })
  const article = { locale: 'en', description: '', collection: 'all', markdown: 'Words.' }
  const articles = ['users', 'staff'].map((name) => ({ ...article, title: `For ${name}`, path: name, audience: name }))
  await importArticles(db, acme, { articles, collections: { all: { en: { name: 'All' } } } }, house.now())
}

/** To the provider and, with what it says, to the address it sends the browser back to. */
async function goAndReturn(browser: Browser, { provider = id, returnTo = '/en' } = {}): Promise<string> {
  const away = await browser.get(`/login/oidc/start?provider=${provider}&return_to=${encodeURIComponent(returnTo)}`)
  assert.equal(away.statusCode, 303, away.body)
  const answer = await fetch(String(away.headers.location), { redirect: 'manual' })
  return String(answer.headers.get('location')).replace('https://help.acme.test', '').replace('https://help.globex.test', '')
}

async function signIn(browser = house.browser(), options = {}): Promise<Browser> {
  const done = await browser.get(await goAndReturn(browser, options))
  assert.equal(done.statusCode, 303, done.body)
  return browser
}

suite('a provider’s word', () => {
  test('signs its person in as a user without a user_id, and leads to where they wanted', async () => {
    const browser = house.browser()
    const done = await browser.get(await goAndReturn(browser, { returnTo: '/tickets?view=company' }))
    assert.deepEqual([done.statusCode, done.headers.location], [303, '/tickets?view=company'])
    assert.match(String(done.headers['cache-control']), /no-store/)
    assert.equal(done.headers['referrer-policy'], 'no-referrer')
    assert.deepEqual(cookieNames(browser), ['__Host-latchkey'])
    const contact = await contactOf(browser)
    assert.deepEqual(
      [contact.role, contact.user_id, contact.email, contact.name, contact.claimed],
      ['user', null, person.email, person.name, false],
    )
  })

  test('is asked for with PKCE, state and nonce, and with what the provider needs to come back', async () => {
    const away = new URL(String((await house.browser().get(`/login/oidc/start?provider=${id}`)).headers.location))
    const asked = Object.fromEntries(away.searchParams)
    assert.equal(away.origin + away.pathname, `${idp.issuer}/authorize`)
    assert.deepEqual(
      [asked['response_type'], asked['client_id'], asked['redirect_uri'], asked['scope'], asked['code_challenge_method']],
      ['code', 'help-center', 'https://help.acme.test/login/oidc/callback', 'openid email profile', 'S256'],
    )
    for (const secret of ['state', 'nonce', 'code_challenge']) assert.equal(asked[secret]?.length, 43)
    assert.equal(new Set([asked['state'], asked['nonce'], asked['code_challenge']]).size, 3)
  })

  test('is the same contact every time, with the name and address that it has now', async () => {
    const first = await contactOf(await signIn())
    idp.person = { ...person, email: 'a.king@king.test', name: 'A. King' }
    const second = await contactOf(await signIn())
    assert.deepEqual([second.id, second.email, second.name], [first.id, 'a.king@king.test', 'A. King'])
  })

  test('opens users-only articles and the portal, by its groups what is meant for them, and no site that wants a user_id', async () => {
    const browser = await signIn()
    const titles = async (browser: Browser) => {
      const { body } = await browser.get('/en/search?q=words')
      return ['staff', 'users'].filter((name) => body.includes(`For ${name}`))
    }
    assert.deepEqual(await titles(browser), ['users'])
    assert.equal((await browser.get('/tickets')).statusCode, 200)
    assert.equal((await browser.get('/login/verify')).statusCode, 401)
    idp.person = { ...person, groups: ['staff', 'help'] }
    assert.deepEqual(await titles(await signIn()), ['staff', 'users'])
    assert.deepEqual(await titles(house.browser()), [])
  })

  test('asks first where somebody else’s session stands, and the visitor’s words follow only the one who came by', async () => {
    const browser = house.browser()
    await browser.boot()
    await browser.post('/messenger/conversations', { client_id: 'o-1', body: 'Written before' })
    await signIn(browser)
    assert.match((await browser.get('/messenger/conversations')).body, /Written before/)
    const other = house.browser()
    const back = await goAndReturn(other)
    await other.boot(ben)
    assert.equal(pathLedTo(await other.get(back)), '/login/continue')
    assert.match((await other.get('/login/continue')).body, /Continue as Augusta King/)
    assert.equal((await contactOf(other)).user_id, 'ben')
    assert.equal((await other.post('/login/continue', {}, own)).statusCode, 303)
    assert.equal((await contactOf(other)).email, person.email)
  })

  test('somebody new who is asked first is nobody here until they press Continue', async () => {
    idp.person = { ...person, sub: 'hesitates' }
    const before = (await contacts()).length
    const browser = house.browser()
    const back = await goAndReturn(browser)
    await browser.boot(ada)
    await browser.get(back)
    const known = (await contacts()).length
    assert.equal(known, before + 1)
    await browser.post('/login/continue', {}, own)
    assert.equal((await contacts()).length, known + 1)
  })

  test('two tabs at once both come back', async () => {
    const browser = house.browser()
    const [one, two] = [await goAndReturn(browser, { returnTo: '/en' }), await goAndReturn(browser, { returnTo: '/tickets' })]
    const kept = new Map(browser.cookies)
    assert.equal((await browser.get(two)).headers.location, '/tickets')
    const second = house.browser()
    for (const [name, value] of kept) second.cookies.set(name, value)
    assert.equal((await second.get(one)).headers.location, '/en')
  })

  test('counts where the provider signs with the other algorithm that was chosen for it', async () => {
    idp.client = { ...idp.client, client_id: 'elliptic' }
    const elliptic = await add({ client_id: 'elliptic', id_token_alg: 'ES256' })
    idp.bent = { alg: 'ES256' }
    assert.equal((await contactOf(await signIn(house.browser(), { provider: elliptic }))).role, 'user')
    idp.client = { ...idp.client, client_id: 'help-center' }
    await removeProvider(house.db, house.acme, elliptic)
    house.pass(1001)
  })
})

suite('an address', () => {
  test('that equals an existing user’s makes nobody that user, verified or not', async () => {
    await house.browser().boot(ada)
    const before = await house.db.selectFrom('contacts').selectAll().where('external_id', '=', 'ada').executeTakeFirstOrThrow()
    for (const email_verified of [false, true, undefined, 'true']) {
      idp.person = { ...person, sub: `mallory-${typeof email_verified}-${String(email_verified)}`, email: ada.email, email_verified }
      const contact = await contactOf(await signIn())
      assert.notEqual(contact.id, before.id)
      assert.deepEqual([contact.user_id, contact.email], [null, email_verified === true ? ada.email : null])
    }
    const after = await house.db.selectFrom('contacts').selectAll().where('external_id', '=', 'ada').executeTakeFirstOrThrow()
    assert.deepEqual(after, before)
  })

  test('a subject that equals a user_id is not that user, and a token with that user_id is not the subject', async () => {
    idp.person = { ...person, sub: 'ada' }
    const contact = await contactOf(await signIn())
    const user = house.browser()
    await user.boot(ada)
    assert.notEqual((await contactOf(user)).id, contact.id)
  })

  test('of another domain than the provider’s list is refused, and so is one that is not verified', async () => {
    idp.client = { ...idp.client, client_id: 'staff-only' }
    const staff = await add({ client_id: 'staff-only', email_domains: ['King.test', '@engines.test'] })
    assert.equal((await contactOf(await signIn(house.browser(), { provider: staff }))).email, person.email)
    for (const [email, email_verified] of [
      ['ada@elsewhere.test', true],
      ['ada@evil-king.test', true],
      ['ada@sub.king.test', true],
      ['ada@king.test', false],
      ['ada@king.test@elsewhere.test', true],
    ] as const) {
      idp.person = { ...person, sub: `x-${email}`, email, email_verified }
      const before = await contacts()
      const browser = house.browser()
      const refused = await browser.get(await goAndReturn(browser, { provider: staff }))
      assert.deepEqual([refused.statusCode, refused.body.includes('provider_email_not_allowed')], [403, true])
      assert.deepEqual(await contacts(), before)
    }
    idp.client = { ...idp.client, client_id: 'help-center' }
    await removeProvider(house.db, house.acme, staff)
    house.pass(1001)
  })
})

const without = (claim: string) => (claims: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(claims).filter(([name]) => name !== claim))
const seconds = () => Math.floor(house.now() / 1000)
const bends: [flaw: string, bent: Bent, status: number, code: string][] = [
  ['with another nonce', { claims: (claims) => ({ ...claims, nonce: 'another' }) }, 401, 'provider_answer_invalid'],
  ['without a nonce', { claims: without('nonce') }, 401, 'provider_answer_invalid'],
  ['for another client', { claims: (claims) => ({ ...claims, aud: 'another-client' }) }, 401, 'provider_answer_invalid'],
  [
    'for several clients, by another one',
    { claims: (claims) => ({ ...claims, aud: ['help-center', 'x'], azp: 'x' }) },
    401,
    'provider_answer_invalid',
  ],
  ['of another issuer', { claims: (claims) => ({ ...claims, iss: 'https://evil.test' }) }, 401, 'provider_answer_invalid'],
  ['that has expired', { claims: (claims) => ({ ...claims, exp: seconds() - 120 }) }, 401, 'provider_answer_invalid'],
  ['without exp', { claims: without('exp') }, 401, 'provider_answer_invalid'],
  [
    'from the future',
    { claims: (claims) => ({ ...claims, iat: seconds() + 3600, nbf: seconds() + 3600 }) },
    401,
    'provider_answer_invalid',
  ],
  ['without a subject', { claims: without('sub') }, 401, 'provider_answer_invalid'],
  ['with a subject of 256 characters', { claims: (claims) => ({ ...claims, sub: 'x'.repeat(256) }) }, 401, 'provider_answer_invalid'],
  ['signed with a key that is not the provider’s', { foreignKey: true }, 401, 'provider_answer_invalid'],
  ['signed with another algorithm than was chosen', { alg: 'ES256' }, 401, 'provider_answer_invalid'],
  ['that does not come, because the token endpoint fails', { tokenStatus: 500 }, 401, 'provider_answer_invalid'],
  ['that does not come, because the person refused', { error: 'access_denied' }, 401, 'provider_refused'],
  ['with a state of nobody', { state: 'x'.repeat(43) }, 403, 'login_state_invalid'],
  ['that names another issuer in the address', { iss: 'https://evil.test' }, 401, 'provider_answer_invalid'],
]

suite('an answer is refused, and nothing is left behind', () => {
  for (const [flaw, bent, status, code] of bends)
    test(flaw, async () => {
      idp.person = { ...person, sub: 'refused' }
      idp.bent = bent
      const browser = house.browser()
      const back = await goAndReturn(browser)
      const before = await dumpTables(house)
      const refused = await browser.get(back)
      assert.deepEqual([refused.statusCode, refused.body.includes(code)], [status, true], refused.body)
      assert.doesNotMatch(refused.body, /Words of the provider|eyJ/)
      assert.match(refused.body, /href="\/login\?return_to=/)
      assert.deepEqual(cookieNames(browser), ['__Host-latchkey-state'])
      const after = await dumpTables(house)
      for (const table of ['contacts', 'contact_identities', 'sessions', 'pending_logins'])
        assert.equal(after.get(table), before.get(table), table)
      await house.app.decisions.flush()
      const log = await house.db.selectFrom('login_log').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()
      assert.deepEqual([log.door, log.outcome, log.code], ['oidc', 'refused', code])
    })

  test('the same answer a second time', async () => {
    const browser = house.browser()
    const back = await goAndReturn(browser)
    const kept = new Map(browser.cookies)
    assert.equal((await browser.get(back)).statusCode, 303)
    const thief = house.browser()
    for (const [name, value] of kept) thief.cookies.set(name, value)
    assert.equal((await thief.get(back)).statusCode, 403)
  })

  test('an answer that another browser, or nobody here, asked for: an attacker’s word signs no victim in', async () => {
    const attacker = house.browser()
    const back = await goAndReturn(attacker)
    const victim = house.browser()
    assert.equal((await victim.get(back)).statusCode, 403)
    await goAndReturn(victim)
    assert.equal((await victim.get(back)).statusCode, 403)
    assert.ok(!victim.cookies.has('__Host-latchkey'))
  })

  test('an answer on a host of another workspace, and a provider of another workspace', async () => {
    const browser = house.browser()
    const back = await goAndReturn(browser)
    const stranger = house.browser(house.tenants.globex)
    for (const [name, value] of browser.cookies) stranger.cookies.set(name, value)
    assert.equal((await stranger.get(back)).statusCode, 403)
    assert.equal((await stranger.get(`/login/oidc/start?provider=${id}`)).statusCode, 404)
  })

  test('an answer that took more than ten minutes', async () => {
    const browser = house.browser()
    const back = await goAndReturn(browser)
    house.pass(10 * 60_000)
    assert.equal((await browser.get(back)).statusCode, 403)
  })

  test('who is blocked', async () => {
    idp.person = { ...person, sub: 'blocked', email: 'blocked@king.test' }
    await signIn()
    await house.db.updateTable('contacts').set({ blocked_at: house.now() }).where('email', '=', 'blocked@king.test').execute()
    const browser = house.browser()
    assert.equal((await browser.get(await goAndReturn(browser))).statusCode, 403)
    assert.ok(!browser.cookies.has('__Host-latchkey'))
  })

  test('a provider that was removed while its person was away', async () => {
    idp.client = { ...idp.client, client_id: 'removed' }
    const removed = await add({ client_id: 'removed' })
    const browser = house.browser()
    const back = await goAndReturn(browser, { provider: removed })
    await removeProvider(house.db, house.acme, removed)
    house.pass(1001)
    assert.equal((await browser.get(back)).statusCode, 403)
    idp.client = { ...idp.client, client_id: 'help-center' }
  })

  test('a client secret that the provider does not know', async () => {
    const right = idp.client
    const browser = house.browser()
    const back = await goAndReturn(browser)
    idp.client = { ...right, client_secret: 'another' }
    assert.equal((await browser.get(back)).statusCode, 401)
    idp.client = right
  })

  test('a provider that is not there, or may not be asked', async () => {
    const gone = await openProvider()
    await gone.close()
    for (const issuer of [gone.issuer, 'http://10.1.2.3', 'http://169.254.169.254', 'https://localhost']) {
      const away = await add({ issuer, client_id: `gone-${issuer}` })
      const before = await dumpTables(house)
      const answer = await house.browser().get(`/login/oidc/start?provider=${away}&return_to=/tickets`)
      assert.deepEqual([answer.statusCode, answer.body.includes('provider_unreachable')], [502, true], answer.body)
      assert.match(answer.body, /return_to=%2Ftickets/)
      assert.equal((await dumpTables(house)).get('oidc_logins'), before.get('oidc_logins'))
      await removeProvider(house.db, house.acme, away)
      house.pass(1001)
    }
  })
})

test('what is stored signs nobody in: no state, no nonce, no verifier, no client secret in clear', async () => {
  const browser = house.browser()
  const away = new URL(String((await browser.get(`/login/oidc/start?provider=${id}`)).headers.location))
  const dump = [...(await dumpTables(house)).values()].join('\n')
  const secrets = [
    ...['state', 'nonce', 'code_challenge'].map((name) => away.searchParams.get(name) ?? '?'),
    ...browser.cookies.values(),
    idp.client.client_secret,
  ]
  assert.deepEqual(
    secrets.filter((secret) => dump.includes(secret)),
    [],
  )
})

test('of many who set out at one time, one asks the provider', async () => {
  house.pass(11 * 60_000)
  idp.asked.length = 0
  const away = await Promise.all(Array.from({ length: 20 }, () => house.browser().get(`/login/oidc/start?provider=${id}`)))
  assert.ok(away.every(({ statusCode }) => statusCode === 303))
  assert.deepEqual(idp.asked, ['/.well-known/openid-configuration'])
})

test('discovery is asked once in a while, the keys once in a while, the token endpoint every time', async () => {
  await signIn()
  idp.asked.length = 0
  await signIn()
  await signIn()
  assert.deepEqual(idp.asked.toSorted(), ['/authorize', '/authorize', '/token', '/token'])
})
