import assert from 'node:assert/strict'
import { after, before, beforeEach, suite, test } from 'node:test'
import { createSecret, retireSigningKey } from '#domain/identity/signing-keys.ts'
import { endSessionsOfContact } from '#domain/sessions/sessions.ts'
import { addHost } from '#domain/workspaces/workspaces.ts'
import { ada, ben, signJwt } from '#test/cast.ts'
import { openDesk, type Desk } from '#test/desk.ts'
import { openHouse, type Browser, type House, type Tenant } from '#test/house.ts'
import { recordRoutes } from '#test/routes.ts'

const VENDOR = 'https://help.vendor.test'
const EMBEDDED = '__Host-latchkey-embedded'

const routes = recordRoutes()
let house: House
let vendor: Tenant
let desk: Desk
before(async () => {
  house = await openHouse({ LATCHKEY_REFUSED_BOOTS_PER_MINUTE: '1000' })
  await addHost(house.db, house.acme, VENDOR, house.now())
  vendor = { ...house.tenants.acme, help: VENDOR }
  desk = await openDesk(house, house.tenants.acme)
  house.pass(1001)
})
after(() => house.close())

/** A page of app.acme.test whose Messenger is on another site; it has what its last boot answered. */
interface Page {
  browser: Browser
  headers: Record<string, string>
  contact: { id: string; role: string; user_id: string | null }
  status: number
}
async function openPage(person?: object, { browser = house.browser(vendor), keeps = true, carries = {}, body = {} } = {}): Promise<Page> {
  const answer = await browser.boot(person, { ...carries, ...body })
  if (!keeps) browser.cookies.clear()
  const { headers = {}, contact } = answer.json()
  return { browser, headers, contact, status: answer.statusCode }
}
const conversations = async ({ browser, headers }: Pick<Page, 'browser' | 'headers'>) =>
  (await browser.get('/messenger/conversations', { headers })).statusCode
const say = async ({ browser, headers }: Page, body: string) =>
  (await browser.post('/messenger/conversations', { client_id: crypto.randomUUID(), body }, { headers })).json().conversation.id
const leave = ({ browser, headers }: Page) =>
  browser.post('/messenger/shutdown', JSON.stringify({ app_id: 'acme', ...headers }) as unknown as object, {
    headers: { 'content-type': 'text/plain' },
  })
const follow = async ({ browser, headers }: Page, to = '/tickets') =>
  new URL((await browser.post('/messenger/handoffs', { to }, { headers, origin: VENDOR })).json().url)
const nameAt = async (browser: Browser) => /class="person-name"><bdi>([^<]*)/.exec((await browser.get('/en')).body)?.[1] ?? null

/** Opens the link as the top-level page that a browser makes of it. */
async function openLink(page: Page, to = '/tickets', site = 'same-origin'): Promise<{ browser: Browser; location: string }> {
  const browser = house.browser(vendor)
  const url = await follow(page, to)
  const { headers } = await browser.get(url.pathname + url.search, { headers: { 'sec-fetch-site': site } })
  return { browser, location: String(headers.location) }
}

