import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import { addHost } from '#domain/workspaces/workspaces.ts'
import { ada } from '#test/cast.ts'
import { ask, openDesk, type Desk, type Question } from '#test/desk.ts'
import { openHouse, type House } from '#test/house.ts'

let house: House
let desk: Desk
before(async () => {
  house = await openHouse()
  await house.change({ login_url: 'https://app.acme.test/login', logout_url: 'https://www.acme.test/bye' })
  desk = await openDesk(house, house.tenants.acme)
  await addHost(house.db, house.acme, 'http://help.acme.localhost:4000', house.now())
})
after(() => house.close())

const visit = (
  path: string,
  { browser = house.browser(), headers = {}, method = 'GET', ...body }: Partial<Question> & { browser?: Desk['ada'] } = {},
) => ask(house, { browser, tenant: house.tenants.acme }, { method, path, headers, ...body })
const cacheOf = (answer: LightMyRequestResponse) => String(answer.headers['cache-control'])
const policyOf = (answer: LightMyRequestResponse) => String(answer.headers['content-security-policy'])
const directive = (answer: LightMyRequestResponse, name: string) => new RegExp(`(?:^|; )${name} ([^;]*)`).exec(policyOf(answer))?.[1]

/** One address of every surface: pages, programs, files, refusals, redirects. */
const addresses = [
  '/en',
  '/',
  '/en/search?q=x',
  '/robots.txt',
  '/sitemap.xml',
  '/nothing/here',
  '/tickets',
  '/tickets/1',
  '/login',
  '/login/continue',
  '/login/link/x',
  '/login/sessions',
  '/login/jwt',
  '/login/status',
  '/login/probe',
  '/login/jwt?jwt=x',
  '/login/email',
  '/login/link?code=x',
  '/login/oidc/start?provider=1',
  '/login/oidc/callback?state=x&code=x',
  '/access/jwt?jwt=x',
  '/authcallback?token=x',
  '/api/sso/jwt?jwt=x',
  '/api/v1/auth/access/jwt?jwt=x',
  '/login/handoff?code=x',
  '/login/verify',
  '/login/to/guide',
  '/login/handoff/start?to=https://docs.acme.test/',
  '/messenger/frame',
  '/messenger.js',
  '/messenger-live.js',
  '/messenger-panel.js',
  '/messenger-diagnosis.js',
  '/widget/acme',
  '/widget/other',
  '/messenger/conversations',
  '/messenger/articles',
  '/messenger/probe',
]
const pages = ['/en', '/en/search?q=x', '/tickets', '/tickets/new', '/login/sessions', '/login/continue']

suite('every answer of a support host', () => {
  for (const path of addresses)
    test(`${path} has the headers that protect it, signed in or not`, async () => {
      for (const browser of [house.browser(), desk.ada]) {
        const answer = await visit(path, { browser })
        assert.equal(answer.headers['x-content-type-options'], 'nosniff')
        assert.equal(answer.headers['strict-transport-security'], 'max-age=31536000')
        assert.match(String(answer.headers['referrer-policy']), /^(?:no-referrer|strict-origin|strict-origin-when-cross-origin)$/)
        assert.equal(directive(answer, 'default-src'), "'none'")
        assert.equal(directive(answer, 'base-uri'), "'none'")
        assert.doesNotMatch(policyOf(answer), /unsafe-|\*/)
        assert.ok(answer.headers['cache-control'], 'it says who may store it')
      }
    })

  test('on plain http it asks for no https', async () => {
    const answer = await house.app.inject({ url: '/en', headers: { host: 'help.acme.localhost:4000' } })
    assert.deepEqual([answer.statusCode, answer.headers['strict-transport-security']], [200, undefined])
  })
})

suite('frames', () => {
  test('only the Messenger’s frame may be framed, and only by the host itself and listed origins', async () => {
    const frame = await visit('/messenger/frame')
    assert.equal(directive(frame, 'frame-ancestors'), 'https://help.acme.test https://app.acme.test')
    assert.equal(directive(frame, 'script-src'), "'self'")
    assert.equal(frame.headers['x-frame-options'], undefined)
  })

  test('no other page may', async () => {
    for (const path of addresses.filter((path) => path !== '/messenger/frame'))
      for (const browser of [house.browser(), desk.ada]) {
        const answer = await visit(path, { browser })
        assert.equal(directive(answer, 'frame-ancestors'), "'none'", path)
        assert.equal(answer.headers['cross-origin-opener-policy'], 'same-origin', path)
      }
  })

  test('forms lead to the workspace’s hosts, listed origins and the Logout URL, and nowhere else', async () => {
    assert.equal(
      directive(await visit('/en'), 'form-action'),
      "'self' https://app.acme.test http://help.acme.localhost:4000 https://www.acme.test",
    )
  })
})

