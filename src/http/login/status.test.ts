import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { ada, ben } from '#test/cast.ts'
import { openHouse, type Browser, type House } from '#test/house.ts'

let house: House
before(async () => {
  house = await openHouse({ LATCHKEY_REFUSED_BOOTS_PER_MINUTE: '1000' })
})
after(() => house.close())

const status = async (browser: Browser, headers: Record<string, string> = {}) =>
  (await browser.get('/login/status', { headers: { accept: 'application/json', ...headers } })).json()
const page = async (browser: Browser, language = 'en') =>
  (await browser.get('/login/status', { headers: { 'accept-language': language } })).body

test('a signed-in browser is told who it is, through which door, since when', async () => {
  const browser = house.browser()
  await browser.boot(ada)
  const answer = await status(browser)
  assert.deepEqual([answer.signed_in, answer.because, answer.person.user_id], [true, 'signed_in', 'ada'])
  assert.deepEqual([answer.session.kind, answer.session.door, answer.session.since], ['user', 'boot', house.now()])
  assert.deepEqual(answer.probe, { origin: 'https://app.acme.test', set_at: house.now() })
  assert.deepEqual(answer.last_attempt, { outcome: 'signed_in', code: null, at: house.now() })
  assert.match(await page(browser), /You are signed in as <bdi>Ada Lovelace<\/bdi>/)
})

for (const [who, prepare, because, words] of [
  ['that never booted', async () => house.browser(), 'cookie_missing', /sent no session/],
  [
    'of a visitor',
    async () => {
      const browser = house.browser()
      await browser.boot()
      return browser
    },
    'visitor',
    /has not said who you are/,
  ],
  [
    'whose session ended elsewhere',
    async () => {
      const browser = house.browser()
      await browser.boot({ ...ada, user_id: 'ended' })
      await house.db.deleteFrom('sessions').execute()
      return browser
    },
    'session_ended',
    /Your session has ended/,
  ],
  [
    'whose person signed out',
    async () => {
      const browser = house.browser()
      await browser.boot(ben)
      await browser.shutdown()
      return browser
    },
    'signed_out',
    /You signed out in this browser/,
  ],
  [
    'whose last token was refused',
    async () => {
      const browser = house.browser()
      await browser.boot()
      await browser.boot({ ...ada, exp: 1 })
      return browser
    },
    'refused',
    /was refused.*user_jwt_expired/s,
  ],
] as const)
  test(`a browser ${who} is told so, and what to do: ${because}`, async () => {
    const browser = await prepare()
    assert.deepEqual([(await status(browser)).signed_in, (await status(browser)).because], [false, because])
    const text = await page(browser)
    assert.match(text, words)
    assert.match(text, /You are not signed in/)
    assert.match(text, /Log in to the app that sent you here/)
  })

test('a session cookie that came twice counts as none, and the page says why', async () => {
  const browser = house.browser()
  await browser.boot(ada)
  const cookie = `__Host-latchkey=${browser.cookies.get('__Host-latchkey')}; __Host-latchkey=planted`
  const answer = await status(browser, { cookie })
  assert.deepEqual([answer.because, answer.person, answer.cookies], ['cookie_twice', null, [{ name: '__Host-latchkey', times: 2 }]])
})

test('what was wrong with a signature is said in test mode only', async () => {
  const attempt = async () => {
    const browser = house.browser()
    await browser.boot()
    await browser.boot(house.jwt(ada, house.tenants.globex))
    return (await status(browser)).last_attempt.code
  }
  assert.equal(await attempt(), 'user_jwt_invalid')
  await house.change({ test_mode: 1 })
  assert.equal(await attempt(), 'user_jwt_signature_invalid')
  await house.change({ test_mode: 0 })
})

test('a refusal is the last attempt until the next one is accepted', async () => {
  const browser = house.browser()
  await browser.boot(ada)
  await browser.boot({ ...ada, exp: 1 })
  assert.deepEqual([(await status(browser)).because, (await status(browser)).last_attempt.code], ['signed_in', 'user_jwt_expired'])
  house.pass(1000)
  await browser.boot(ada)
  assert.deepEqual((await status(browser)).last_attempt, { outcome: 'resumed', code: null, at: house.now() })
})