suite('a boot from another site', () => {
  test('gives a partitioned cookie of the Messenger’s own and a bearer, and no first-party cookie', async () => {
    const answer = await house.browser(vendor).boot(ada)
    assert.equal(answer.statusCode, 200)
    const [line = '', ...others] = [answer.headers['set-cookie'] ?? []].flat()
    assert.match(line, /^__Host-latchkey-embedded=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=None; Partitioned; Secure$/)
    assert.deepEqual(others, [])
    assert.match(answer.json().headers.authorization, /^Bearer [\w-]+$/)
    assert.match(String(answer.headers['cache-control']), /no-store/)
  })

  test('from the same site gives neither', async () => {
    const answer = await house.browser().boot(ada)
    assert.equal(answer.json().headers, undefined)
    assert.match(String(answer.headers['set-cookie']), /^__Host-latchkey=/)
  })

  test('from outside a browser gives neither', async () => {
    const browser = house.browser(vendor)
    const answer = await browser.post('/messenger/boot', { app_id: 'acme', intercom_user_jwt: house.jwt(ada) }, { origin: null })
    assert.deepEqual([answer.json().headers, [...browser.cookies.keys()]], [undefined, ['__Host-latchkey']])
  })

  test('may ask for the header that it is to carry', async () => {
    const preflight = await house.app.inject({
      method: 'OPTIONS',
      url: '/messenger/stream',
      headers: { host: 'help.vendor.test', origin: 'https://app.acme.test' },
    })
    assert.match(String(preflight.headers['access-control-allow-headers']), /authorization/)
  })

  for (const [what, keeps, carries] of [
    ['the cookie alone', true, false],
    ['the bearer alone', false, true],
    ['both', true, true],
  ] as const)
    test(`is followed by a Messenger that works with ${what}`, async () => {
      const page = await openPage(ada, { keeps })
      const asked = carries ? page : { ...page, headers: {} }
      const id = await say(asked, 'From far away')
      const shown = await page.browser.get(`/messenger/conversations/${id}`, { headers: asked.headers })
      assert.match(shown.body, /From far away/)
      for (const path of ['/messenger/articles', `/messenger/articles/${desk.ids.article}`])
        assert.equal((await page.browser.get(path, { headers: asked.headers })).statusCode, 200, path)
      assert.equal((await page.browser.post('/messenger/events', { event_name: 'seen', ...asked.headers })).statusCode, 202)
      const again = await openPage(undefined, { browser: page.browser, keeps, carries: asked.headers })
      assert.equal(again.contact.user_id, 'ada')
    })

  test('with neither, the next request is nobody’s', async () => {
    const { browser } = await openPage(ada, { keeps: false })
    assert.equal(await conversations({ browser, headers: {} }), 401)
    assert.equal((await openPage(undefined, { browser, keeps: false })).contact.role, 'visitor')
  })

  for (const keeps of [true, false])
    test(`keeps a visitor’s conversation while the page lives, ${keeps ? 'and after a reload' : 'without any cookie'}`, async () => {
      const page = await openPage(undefined, { keeps })
      const id = await say(page, 'Who am I?')
      house.pass(50 * 60_000)
      const renewed = await openPage(undefined, { browser: page.browser, keeps, carries: keeps ? {} : page.headers })
      await house.app.touches.flush()
      house.pass(50 * 60_000)
      const shown = await page.browser.get(`/messenger/conversations/${id}`, { headers: keeps ? {} : renewed.headers })
      assert.match(shown.body, /Who am I\?/)
    })

  test('takes the visitor’s conversation along when they sign in', async () => {
    const page = await openPage(undefined, { keeps: false })
    const id = await say(page, 'Before signing in')
    const user = await openPage({ ...ada, user_id: 'newly-in' }, { browser: page.browser, keeps: false, carries: page.headers })
    assert.match((await page.browser.get(`/messenger/conversations/${id}`, { headers: user.headers })).body, /Before signing in/)
    assert.equal(await conversations(page), 401)
  })

  test('that is refused gives nothing', async () => {
    const browser = house.browser(vendor)
    const answer = await browser.boot(house.jwt({ ...ada, exp: 1 }))
    assert.deepEqual([answer.statusCode, answer.json().headers, [...browser.cookies.keys()]], [401, undefined, []])
  })

  test('on plain http gives the bearer alone: no such cookie can be set there', async () => {
    await addHost(house.db, house.acme, 'http://help.vendor.localhost:4000', house.now())
    const page = await openPage(ada, { browser: house.browser({ ...vendor, help: 'http://help.vendor.localhost:4000' }) })
    assert.deepEqual([page.browser.cookies.size, await conversations(page)], [0, 200])
  })
})

