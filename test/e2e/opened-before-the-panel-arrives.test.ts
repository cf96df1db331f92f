import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { launcherOf, messengerOf } from './acts.ts'
import { eventually, setStage } from './stage.ts'

const stage = setStage()
const PANEL = '**/messenger-panel.js'

interface Visit {
  page: Page
  asked: string[]
  /** Lets the panel's script arrive. */
  arrive(): void
}

/** A page of the app whose launcher stands there, on a network that holds the panel's script back. */
async function visit(t: TestContext): Promise<Visit> {
  const { demo, open } = stage
  const context = await open()
  t.after(() => context.close())
  const page = await context.newPage()
  const asked: string[] = []
  page.on('request', (request) => request.url().startsWith(demo.help_url) && asked.push(new URL(request.url()).pathname))
  const { promise, resolve: arrive } = Promise.withResolvers<void>()
  t.after(() => arrive())
  await page.route(PANEL, async (route) => promise.then(() => route.continue()))
  await page.goto(`${demo.app_url}/anonymous`)
  await launcherOf(page).waitFor()
  return { page, asked, arrive }
}

test('until the launcher is touched a page asks for the loader and the boot, and for nothing else', async (t) => {
  const { page, asked } = await visit(t)
  assert.deepEqual(asked, ['/messenger.js', '/messenger/boot'])
  await launcherOf(page).hover()
  await eventually(() => Promise.resolve(asked.at(-1)), '/messenger-panel.js')
})

test('a click that comes before the panel opens the Messenger when it arrives', async (t) => {
  const { page, arrive } = await visit(t)
  await launcherOf(page).click()
  assert.equal(await launcherOf(page).getAttribute('aria-expanded'), 'true')
  assert.equal(await page.locator('iframe').count(), 0)
  arrive()
  await messengerOf(page).getByRole('heading', { level: 1 }).waitFor()
  await messengerOf(page).getByRole('button', { name: 'Close' }).click()
  await eventually(() => launcherOf(page).getAttribute('aria-expanded'), 'false')
  await page.keyboard.press('Enter')
  await eventually(() => launcherOf(page).getAttribute('aria-expanded'), 'true')
})

test('calls that come before the panel are heard in turn: the last one says where to go', async (t) => {
  const { page, arrive } = await visit(t)
  await page.evaluate(`Intercom('show'); Intercom('hide'); Intercom('showSpace', 'messages'); Intercom('showNewMessage', 'Too early?')`)
  arrive()
  await eventually(() => messengerOf(page).getByLabel('Write a message…').inputValue(), 'Too early?')
})

test('whoever closes it again before the panel arrives finds it closed', async (t) => {
  const { page, arrive } = await visit(t)
  await launcherOf(page).click()
  await launcherOf(page).click()
  arrive()
  await page.locator('iframe').waitFor({ state: 'attached' })
  assert.equal(await launcherOf(page).getAttribute('aria-expanded'), 'false')
  assert.equal(await page.locator('iframe').isVisible(), false)
})

test('a shutdown before the panel arrives leaves nothing on the page', async (t) => {
  const { page, arrive } = await visit(t)
  await launcherOf(page).click()
  await page.evaluate(`Intercom('shutdown')`)
  const arrived = page.waitForResponse(PANEL)
  arrive()
  await (await arrived).finished()
  await eventually(() => page.locator('iframe').count(), 0)
  assert.equal(await launcherOf(page).count(), 0)
})

test('a panel that cannot be fetched: the console says so, the page hears nothing, the launcher is closed again', async (t) => {
  const { page } = await visit(t)
  const [lines, thrown]: [string[], Error[]] = [[], []]
  page.on('console', (message) => message.text().startsWith('Latchkey: ') && lines.push(message.text()))
  page.on('pageerror', (error) => thrown.push(error))
  await page.unroute(PANEL)
  await page.route(PANEL, (route) => route.abort('connectionfailed'))
  await launcherOf(page).click()
  await eventually(() => Promise.resolve(lines.length), 1)
  assert.match(lines[0] ?? '', /messenger-panel\.js/)
  assert.equal(await launcherOf(page).getAttribute('aria-expanded'), 'false')
  assert.deepEqual(thrown, [])
  await page.unroute(PANEL)
  await launcherOf(page).click()
  await messengerOf(page).getByRole('heading', { level: 1 }).waitFor()
})