suite('caches', () => {
  test('what everybody sees is revalidated by its ETag', async () => {
    const first = await visit('/en')
    const { etag } = first.headers
    assert.ok(etag)
    assert.equal(cacheOf(first), 'private, no-cache')
    assert.match(String(first.headers['vary']), /Cookie/)
    const again = await visit('/en', { headers: { 'if-none-match': etag } })
    assert.deepEqual([again.statusCode, again.body], [304, ''])
    const other = await visit('/en', { headers: { 'if-none-match': 'W/"other"' } })
    assert.equal(other.statusCode, 200)
  })

  test('what a known person sees is stored nowhere and has no ETag', async () => {
    const { etag } = (await visit('/en')).headers
    for (const browser of [desk.ada, desk.visitor])
      for (const path of pages) {
        const answer = await visit(path, { browser, headers: etag ? { 'if-none-match': etag } : {} })
        assert.equal(cacheOf(answer), 'private, no-store', path)
        assert.equal(answer.headers.etag, undefined)
        assert.notEqual(answer.statusCode, 304)
      }
  })

  test('an answer that sets a cookie is stored nowhere', async () => {
    const browser = house.browser()
    const signedIn = house.browser()
    await signedIn.boot({ ...ada, user_id: 'cookies' })
    const answers = [
      await browser.boot(),
      await browser.boot(ada),
      await visit('/login'),
      await visit(`/login/jwt?jwt=${house.jwt({ ...ada, jti: 'cookie' })}`),
      await visit('/en', { browser: signedIn }),
      await signedIn.shutdown(),
    ]
    for (const answer of answers) {
      assert.ok(answer.headers['set-cookie'], `${answer.statusCode} ${answer.body.slice(0, 100)}`)
      assert.equal(cacheOf(answer), 'private, no-store')
      for (const line of [answer.headers['set-cookie']].flat())
        assert.match(String(line), /^__Host-[\w-]+=[\w-]*; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/)
    }
  })

  test('refusals and words between two people are stored nowhere', async () => {
    for (const path of [
      '/messenger/conversations',
      `/messenger/conversations/${desk.ids.chat}`,
      '/messenger/articles',
      '/tickets',
      `/tickets/${desk.ids.number}`,
    ])
      for (const browser of [house.browser(), desk.ada, desk.chen]) assert.match(cacheOf(await visit(path, { browser })), /no-store/, path)
    const sent = await desk.ada.post('/messenger/conversations', { client_id: 'cached', body: 'Hello' })
    assert.match(cacheOf(sent), /no-store|^undefined$/)
  })

  test('files with a hash in their name are kept for a year, the loader for minutes', async () => {
    const frame = await visit('/messenger/frame')
    const script = /src="([^"]+)"/.exec(frame.body)?.[1] ?? ''
    assert.equal(cacheOf(await visit(script)), 'public, max-age=31536000, immutable')
    const loader = await visit('/messenger.js')
    assert.match(cacheOf(loader), /^public, max-age=\d{1,3}$/)
    assert.equal((await visit('/messenger.js', { headers: { 'if-none-match': String(loader.headers.etag) } })).statusCode, 304)
    assert.equal((await visit('/messenger.js', { browser: desk.ada })).headers['set-cookie'], undefined)
  })
})

suite('redirects', () => {
  test('are stored by no shared cache, and those that know a person by none at all', async () => {
    const jwt = () => house.jwt({ ...ada, jti: crypto.randomUUID() })
    for (const [path, browser] of [
      ['/', desk.ada],
      ['/search?q=x', desk.ada],
      ['/login', desk.ada],
      ['/login', house.browser()],
      [`/login/jwt?jwt=${jwt()}`, house.browser()],
      [`/login/jwt?jwt=${jwt()}`, desk.ada],
      [`/en/articles/${desk.ids.article}`, desk.ada],
    ] as const) {
      const answer = await visit(path, { browser })
      assert.ok(answer.statusCode > 300 && answer.statusCode < 309, `${path}: ${answer.statusCode}`)
      assert.equal(cacheOf(answer), 'private, no-store', path)
    }
    for (const path of ['/', '/search?q=x']) assert.match(cacheOf(await visit(path)), /^private, no-/)
  })

  test('from the login say nothing of where they come from', async () => {
    for (const path of ['/login', `/login/jwt?jwt=${house.jwt({ ...ada, jti: 'quiet' })}`])
      assert.equal((await visit(path)).headers['referrer-policy'], 'no-referrer')
  })

  test('after a form are stored nowhere', async () => {
    for (const [path, form] of [
      [`/tickets/${desk.ids.number}/replies`, { body: 'Hello', client_id: 'redirected' }],
      [`/tickets/${desk.ids.number}/state`, { state: 'resolved' }],
      ['/login/logout', {}],
    ] as const) {
      const answer = await visit(path, { browser: desk.ben, method: 'POST', form })
      assert.equal(answer.statusCode, 303, `${path}: ${answer.body}`)
      assert.equal(cacheOf(answer), 'private, no-store', path)
    }
  })
})

