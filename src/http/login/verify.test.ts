import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { addHost } from '#domain/workspaces/workspaces.ts'
import { ada, ben } from '#test/cast.ts'
import { openHouse, type Browser, type House, type Tenant } from '#test/house.ts'

const DOCS = 'https://docs.acme.test'

let house: House
let docs: Tenant
before(async () => {
  house = await openHouse({ LATCHKEY_TRUSTED_PROXIES: '127.0.0.1, uniquelocal' })
  await addHost(house.db, house.acme, DOCS, house.now())
  docs = { ...house.tenants.acme, help: DOCS }
  await house.change({ login_url: 'https://app.acme.test/login' })
})
after(() => house.close())

const said = ({ headers }: Awaited<ReturnType<Browser['get']>>) => [
  headers['latchkey-user-id'],
  headers['latchkey-email'],
  headers['latchkey-contact-id'],
]
async function signedIn(person: object = ada): Promise<Browser> {
  const browser = house.browser(docs)
  await browser.boot(person)
  return browser
}

test('who is signed in by a token is named in headers, and nothing is stored', async () => {
  const browser = await signedIn()
  const answer = await browser.get('/login/verify')
  assert.equal(answer.statusCode, 200)
  const [user_id, email, contact_id] = said(answer)
  assert.deepEqual([user_id, email], ['ada', 'ada@engines.test'])
  assert.match(String(contact_id), /^[\da-f]{24}$/)
  assert.equal(answer.headers['cache-control'], 'private, no-store')
  assert.equal(answer.headers['set-cookie'], undefined)
  assert.equal(answer.body, '')
})

for (const [text, sent] of [
  ['Zoë Ünal', 'Zo%C3%AB%20%C3%9Cnal'],
  ['日本', '%E6%97%A5%E6%9C%AC'],
  ['50% off', '50%25%20off'],
  ['a,b;c="d"', 'a,b;c="d"'],
  ['👩‍🚀', encodeURIComponent('👩‍🚀')],
] as const)
  test(`the user_id ${text} travels as ${sent}`, async () => {
    const answer = await (await signedIn({ user_id: text })).get('/login/verify')
    assert.deepEqual([said(answer)[0], said(answer)[1]], [sent, undefined])
    assert.equal(decodeURIComponent(sent), text)
  })

for (const [who, browserOf] of [
  ['nobody', async () => house.browser(docs)],
  [
    'a visitor',
    async () => {
      const browser = house.browser(docs)
      await browser.boot()
      return browser
    },
  ],
  [
    'somebody who only claims to be a user',
    async () => {
      await house.change({ enforcement_web: 'report' })
      const browser = house.browser(docs)
      await browser.boot(undefined, { user_id: 'ada' })
      await house.change({ enforcement_web: 'enforce' })
      return browser
    },
  ],
  [
    'a user who signed out',
    async () => {
      const browser = await signedIn()
      const cookies = new Map(browser.cookies)
      await browser.shutdown()
      for (const [name, value] of cookies) browser.cookies.set(name, value)
      return browser
    },
  ],
  [
    'a user of another workspace',
    async () => {
      const theirs = house.browser(house.tenants.globex)
      await theirs.boot(ada)
      const browser = house.browser(docs)
      for (const [name, value] of theirs.cookies) browser.cookies.set(name, value)
      return browser
    },
  ],
  [
    'a user whom only an OpenID provider knows',
    async () => {
      const browser = await signedIn({ user_id: 'known-elsewhere' })
      await house.db.updateTable('contacts').set({ external_id: null }).where('external_id', '=', 'known-elsewhere').execute()
      return browser
    },
  ],
] as [string, () => Promise<Browser>][])
  test(`${who} is refused, with no header that names anybody`, async () => {
    const browser = await browserOf()
    const forged = { 'latchkey-user-id': 'ada', 'x-forwarded-user': 'ada', 'x-remote-user': 'ada' }
    const answer = await browser.get('/login/verify', { headers: forged })
    assert.equal(answer.statusCode, 401)
    assert.deepEqual(said(answer), [undefined, undefined, undefined])
    assert.match(String(answer.headers['cache-control']), /no-store/)
    const sent = await browser.get('/login/verify?redirect=1', { headers: { 'x-forwarded-uri': '/guide?a=b&c=d' } })
    assert.deepEqual([sent.statusCode, sent.headers.location], [302, `${DOCS}/login/to/guide?a=b&c=d`])
    assert.deepEqual(said(sent), [undefined, undefined, undefined])
  })

test('a script or picture of the site is refused, not sent to sign in', async () => {
  const headers = { 'sec-fetch-mode': 'no-cors', 'x-forwarded-uri': '/logo.png' }
  assert.equal((await house.browser(docs).get('/login/verify?redirect=1', { headers })).statusCode, 401)
})

const unknown = { host: '10.0.0.7:4000', 'x-forwarded-host': 'docs.acme.test', 'x-forwarded-uri': '/guide' }
const ask = (headers: Record<string, string>, remoteAddress: string, url = '/login/verify?redirect=1') =>
  house.app.inject({ url, headers, remoteAddress })