suite('what such a page carries', () => {
  test('is good for an hour, and the session ends an hour after its last use where no cookie came back', async () => {
    const page = await openPage(ada, { keeps: false })
    house.pass(59 * 60_000)
    assert.equal(await conversations(page), 200)
    house.pass(61_000)
    assert.equal(await conversations(page), 401)
  })

  test('counts only until the hour is over, however much it is used', async () => {
    const page = await openPage(ada, { keeps: false })
    for (let times = 0; times < 3; times += 1) {
      house.pass(19 * 60_000)
      assert.equal(await conversations(page), 200)
      await house.app.touches.flush()
    }
    house.pass(3 * 60_000 + 1)
    assert.equal(await conversations(page), 401)
  })

  test('lasts as long as any session once its cookie came back', async () => {
    const page = await openPage(ada)
    assert.equal(await conversations({ ...page, headers: {} }), 200)
    house.pass(6 * 86_400_000)
    assert.equal(await conversations({ ...page, headers: {} }), 200)
    assert.equal(await conversations({ ...page, browser: house.browser(vendor) }), 401)
  })

  for (const [flaw, spoil] of [
    ['with a letter changed', (bearer: string) => bearer.slice(0, -2) + (bearer.endsWith('AA') ? 'BB' : 'AA')],
    ['cut short', (bearer: string) => bearer.slice(0, 40)],
    ['that is a cookie’s secret', () => desk.ada.cookies.get('__Host-latchkey') ?? ''],
    ['that is empty', () => ''],
    ['that is very long', (bearer: string) => bearer.repeat(50)],
  ] as const)
    test(`a bearer ${flaw} is nobody’s`, async () => {
      const { headers } = await openPage(ada, { keeps: false })
      const authorization = `Bearer ${spoil((headers['authorization'] ?? '').slice(7))}`
      const browser = house.browser(vendor)
      assert.equal(await conversations({ browser, headers: { authorization } }), 401)
      assert.equal((await openPage(undefined, { browser, keeps: false, carries: { authorization } })).contact.role, 'visitor')
    })

  test('of another workspace is nobody’s', async () => {
    const { headers } = await openPage(ada, { keeps: false })
    assert.equal(await conversations({ browser: house.browser(house.tenants.globex), headers }), 401)
  })

  test('from a page that is not listed opens nothing', async () => {
    const page = await openPage(ada)
    for (const origin of ['https://evil.test', 'https://evil.acme.test', 'null'])
      assert.equal((await page.browser.get('/messenger/conversations', { headers: page.headers, origin })).statusCode, 403)
  })
})

suite('on every other surface', () => {
  const paths = () =>
    [...new Set(routes.filter(({ method }) => method === 'GET').map(({ url }) => url))]
      .filter((url) => !url.startsWith('/messenger/') && !url.startsWith('/api/'))
      .map((url) =>
        url
          .replace(':number', desk.ids.number)
          .replace(':type', desk.ids.type)
          .replace('articles/*', `articles/${desk.ids.article}`)
          .replace('collections/*', `collections/${desk.ids.collection}`)
          .replace(/:locale/, 'en')
          .replace(/:app_id/, 'acme'),
      )
  const what = ({ statusCode, headers, body }: Awaited<ReturnType<Browser['get']>>) => ({
    statusCode,
    location: String(headers.location).replace(/state=[\w-]+/, ''),
    cookies: String(headers['set-cookie']).replaceAll(/=[\w-]{43}/g, ''),
    body: body.replaceAll(/[\da-f]{64}|[\da-f]{8}-[\da-f-]{27}|[\w-]{43}/g, ''),
  })

  for (const [carrier, carry] of [
    ['the bearer', async (page: Page) => ({ browser: house.browser(vendor), headers: page.headers })],
    ['the embedded cookie', async (page: Page) => ({ browser: page.browser, headers: {} })],
    [
      'the embedded cookie’s secret under the first-party name',
      async (page: Page) => {
        const browser = house.browser(vendor)
        browser.cookies.set('__Host-latchkey', page.browser.cookies.get(EMBEDDED) ?? '')
        return { browser, headers: {} }
      },
    ],
  ] as const)
    test(`${carrier} opens nothing`, async () => {
      const page = await openPage(ada)
      assert.equal(await conversations(page), 200)
      assert.ok(paths().length > 15)
      for (const path of paths()) {
        const { browser, headers } = await carry(page)
        const jar = new Map(browser.cookies)
        const answer = await browser.get(path, { headers })
        // Somebody whose cookies have the same names and mean nothing.
        const nobody = house.browser(vendor)
        for (const name of jar.keys()) nobody.cookies.set(name, 'A'.repeat(43))
        assert.deepEqual(what(answer), what(await nobody.get(path)), path)
        assert.doesNotMatch(answer.body, /Ada Lovelace/)
        browser.cookies.clear()
        for (const [name, value] of jar) browser.cookies.set(name, value)
      }
      const { browser, headers } = await carry(page)
      const form = { form: true, origin: VENDOR, headers: { ...headers, 'sec-fetch-site': 'same-origin' } }
      for (const path of [`/tickets/${desk.ids.number}/replies`, `/tickets/new/${desk.ids.type}`])
        assert.equal((await browser.post(path, { body: 'x', title: 'x', description: 'x' }, form)).statusCode, 401, path)
      await browser.post('/login/logout', {}, form)
      assert.equal(await conversations(page), 200)
    })
})