suite('hosts', () => {
  test('an unknown host gets 421, no cookie and nothing of anybody, on every path', async () => {
    for (const host of ['evil.test', 'help.acme.test.evil.test', 'HELP.ACME.TEST.', '', 'help.acme.test:444'])
      for (const path of [...addresses, '/messenger/boot', '/api/me']) {
        const jwt = house.jwt(ada)
        const answer = await house.app.inject({
          method: path === '/messenger/boot' ? 'POST' : 'GET',
          url: path,
          headers: { host },
          ...(path === '/messenger/boot' && { payload: { app_id: 'acme', intercom_user_jwt: jwt } }),
        })
        assert.ok([404, 421].includes(answer.statusCode), `${host} ${path}: ${answer.statusCode}`)
        assert.equal(answer.headers['set-cookie'], undefined)
        assert.doesNotMatch(answer.body, /Acme/)
        assert.equal(answer.headers['x-content-type-options'], 'nosniff')
      }
  })

  test('no header but Host chooses the workspace, the scheme or the address', async () => {
    const headers = {
      host: 'help.acme.test',
      'x-forwarded-host': 'help.globex.test',
      'x-forwarded-proto': 'http',
      forwarded: 'host=help.globex.test;proto=http',
      'x-original-url': '/tickets',
      'x-forwarded-user': 'ada',
      'x-remote-user': 'ada',
    }
    const answer = await house.app.inject({ url: '/en', headers })
    assert.match(answer.body, /Acme/)
    assert.doesNotMatch(answer.body, /Globex|Ada|http:\/\/help/)
    assert.ok(answer.headers['strict-transport-security'])
  })

  test('the teammates’ host answers nothing of a support host, stores nothing and sets no cookie', async () => {
    for (const path of ['/api/me', '/api/conversations', '/api/nothing', '/en', '/messenger/conversations']) {
      const answer = await ask(
        house,
        { token: desk.token },
        { method: 'GET', path, headers: { cookie: `__Host-latchkey=${desk.ada.cookies.get('__Host-latchkey')}` } },
      )
      assert.equal(answer.statusCode < 300, path === '/api/me' || path === '/api/conversations', `${path}: ${answer.statusCode}`)
      assert.equal(answer.headers['x-content-type-options'], 'nosniff')
      assert.equal(directive(answer, 'frame-ancestors'), "'none'")
      assert.equal(answer.headers['set-cookie'], undefined)
      assert.equal(answer.headers['access-control-allow-origin'], undefined)
      assert.match(cacheOf(answer), /no-store/, path)
      assert.equal(answer.headers['strict-transport-security'], 'max-age=31536000')
    }
  })

  test('a support host has no API', async () => {
    assert.equal((await visit('/api/me', { headers: { authorization: `Bearer ${desk.token}` } })).statusCode, 404)
  })

  test('the teammates’ app is framed by nobody, stored nowhere, and lets no form lead away', async () => {
    for (const path of [
      '/',
      '/sign-in',
      '/sign-in/code',
      '/sign-in/recovery-code',
      '/app/second-step',
      '/setup',
      '/invite?code=x',
      '/reset',
      '/settings/teammates',
      '/app/session',
      '/app/teammates',
      '/nothing/here',
    ]) {
      for (const cookie of ['', `__Host-latchkey-team=${desk.team.secret}`]) {
        const answer = await ask(house, { atWork: desk.team }, { method: 'GET', path, headers: { cookie, accept: 'text/html' } })
        assert.ok(answer.statusCode < 500, path)
        assert.equal(directive(answer, 'frame-ancestors'), "'none'", path)
        assert.equal(directive(answer, 'form-action'), "'self'", path)
        assert.doesNotMatch(policyOf(answer), /unsafe-|\*/)
        assert.equal(answer.headers['cross-origin-opener-policy'], 'same-origin')
        assert.equal(answer.headers['strict-transport-security'], 'max-age=31536000')
        assert.match(cacheOf(answer), /no-store/, path)
        assert.match(String(answer.headers['referrer-policy']), /^(?:same-origin|strict-origin-when-cross-origin)$/)
        assert.equal(answer.headers['access-control-allow-origin'], undefined)
      }
    }
  })

  test('an address that is nobody’s is answered by a page there, without a word of a workspace', async () => {
    for (const path of ['/nothing', '/nothing/here', '/en/articles/1', '/tickets']) {
      const answer = await ask(house, { token: 'x' }, { method: 'GET', path, headers: { authorization: '', accept: 'text/html' } })
      assert.equal(answer.statusCode, 404, path)
      assert.match(answer.body, /<h1>/)
      assert.doesNotMatch(answer.body, /Acme|Globex/)
    }
  })
})
