import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BrowserContext } from 'playwright-core'
import { enterAs, findTicket, launcherOf, messengerOf, personMenuOf, startConversation, userOf } from './acts.ts'
import { eventually, setStage } from './stage.ts'

const stage = setStage()
const ADAS = 'Build stops at the image step'

async function secretOf(context: BrowserContext): Promise<string> {
  const cookies = await context.cookies(stage.demo.help_url)
  return cookies.find(({ name }) => name === 'latchkey')?.value ?? ''
}

/** What somebody who kept the cookie would still get. */
async function portalAnswers(secret: string): Promise<number> {
  return (await stage.demo.ask(`${stage.demo.help_url}/tickets`, { headers: { cookie: `latchkey=${secret}` } })).status
}

test('who logs out of the app is signed out everywhere, on the server and in every tab', async () => {
  const { demo, open } = stage
  const context = await open()
  const page = await enterAs(context, demo, demo.ada)
  await startConversation(page, 'I am about to leave.')
  await messengerOf(page).getByRole('button', { name: 'Close' }).click()
  const otherTab = await context.newPage()
  await otherTab.goto(demo.app_url)
  await launcherOf(otherTab).waitFor()
  const helpTab = await context.newPage()
  await helpTab.goto(`${demo.help_url}/en`)
  await personMenuOf(helpTab, demo.ada).waitFor()
  const secret = await secretOf(context)
  assert.equal(await portalAnswers(secret), 200)
  await page.getByRole('button', { name: 'Log out' }).click()
  await page.waitForURL(`${demo.app_url}/login`)
  await eventually(() => portalAnswers(secret), 401)
  await launcherOf(otherTab).waitFor({ state: 'detached' })
  await helpTab.reload()
  assert.equal(await personMenuOf(helpTab, demo.ada).count(), 0)
  assert.equal((await helpTab.goto(`${demo.help_url}/tickets`))?.status(), 401)
  assert.equal(await helpTab.evaluate(`fetch('/messenger/conversations').then((answer) => answer.status)`), 401)
  await context.close()
})

test('a shutdown in the same tick as a navigation still ends the session', async () => {
  const { demo, open } = stage
  const context = await open()
  const page = await enterAs(context, demo, demo.ada)
  const secret = await secretOf(context)
  assert.equal(await portalAnswers(secret), 200)
  await page.evaluate(`void (Intercom('shutdown'), location.assign('/style.css'))`)
  await page.waitForURL('**/style.css')
  await eventually(() => portalAnswers(secret), 401)
  await context.close()
})

test('a shutdown while the boot is still on its way leaves nobody signed in', async () => {
  const { demo, open } = stage
  const context = await open()
  const page = await enterAs(context, demo, demo.ada)
  await page.evaluate(`(async () => {
    const { intercomJwt, userId } = await (await fetch('/intercom/jwt')).json()
    Intercom('shutdown')
    Intercom('boot', { app_id: ${JSON.stringify(demo.app_id)}, user_id: userId, intercom_user_jwt: intercomJwt })
    Intercom('shutdown')
  })()`)
  await page.waitForLoadState('networkidle')
  const tab = await context.newPage()
  assert.equal((await tab.goto(`${demo.help_url}/tickets`))?.status(), 401)
  assert.equal(await userOf(page), null)
  await context.close()
})

test('after logging out the back button shows nothing private, neither in the portal nor in the app', async () => {
  const { demo, open } = stage
  const context = await open()
  const app = await enterAs(context, demo, demo.ada)
  const portal = await context.newPage()
  const address = await findTicket(portal, demo, ADAS)
  await portal.goto(address)
  await portal.getByRole('heading', { level: 1, name: ADAS }).waitFor()
  await portal.goto(`${demo.help_url}/en`)
  await app.getByRole('button', { name: 'Log out' }).click()
  await app.waitForURL(`${demo.app_url}/login`)
  await eventually(async () => (await context.cookies(demo.help_url)).filter(({ name }) => name === 'latchkey').length, 0)
  await portal.goBack()
  await portal.getByRole('heading', { name: 'Sign in to see your tickets' }).waitFor()
  assert.equal(portal.url(), address)
  assert.ok(!(await portal.content()).includes(ADAS))
  await app.goBack()
  await app.waitForLoadState()
  const shown = await app.content()
  assert.ok(!shown.includes('Good to see you') && !shown.includes('Log out'))
  assert.equal(await launcherOf(app).count(), 0)
  await context.close()
})

test('“Sign out” in the Help Center ends the Messenger’s session too', async () => {
  const { demo, open } = stage
  const context = await open()
  const app = await enterAs(context, demo, demo.ada)
  await startConversation(app, 'Signing out over there.')
  const help = await context.newPage()
  await help.goto(`${demo.help_url}/en`)
  await personMenuOf(help, demo.ada).click()
  await help.getByText('Not you?').waitFor()
  await help.getByRole('button', { name: 'Sign out' }).click()
  await help.getByRole('link', { name: 'Sign in' }).waitFor()
  assert.equal((await help.goto(`${demo.help_url}/tickets`))?.status(), 401)
  await launcherOf(app).waitFor({ state: 'detached' })
  assert.equal(await userOf(app), null)
  await context.close()
})
