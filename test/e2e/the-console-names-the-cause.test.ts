import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { errors } from '#errors'
import { signJwt } from '#test/cast.ts'
import { fillInLogin, launcherOf, logIn } from './acts.ts'
import { openForeignSite } from './foreign-site.ts'
import { eventually, setStage } from './stage.ts'

const stage = setStage()
let testMode: Promise<void> | undefined

async function switchTestMode(state: 'on' | 'off'): Promise<void> {
  await stage.demo.command('workspace', 'set', stage.demo.app_id, '--test-mode', state)
  // The running server looks again after a second.
  await sleep(2500)
}

const sign = (secret: string) => signJwt({ user_id: 'ada', exp: Math.floor(Date.now() / 1000) + 300 }, secret)

interface Page {
  /** What the page boots with; `app_id` is there unless told otherwise. */
  settings?: object
  html?: string
  headers?: Record<string, string>
  hostname?: string
  isListed?: boolean
  isOpened?: boolean
  /** What something in the browser keeps from leaving it. */
  blocked?: RegExp
}

/** Opens a page with the Messenger on it and answers what our script said on the console. */
async function said(
  t: TestContext,
  { settings = {}, html = '', headers = {}, hostname, isListed = true, isOpened, blocked }: Page,
  until: RegExp,
) {
  const { demo, open } = stage
  await (testMode ??= switchTestMode('on'))
  const name = hostname ?? 'console.acme.localhost'
  const all = { app_id: demo.app_id, intercom_user_jwt: sign(demo.messenger_secret), ...settings }
  const page = `<script src="${demo.help_url}/messenger.js"></script>${html}<script>Intercom('boot', ${JSON.stringify(all)})</script>`
  const site = await openForeignSite(name, { '/': page }, headers)
  t.after(() => site.close())
  if (isListed) await demo.listOrigin(site.origin)
  const context = await open()
  t.after(() => context.close())
  const browser = await context.newPage()
  const lines: string[] = []
  browser.on('console', (message) => message.text().startsWith('Latchkey: ') && lines.push(`${message.type()} ${message.text()}`))
  if (blocked) await browser.route(blocked, (route) => route.abort('blockedbyclient'))
  await browser.goto(site.origin)
  if (isOpened) await launcherOf(browser).click()
  await eventually(async () => lines.some((line) => until.test(line)), true)
  const script = browser.locator('script[src$="messenger-diagnosis.js"]')
  assert.equal(await script.count(), 0, 'it is a module, not a tag in the page')
  return lines.find((line) => until.test(line)) ?? ''
}

test('a refused token: the precise code, its sentence, its cure, and where it is explained', async (t) => {
  const { demo } = stage
  const forged = sign('not the secret at all, but long enough')
  const line = await said(t, { settings: { intercom_user_jwt: forged } }, /user_jwt_signature_invalid/)
  const [first, cure, see] = line.split('\n')
  assert.equal(first, `error Latchkey: user_jwt_signature_invalid: ${errors.user_jwt_signature_invalid.sentence}`)
  assert.match(cure ?? '', /^Cure: The secret is none of this workspace/)
  assert.equal(see, `See docs/login.md#user_jwt_signature_invalid and ${demo.help_url}/login/status`)
})