suite('it ends', () => {
  for (const keeps of [true, false])
    test(`with a shutdown ${keeps ? 'that has the cookie' : 'that says it in its body'}`, async () => {
      const page = await openPage(ada, { keeps })
      const answer = await leave(keeps ? { ...page, headers: {} } : page)
      assert.equal(answer.statusCode, 204)
      assert.equal(await conversations(page), 401)
      if (keeps)
        assert.match(String(answer.headers['set-cookie']), /latchkey-embedded=; Path=\/; Max-Age=0; HttpOnly; SameSite=None; Partitioned/)
    })

  test('with a shutdown on a later page of this device, and so does the Help Center that was opened from it', async () => {
    const first = await openPage(ada, { keeps: false })
    const help = await openLink(first)
    assert.equal(await nameAt(help.browser), 'Ada Lovelace')
    const second = await openPage(ada, { keeps: false })
    await leave(second)
    assert.deepEqual([await conversations(first), await conversations(second)], [401, 401])
    assert.equal(await nameAt(help.browser), null)
    assert.equal((await desk.ada.get('/tickets')).statusCode, 200, 'a first-party session elsewhere goes on')
  })

  test('and the Help Center that was opened from it is not signed in again by itself, until the app boots', async () => {
    const page = await openPage(ada, { keeps: false })
    const { browser } = await openLink(page)
    await leave(page)
    const because = async () => (await browser.get('/login/status', { headers: { accept: 'application/json' } })).json().because
    assert.deepEqual([await because(), (await browser.get('/tickets')).statusCode], ['signed_out', 401])
    await openPage(undefined, { keeps: false })
    assert.equal(await because(), 'signed_out')
    await openPage(ben, { keeps: false })
    assert.equal(await because(), 'signed_out')
    const again = await openPage(ada, { keeps: false })
    assert.deepEqual([await because(), (await browser.get('/tickets')).headers.location], ['session_ended', '/login?return_to=%2Ftickets'])
    const link = await follow(again)
    const { headers } = await browser.get(link.pathname + link.search, { headers: { 'sec-fetch-site': 'same-origin' } })
    assert.equal(headers.location, '/tickets')
  })

  test('when somebody else boots on the page', async () => {
    const page = await openPage(ada, { keeps: false })
    const other = await openPage(ben, { browser: page.browser, keeps: false, carries: page.headers })
    assert.equal(other.contact.user_id, 'ben')
    assert.deepEqual([await conversations(page), await conversations(other)], [401, 200])
  })

  test('when a boot names somebody else without a proof', async () => {
    const page = await openPage(ada, { keeps: false })
    assert.equal(
      (await openPage(undefined, { browser: page.browser, keeps: false, carries: page.headers, body: { user_id: 'ben' } })).status,
      401,
    )
    assert.equal(await conversations(page), 401)
  })

  test('when a teammate ends the contact’s sessions', async () => {
    const page = await openPage(ada)
    const { id } = await house.db.selectFrom('contacts').select('id').where('external_id', '=', 'ada').executeTakeFirstOrThrow()
    await endSessionsOfContact(house.db, house.acme, id)
    assert.equal(await conversations(page), 401)
    await desk.ada.boot(ada)
  })

  test('when its key is retired with its sessions', async () => {
    const { row, secret } = await createSecret(house.db, house.encryption, house.acme, { name: 'second', now: house.now() })
    house.pass(1001)
    const browser = house.browser(vendor)
    const { headers } = (await browser.boot(signJwt(ada, secret))).json()
    const help = await openLink({ browser, headers, contact: { id: '', role: '', user_id: null }, status: 200 })
    await retireSigningKey(house.db, house.acme, row.kid, { now: house.now(), endSessions: true })
    assert.equal(await conversations({ browser, headers }), 401)
    assert.equal(await nameAt(help.browser), null)
  })

  test('when the contact is blocked', async () => {
    const page = await openPage({ ...ada, user_id: 'to-be-blocked' }, { keeps: false })
    await house.db.updateTable('contacts').set({ blocked_at: house.now() }).where('external_id', '=', 'to-be-blocked').execute()
    assert.equal(await conversations(page), 401)
  })
})