test('who signed in by mail is told what that opens, and what it does not', async () => {
  const browser = house.browser()
  await browser.boot({ ...ben, user_id: 'by mail' })
  await house.db.updateTable('sessions').set({ kind: 'lead' }).where('kind', '=', 'user').execute()
  const answer = await status(browser)
  assert.deepEqual([answer.signed_in, answer.because, answer.session.kind], [true, 'lead', 'lead'])
  assert.match(await page(browser), /signed in as <bdi>Ben Babbage<\/bdi>[^]*Tickets and pages for users open when the app signs you in/)
})

test('one browser learns nothing of another', async () => {
  const other = house.browser()
  await other.boot(ben)
  await other.boot({ ...ben, exp: 1 })
  const answer = await status(house.browser())
  assert.deepEqual([answer.person, answer.session, answer.probe, answer.last_attempt], [null, null, null, null])
  const elsewhere = house.browser(house.tenants.globex)
  for (const [name, value] of other.cookies) elsewhere.cookies.set(name, value)
  const abroad = await status(elsewhere)
  assert.deepEqual([abroad.because, abroad.person, abroad.probe, abroad.last_attempt], ['session_ended', null, null, null])
})

test('with a Login URL the page leads there and back', async () => {
  await house.change({ login_url: 'https://app.acme.test/login' })
  assert.match(await page(house.browser()), /href="\/login\?return_to=%2Flogin%2Fstatus"/)
})

for (const [language, words] of [
  ['fr', 'Vous n’êtes pas connecté'],
  ['ja', 'ログインしていません'],
  ['ar', 'أنت غير مسجّل الدخول'],
] as const)
  test(`it speaks ${language}`, async () => {
    const text = await page(house.browser(), language)
    assert.ok(text.includes(words))
    assert.match(text, new RegExp(`<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}"`))
  })

test('a browser at a host that nobody has added reads what is missing, and gets no cookie', async () => {
  const answer = await house.app.inject({ url: '/', headers: { host: 'help.nobody.test', accept: 'text/html,*/*' } })
  assert.equal(answer.statusCode, 421)
  assert.match(answer.body, /<h1>This address is not served here\.<\/h1>.*<p>Add the host: latchkey host add/)
  assert.match(answer.body, /The Host header that arrived is “help\.nobody\.test”\.</)
  assert.equal(answer.headers['set-cookie'], undefined)
  const [, style = ''] = /<style>([^]*)<\/style>/.exec(answer.body) ?? []
  assert.match(String(answer.headers['content-security-policy']), /^default-src 'none'; /)
  assert.ok(String(answer.headers['content-security-policy']).includes(hash('sha256', style, 'base64')), 'its style is the one it may have')
})

for (const [what, host, says] of [
  ['a dot behind it', 'help.acme.test.', /help\.acme\.test is served here: open it without the port or the dot/],
  ['a port that a proxy added', 'help.acme.test:443', /let the proxy pass Host as it came/],
  ['numbers', '10.0.0.5:443', /An address in numbers is no host here/],
  ['markup in it', '<b>x</b>', /“&lt;b&gt;/],
] as const)
  test(`a host with ${what} is told what its Host header was, and what is wrong with it`, async () => {
    const answer = await house.app.inject({ url: '/', headers: { host, accept: 'text/html,*/*' } })
    assert.equal(answer.statusCode, 421)
    assert.match(answer.body, says)
  })

test('“Sign in” in the header of a sign-in page leads to where that page was to lead', async () => {
  const header = async (path: string) => {
    const { body } = await house.browser().get(path, { headers: { accept: 'text/html' } })
    return /sign-in" href="([^"]*)"/.exec(body)?.[1]
  }
  await house.change({ login_url: 'https://app.acme.test/login' })
  const tickets = '/login?return_to=%2Ftickets%3Fa%3Db'
  assert.equal(await header('/login/jwt?jwt=nonsense&return_to=%2Ftickets%3Fa%3Db'), tickets, 'after a refused token')
  assert.equal(await header('/login/jwt?jwt=nonsense'), '/login?return_to=%2F')
  assert.equal(await header('/login/status'), '/login?return_to=%2Flogin%2Fstatus')
  const { body } = await house.browser().get('/login/handoff?code=secret-code')
  assert.doesNotMatch(body, /secret-code/)
})