for (const [from, address, status, location] of [
  ['a listed proxy', '127.0.0.1', 302, `${DOCS}/login/to/guide`],
  ['a proxy of a listed range', '192.168.3.4', 302, `${DOCS}/login/to/guide`],
  ['the same in IPv6 spelling', '::ffff:10.1.2.3', 302, `${DOCS}/login/to/guide`],
  ['anybody else', '198.51.100.7', 421, undefined],
] as const)
  test(`the forwarded host is believed of ${from}: ${status}`, async () => {
    const answer = await ask(unknown, address)
    assert.deepEqual([answer.statusCode, answer.headers.location], [status, location])
  })

test('it is believed for this one address alone', async () => {
  for (const path of ['/en', '/login', '/login/to/guide', '/messenger/frame'])
    assert.equal((await ask(unknown, '127.0.0.1', path)).statusCode, 421, path)
})

test('a host that is known cannot be replaced by a forwarded one: another workspace’s session opens nothing here', async () => {
  const globex = house.browser(house.tenants.globex)
  await globex.boot(ben)
  const cookie = [...globex.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const headers = { host: 'docs.acme.test', 'x-forwarded-host': 'help.globex.test', cookie }
  assert.equal((await ask(headers, '127.0.0.1', '/login/verify')).statusCode, 401)
})

for (const [said, path] of [
  ['/guide?a=b', '/guide?a=b'],
  [`${DOCS}/guide`, '/guide'],
  ['https://evil.test/guide', '/'],
  ['//evil.test/guide', '/'],
  ['/\\evil.test', '/'],
  ['/.//evil.test', '/'],
  ['javascript:alert(1)', '/'],
  ['', '/'],
] as const)
  for (const header of ['x-forwarded-uri', 'x-original-url'])
    test(`${header} ${JSON.stringify(said)} leads back to ${path}, and from a proxy that is not listed to /`, async () => {
      const headers = { host: 'docs.acme.test', [header]: said }
      assert.equal((await ask(headers, '127.0.0.1')).headers.location, `${DOCS}/login/to${path}`)
      assert.equal((await ask(headers, '198.51.100.7')).headers.location, `${DOCS}/login/to/`)
    })

test('the way to sign in asks the primary host, and comes back to the page', async () => {
  const atHelp = house.browser()
  await atHelp.boot(ada)
  const atDocs = house.browser(docs)
  const first = await atDocs.get('/login/to/guide?a=b&c=d')
  const start = new URL(String(first.headers.location))
  assert.equal(start.origin, 'https://help.acme.test')
  const second = await atHelp.get(start.pathname + start.search)
  const taken = new URL(String(second.headers.location))
  assert.equal((await atDocs.get(taken.pathname + taken.search)).headers.location, '/guide?a=b&c=d')
  assert.equal((await atDocs.get('/login/verify')).statusCode, 200)
  assert.equal((await atDocs.get('/login/to/guide')).headers.location, '/guide')
})

test('after signing out on the site, its pages ask', async () => {
  const browser = await signedIn()
  await browser.post('/login/logout', {}, { form: true, origin: DOCS, headers: { 'sec-fetch-site': 'same-origin' } })
  const answer = await browser.get('/login/to/guide')
  assert.equal(answer.statusCode, 401)
  assert.match(answer.body, /href="\/login\?return_to=%2Fguide"/)
})

test('a proxy that passes no cookie on is found out, not followed in a circle', async () => {
  const browser = await signedIn()
  const statuses = []
  for (let round = 0; round < 3; round += 1) statuses.push((await browser.get('/login/to/guide')).statusCode)
  assert.deepEqual(statuses, [303, 303, 409])
})

test('who has no account in the app is told so', async () => {
  const browser = await signedIn({ user_id: 'elsewhere' })
  await house.db.updateTable('contacts').set({ external_id: null }).where('external_id', '=', 'elsewhere').execute()
  const answer = await browser.get('/login/to/guide', { headers: { accept: 'application/json' } })
  assert.deepEqual([answer.statusCode, answer.json().errors[0].code], [403, 'account_required'])
})

for (const [path, expected] of [
  ['//evil.test', '/'],
  ['/%5Cevil.test', '/%5Cevil.test'],
  ['/a/../b', '/b'],
] as const)
  test(`/login/to${path} stays on the site`, async () => {
    const browser = await signedIn()
    assert.equal((await browser.get(`/login/to${path}`)).headers.location, expected)
  })

test('a sign-in page on the site of another leads to that site’s start page and to none of ours', async () => {
  const [here, primary] = [house.browser(docs), house.browser()]
  const own = await primary.get('/login/status')
  assert.match(own.body, /class="brand" href="\/en"/)
  for (const path of ['/login/status', '/login/jwt?jwt=nonsense', '/login/continue', '/login/handoff?code=x']) {
    const { body } = await here.get(path, { headers: { accept: 'text/html' } })
    const links = Array.from(body.matchAll(/(?:href|action)="(\/[^"]*)"/g), ([, link = '']) => link).filter(
      (link) => !link.startsWith('/login'),
    )
    assert.deepEqual(new Set(links.filter((link) => link !== '/favicon.svg')), new Set(['/']), path)
  }
})