suite('a link that the Messenger opens', () => {
  let page: Page
  beforeEach(async () => {
    page = await openPage(ada, { keeps: false })
  })

  test('arrives signed in, at a clean address, and lasts although the page had no cookie', async () => {
    const { browser, location } = await openLink(page, '/tickets?view=company')
    assert.equal(location, '/tickets?view=company')
    assert.deepEqual([...browser.cookies.keys()], ['__Host-latchkey'])
    assert.equal(await nameAt(browser), 'Ada Lovelace')
    house.pass(2 * 86_400_000)
    assert.equal(await nameAt(browser), 'Ada Lovelace')
  })

  for (const site of ['cross-site', 'same-site', 'none', ''])
    test(`asks first when it was opened by ${site === '' ? 'a browser that does not say' : site}`, async () => {
      const { browser, location } = await openLink(page, '/tickets', site)
      assert.match(location, /^\/login\/continue\?/)
      assert.equal(await nameAt(browser), null)
    })

  test('works once, for a minute', async () => {
    const browser = house.browser(vendor)
    const headers = { 'sec-fetch-site': 'same-origin' }
    const url = await follow(page)
    assert.equal((await browser.get(url.pathname + url.search, { headers })).statusCode, 303)
    assert.equal((await browser.get(url.pathname + url.search, { headers })).statusCode, 410)
    const late = await follow(page)
    house.pass(61_000)
    assert.equal((await house.browser(vendor).get(late.pathname + late.search, { headers })).statusCode, 410)
  })

  test('of a visitor is the plain address', async () => {
    const visitor = await openPage(undefined, { keeps: false })
    assert.equal((await follow(visitor, `${VENDOR}/en`)).href, `${VENDOR}/en`)
  })

  for (const to of ['https://evil.test/', '//evil.test', 'https://help.acme.test/tickets', 'javascript:alert(1)', '/.//evil.test', ''])
    test(`to ${JSON.stringify(to)} stays on this host`, async () => {
      assert.match((await openLink(page, to)).location, /^\/$/)
    })

  test('is refused without a session', async () => {
    assert.equal((await house.browser(vendor).post('/messenger/handoffs', { to: '/' }, { origin: VENDOR })).statusCode, 401)
  })

  for (const [who, origin, site] of [
    ['the page that holds the frame', 'https://app.acme.test', 'cross-site'],
    ['the app on the same site', 'https://app.acme.test', 'same-site'],
    ['a page that is not listed', 'https://evil.test', 'cross-site'],
    ['a program', null, undefined],
  ] as const)
    test(`is given to our own frame, not to ${who}`, async () => {
      const headers = { ...page.headers, ...(site && { 'sec-fetch-site': site }) }
      const asked = await page.browser.post('/messenger/handoffs', { to: '/' }, { headers, origin })
      assert.equal(asked.statusCode, 403)
      const firstParty = await desk.ada.post(
        '/messenger/handoffs',
        { to: '/' },
        { origin, ...(site && { headers: { 'sec-fetch-site': site } }) },
      )
      assert.equal(firstParty.statusCode, 403)
    })
})