test('a boot without an app_id', async (t) => {
  assert.match(await said(t, { settings: { app_id: undefined } }, /app_id_missing/), /nothing happened[^]*Cure: Intercom\('boot'/)
})

test('a session_duration that is no number', async (t) => {
  assert.match(
    await said(t, { settings: { session_duration: '5*60000' } }, /settings_out_of_range/),
    /^warning [^]*session_duration[^]*not "5\*60000"/,
  )
})

test('a token under another name', async (t) => {
  const settings = { intercom_user_jwt: undefined, jwt: sign(stage.demo.messenger_secret) }
  const line = await said(t, { settings }, /token_under_another_name/)
  assert.match(line, /^warning .*The setting jwt holds a token[^]*intercom_user_jwt: jwt/)
  assert.ok(!line.includes('eyJ'))
})

test('an empty token', async (t) => {
  assert.match(
    await said(t, { settings: { intercom_user_jwt: null } }, /token_empty/),
    /^warning [^]*Cure: Await the request for the token/,
  )
})

test('a user_id of “undefined”', async (t) => {
  const token = signJwt({ user_id: 'undefined' }, stage.demo.messenger_secret)
  assert.match(
    await said(t, { settings: { intercom_user_jwt: token } }, /user_id_of_nobody/),
    /^warning .*“undefined”[^]*Cure: Sign a token only when the user is known/,
  )
})

test('a session_duration of five milliseconds', async (t) => {
  assert.match(
    await said(t, { settings: { session_duration: 5 } }, /session_too_short/),
    /^warning .*session_duration is 5, in milliseconds/,
  )
})

test('a promise in place of the token', async (t) => {
  const html = `<script>addEventListener('load', () => Intercom('boot', { app_id: '${stage.demo.app_id}', intercom_user_jwt: Promise.resolve('') }))</script>`
  assert.match(await said(t, { html }, /user_jwt_malformed/), /A promise was passed: await the request/)
})

test('an origin that is not listed', async (t) => {
  const line = await said(t, { isListed: false, hostname: 'other.acme.localhost' }, /origin_not_allowed/)
  assert.match(line, /latchkey origin add APP_ID http:\/\/other\.acme\.localhost:\d+/)
})

test('an app_id of another workspace', async (t) => {
  assert.match(await said(t, { settings: { app_id: 'another' } }, /app_id_mismatch/), /user_jwt_app_id_mismatch/)
})

test('a secret that was base64-decoded before signing', async (t) => {
  const token = signJwt({ user_id: 'ada' }, Buffer.from(stage.demo.messenger_secret, 'base64'))
  assert.match(
    await said(t, { settings: { intercom_user_jwt: token } }, /signature_invalid/),
    /Cure: The secret .* was base64-decoded before signing/,
  )
})

test('a boot that names nobody while a user’s session stands: shutdown may never have been called', async (t) => {
  const { app_id } = stage.demo
  const again = `<script>const wait = setInterval(() => {
    if (!Intercom('whoami')?.user_id) return
    clearInterval(wait)
    Intercom('boot', { app_id: '${app_id}' })
  }, 50)</script>`
  assert.match(
    await said(t, { html: again }, /session_goes_on/),
    /^warning [^]*Cure: If they have logged out of your app, call Intercom\('shutdown'\)/,
  )
})

test('two loaders on one page', async (t) => {
  const line = await said(t, { html: `<script src="${stage.demo.help_url}/messenger.js?again"></script>` }, /two_loaders/)
  assert.match(line, /came second and does nothing[^]*Keep one script tag/)
})

test('a policy that blocks the boot, and one that blocks the frame', async (t) => {
  const { help_url } = stage.demo
  const policy = (connect: string) => ({
    'content-security-policy': `script-src 'unsafe-inline' ${help_url}; connect-src ${connect}; frame-src 'none'`,
  })
  assert.match(await said(t, { headers: policy(`'none'`) }, /csp_blocks/), /Cure: Add http:\/\/help\S+ to connect-src/)
  assert.match(
    await said(t, { headers: policy(help_url), isOpened: true }, /csp_blocks.*frame-src/),
    /Cure: Add http:\/\/help\S+ to frame-src/,
  )
})

test('an ad blocker that lets the script pass and blocks what it asks', async (t) => {
  assert.match(
    await said(t, { blocked: /\/messenger\/boot|\/login\/probe/ }, /not_reached/),
    /cannot be reached from this page[^]*Cure: Open it in a tab of its own\. If it answers there, an extension \(an ad blocker, say\)/,
  )
})

test('an ad blocker that blocks the script: nobody arrived, and the status page says so', async (t) => {
  const { demo, open } = stage
  const context = await open()
  t.after(() => context.close())
  await context.route(/\/(messenger\.js|widget\/)/, (route) => route.abort('blockedbyclient'))
  const page = await context.newPage()
  await page.goto(`${demo.app_url}/login`)
  await fillInLogin(page, demo.ada)
  await page.getByRole('button', { name: 'Log out' }).waitFor()
  await page.goto(`${demo.help_url}/login/status`)
  await page.getByText('This browser sent no session. You have not signed in with it yet, or its cookies do not arrive.').waitFor()
  await page.getByText('not known of this browser').first().waitFor()
})

test('a cookie that does not come back, because the app is on another site', async (t) => {
  const line = await said(t, { hostname: 'app.elsewhere.localhost' }, /other_site/)
  assert.match(line, /do not share a registrable domain[^]*Cure: Give the support host a name under the app’s domain/)
})

test('outside test mode the console says what the public may know, and the script is fetched only after a refusal', async (t) => {
  const { demo } = stage
  await switchTestMode('off')
  const line = await said(t, { settings: { intercom_user_jwt: 'nonsense' } }, /user_jwt_invalid/)
  assert.match(line, /login-log APP_ID names the precise fault/)
  assert.doesNotMatch(line, /malformed/)
  const context = await stage.open()
  t.after(() => context.close())
  const page = await context.newPage()
  const fetched: string[] = []
  page.on('request', (request) => fetched.push(request.url()))
  await logIn(page, demo, demo.ada)
  assert.ok(fetched.some((url) => url.endsWith('/messenger.js') || url.includes('/widget/')))
  assert.ok(!fetched.some((url) => url.includes('diagnosis')))
})

test('a boot that comes after too many refused ones: the page says so and does not just stay silent', async (t) => {
  const forged = sign('not the secret at all, but long enough')
  const page = await (await stage.open()).newPage()
  t.after(() => page.context().close())
  await page.goto(`${stage.demo.help_url}/login/status`)
  const answers = await page.evaluate(
    async ([app_id, intercom_user_jwt]) => {
      const headers = { 'content-type': 'application/json' }
      const body = JSON.stringify({ app_id, intercom_user_jwt })
      const statuses: number[] = []
      for (let n = 0; n < 25; n += 1) statuses.push((await fetch('/messenger/boot', { method: 'POST', headers, body })).status)
      return statuses
    },
    [stage.demo.app_id, forged],
  )
  assert.equal(answers.at(-1), 429)
  const line = await said(t, { settings: { intercom_user_jwt: forged } }, /rate_limit_exceeded/)
  assert.match(line, /Too many requests/)
})
