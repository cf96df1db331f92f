import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { chromium, type Browser, type Page } from 'playwright-core'
import { readConfig } from '#config'
import { startServer, type RunningServer } from '#main'
import { ada, signJwt } from '#test/cast.ts'
import { findFreePort } from '#bin/server-process.ts'
import { faultsIn } from './axe.ts'
import { eventually } from './stage.ts'

const OWNER = { name: 'Ola Owner', email: 'ola@acme.test', password: 'three short words' }
const TABS = ['', 'keys', 'addresses', 'enforcement', 'ways-in', 'log', 'tester', 'code']
const folder = mkdtempSync(join(tmpdir(), 'latchkey-settings-'))
let server: RunningServer
let browser: Browser
let base: string
let help: string
let app: string
let appServer: Server
/** What the app's page boots with. */
let settings = ''
let page: Page
before(async () => {
  appServer = createServer((_request, response) => {
    const page = `<!doctype html><script>window.intercomSettings=${settings}</script><script src="http://${help}/messenger.js"></script>`
    response.setHeader('content-type', 'text/html').end(page)
  }).listen(0, 'localhost')
  await once(appServer, 'listening')
  app = `http://app.acme.localhost:${(appServer.address() as AddressInfo).port}`
  const port = await findFreePort()
  base = `http://latchkey.localhost:${port}`
  help = `help.acme.localhost:${port}`
  const environment = { LATCHKEY_DATA: folder, LATCHKEY_TEAM_URL: base, LATCHKEY_LISTEN: 'localhost', PORT: String(port) }
  server = await startServer(readConfig({ ...environment, LATCHKEY_LOG: 'error' }))
  browser = await chromium.launch({ executablePath: process.env['LATCHKEY_CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
  page = await setUp()
})
after(async () => {
  await browser?.close()
  await server?.close()
  appServer?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function setUp(): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB', permissions: ['clipboard-read', 'clipboard-write'] })
  context.setDefaultTimeout(10_000)
  const page = await context.newPage()
  await page.goto(`${base}/setup?code=${server.app.installationKeys.setUpCode}`)
  const fields = { 'Your name': OWNER.name, 'E-mail address': OWNER.email, Password: OWNER.password, 'Company or product': 'Acme' }
  for (const [label, value] of Object.entries({ ...fields, 'Support host': `http://${help}`, 'Your app': app }))
    await page.getByLabel(label).fill(value)
  await page.getByRole('button', { name: 'Finish and sign in' }).click()
  await page.waitForURL(`${base}/settings/login`)
  return page
}

/** The role that a page of the app, booted with this token in a browser of its own, is told; null where it is refused. */
async function roleOnPage(token: string): Promise<string | null> {
  const { app_id } = await server.db.selectFrom('workspaces').select('app_id').executeTakeFirstOrThrow()
  const context = await browser.newContext()
  try {
    const shown = await context.newPage()
    settings = JSON.stringify({ app_id, intercom_user_jwt: token })
    const answered = shown.waitForResponse((response) => response.url().endsWith('/messenger/boot'))
    await shown.goto(app)
    const response = await answered
    return response.ok() ? ((await response.json()) as { contact: { role: string } }).contact.role : null
  } finally {
    await context.close()
  }
}

/** How many boots enforcing would refuse, once the last of them is written. */
async function reported(): Promise<number> {
  await server.app.decisions.flush()
  const refused = await server.db.selectFrom('login_log').selectAll().where('door', '=', 'boot').where('code', 'is not', null).execute()
  return refused.length
}

async function openTab(name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Login' }).getByRole('link', { name }).click()
}

async function boot(token: string): Promise<number> {
  const { app_id } = await server.db.selectFrom('workspaces').select('app_id').executeTakeFirstOrThrow()
  const { statusCode } = await server.app.inject({
    method: 'POST',
    url: '/messenger/boot',
    headers: { host: help, origin: app },
    payload: { app_id, intercom_user_jwt: token },
  })
  return statusCode
}

suite('Settings → Login', () => {
  let secret: string
  const sign = (key: string | Buffer, claims: object = {}) => signJwt({ ...ada, exp: Math.floor(Date.now() / 1000) + 600, ...claims }, key)

  test('an owner adds a secret, copies it this once, and finds it in the list without it', async () => {
    await openTab('Keys')
    await page.getByRole('button', { name: 'Add a secret' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Backend of the test')
    await page.getByRole('button', { name: 'Make the secret' }).click()
    secret = await page.getByLabel('Messenger secret, shown this once').inputValue()
    await page.getByRole('button', { name: 'Copy' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    assert.equal(await page.evaluate('navigator.clipboard.readText()'), secret)
    await page.getByRole('button', { name: 'I have it' }).click()
    await page.getByRole('row', { name: /Backend of the test.*never/ }).waitFor()
    assert.ok(!(await page.content()).includes(secret))
  })

  test('a token that was signed wrongly is decoded, and the failing rule is named with what went wrong', async () => {
    await openTab('Token tester')
    const verdict = page.getByRole('status', { name: 'Verdict' })
    await page.getByLabel('User JWT').fill(sign(Buffer.from(secret, 'base64')))
    await verdict.getByText('“Backend of the test”').waitFor()
    assert.match((await verdict.textContent()) ?? '', /was base64-decoded before signing/)
    assert.equal(
      await verdict.locator('[data-state="failed"] >> text=(failed)').locator('..').textContent(),
      'A key of this workspace made the signature. (failed)',
    )
    await page.getByText('"ada@engines.test"').waitFor()
    await page.getByLabel('User JWT').fill(sign(secret))
    await verdict.getByRole('heading', { name: 'Accepted' }).waitFor()
    await page.getByRole('combobox', { name: 'Door' }).selectOption('/login/jwt')
    await verdict.getByRole('heading', { name: /lives longer/ }).waitFor()
    assert.equal(await boot(sign(secret)), 200)
  })

  test('the key is retired, and the log shows the next token refused, live, with its cure', async () => {
    await openTab('Keys')
    const row = page.getByRole('row', { name: /Backend of the test/ })
    await row.getByText('just now').first().waitFor()
    await row.getByRole('button', { name: 'Retire' }).click()
    const dialog = page.getByRole('dialog', { name: 'Retire “Backend of the test”?' })
    await dialog.getByText('something of yours still uses it').waitFor()
    await dialog.getByRole('button', { name: 'Retire' }).click()
    await page.getByRole('table', { name: 'Retired keys' }).getByText('Backend of the test').waitFor()
    await openTab('Login log')
    await page
      .getByRole('row', { name: /signed in/ })
      .first()
      .waitFor()
    await eventually(() => boot(sign(secret)), 401)
    await page.getByRole('button', { name: 'user_jwt_key_retired' }).first().click()
    await page.getByText('Roll the newest live key out to every server that signs.').first().waitFor()
    await page.getByRole('combobox', { name: 'Outcome' }).selectOption('refused')
    await page
      .getByRole('row', { name: /signed in/ })
      .first()
      .waitFor({ state: 'detached' })
  })

  test('and the audit log says who did it', async () => {
    await page.getByRole('link', { name: 'Audit log' }).click()
    await page
      .getByRole('row', { name: /Retired a key/ })
      .first()
      .waitFor()
    await page
      .getByRole('row', { name: /Added a key/ })
      .first()
      .waitFor()
  })

  test('what makes a secret asks for the password again after a while, and goes on where it was', async () => {
    await server.db.updateTable('teammate_sessions').set({ password_checked_at: 0 }).execute()
    await page.getByRole('link', { name: 'Login', exact: true }).click()
    await openTab('Keys')
    await page.getByRole('button', { name: 'Add a secret' }).first().click()
    await page.getByRole('textbox', { name: 'Name' }).fill('After a while')
    await page.getByRole('button', { name: 'Make the secret' }).click()
    const dialog = page.getByRole('dialog', { name: 'Your password, please' })
    await dialog.getByLabel('Password').fill('not my password')
    await dialog.getByRole('button', { name: 'Continue' }).click()
    await dialog.locator('[aria-invalid="true"], [role="alert"]').first().waitFor()
    await dialog.getByLabel('Password').fill(OWNER.password)
    await dialog.getByRole('button', { name: 'Continue' }).click()
    assert.equal((await page.getByLabel('Messenger secret, shown this once').inputValue()).length, 43)
    await page.getByRole('button', { name: 'I have it' }).click()
    await page.getByRole('row', { name: /After a while/ }).waitFor()
  })

  test('enforcement moves only after it was said what that means', async () => {
    await page.getByRole('link', { name: 'Login', exact: true }).click()
    await openTab('Enforcement')
    const web = page.getByRole('region', { name: 'Web' })
    await web.getByText('were refused').waitFor()
    await web.getByRole('radio', { name: /^Report/ }).click()
    const dialog = page.getByRole('dialog', { name: 'Stop enforcing on Web?' })
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    assert.equal(await web.getByRole('radio', { name: /^Enforce/ }).isChecked(), true)
    await web.getByRole('radio', { name: /^Report/ }).click()
    await dialog.getByRole('button', { name: 'Set to report' }).click()
    await eventually(() => web.getByRole('radio', { name: /^Report/ }).isChecked(), true)
    await web.getByText('would be refused').waitFor()
  })

  test('while it only reports, a page with a bad token boots as a claim, and the report says so with reason and origin', async () => {
    const [roleBefore, before] = [await roleOnPage(sign('wrong'.repeat(9))), await reported()]
    assert.equal(roleBefore, 'visitor')
    const web = page.getByRole('region', { name: 'Web' })
    await web.getByText(`${before} without a valid proof`).waitFor()
    await web.getByText(`would be refused, from ${app}`).waitFor()
    const reason = web.locator('details', { hasText: 'No live key of this workspace made the signature' })
    await reason.locator('summary').click()
    await reason.getByText(`From ${app} (`).waitFor()
    await reason.getByRole('link', { name: 'See them in the login log' }).click()
    await page
      .getByRole('row', { name: /claimed.*user_jwt_signature_invalid/ })
      .first()
      .waitFor()
    await openTab('Enforcement')
    await web.getByRole('radio', { name: /^Enforce/ }).click()
    const dialog = page.getByRole('dialog', { name: 'Enforce on Web?' })
    await dialog.getByText(new RegExp(`${before} would have been refused`)).waitFor()
    await dialog.getByRole('button', { name: 'Enforce' }).click()
    await eventually(() => web.getByRole('radio', { name: /^Enforce/ }).isChecked(), true)
    await eventually(() => roleOnPage(sign('wrong'.repeat(9))), null)
  })

  for (const colorScheme of ['light', 'dark'] as const)
    test(`no tab has a serious accessibility fault, or is wider than a phone (${colorScheme})`, async () => {
      await page.emulateMedia({ colorScheme })
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 844 })
        for (const tab of TABS) {
          await page.goto(`${base}/settings/login${tab && `/${tab}`}`)
          await page.getByRole('navigation', { name: 'Login' }).waitFor()
          await page.locator('.skeleton').first().waitFor({ state: 'detached' })
          assert.deepEqual(await faultsIn(page), [], `${tab} at ${width}`)
          assert.equal(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), false, `${tab} at ${width}`)
        }
      }
    })
})
