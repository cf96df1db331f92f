import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Locator } from 'playwright-core'
import { enterAs, findArticle, findTicket, messengerOf, openMessenger, say } from './acts.ts'
import { faultsIn } from './axe.ts'
import { setStage } from './stage.ts'

const stage = setStage()

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the Help Center and the portal have no serious accessibility fault (${colorScheme})`, async () => {
    const { demo, open } = stage
    const context = await open({ colorScheme })
    await enterAs(context, demo, demo.ada)
    const page = await context.newPage()
    const article = await findArticle(page, demo, 'Sessions')
    const ticket = await findTicket(page, demo, 'Build stops at the image step')
    const addresses = [
      '/en',
      '/ar',
      '/en/search?q=markdown',
      '/tickets',
      '/tickets?view=company',
      '/tickets/new',
      '/login/sessions',
      '/login/status',
      '/login/jwt',
    ].map((path) => demo.help_url + path)
    const found: Record<string, string[]> = {}
    for (const address of [...addresses, article, ticket]) {
      await page.goto(address)
      found[address] = await faultsIn(page)
    }
    await page.goto(`${demo.help_url}/tickets/new`)
    await page.getByRole('link', { name: 'Bug report' }).click()
    await page.getByLabel('Title').waitFor()
    found['a new ticket'] = await faultsIn(page)
    await context.clearCookies()
    // As after signing out by hand: the pages ask, and lead nowhere by themselves.
    await context.addCookies([{ name: 'latchkey-paused', value: '1', url: demo.help_url }])
    const { url } = await demo.api<{ url: string }>('POST', '/login_links', { user_id: demo.ada.user_id })
    for (const address of [
      article,
      ticket,
      url,
      `${demo.help_url}/login/sessions`,
      `${demo.help_url}/login/status`,
      `${demo.help_url}/en/articles/999999`,
    ]) {
      await page.goto(address)
      found[`signed out: ${address}`] = await faultsIn(page)
    }
    assert.deepEqual(
      Object.entries(found).filter(([, faults]) => faults.length > 0),
      [],
    )
    await context.close()
  })

  test(`the Messenger has no serious accessibility fault on any screen (${colorScheme})`, async () => {
    const { demo, open } = stage
    const context = await open({ colorScheme })
    const page = await enterAs(context, demo, demo.ben)
    const messenger = await openMessenger(page)
    const frame = page.frames().find((one) => one.url().includes('/messenger/frame'))
    assert.ok(frame)
    const found: Record<string, string[]> = {}
    await messenger
      .getByRole('button', { name: /^Getting started|^Editor setup|^[A-Z]/ })
      .first()
      .waitFor()
    found['home'] = await faultsIn(frame)
    await messenger.getByRole('button', { name: 'Send us a message' }).click()
    await say(messenger, `Can everybody read this in ${colorScheme}?`)
    found['thread'] = await faultsIn(frame)
    await messenger.getByRole('button', { name: 'Back' }).click()
    await messenger.getByRole('button', { name: 'Messages' }).click()
    await messenger
      .getByRole('button', { name: /Can everybody/ })
      .first()
      .waitFor()
    found['messages'] = await faultsIn(frame)
    await messenger.getByRole('button', { name: 'Help', exact: true }).click()
    await messenger.getByLabel('Search for help').fill('markdown')
    await messenger
      .getByRole('button', { name: /Markdown/ })
      .first()
      .waitFor()
    found['help'] = await faultsIn(frame)
    await messenger
      .getByRole('button', { name: /Markdown/ })
      .first()
      .click()
    await messenger.getByRole('article').waitFor()
    found['article'] = await faultsIn(frame)
    found['the app’s page'] = (await faultsIn(page)).filter((fault) => /iframe|host|Messenger/.test(fault))
    assert.deepEqual(
      Object.entries(found).filter(([, faults]) => faults.length > 0),
      [],
    )
    await context.close()
  })
}

test('the Messenger can be opened, used and closed with the keyboard alone, and gives the focus back', async () => {
  const { demo, open } = stage
  const page = await enterAs(await open(), demo, demo.chen)
  const launcher = page.getByRole('button', { name: /^Messenger/ })
  await launcher.focus()
  await page.keyboard.press('Enter')
  await messengerOf(page).getByRole('heading', { level: 1 }).waitFor()
  const call = messengerOf(page).getByRole('button', { name: 'Send us a message' })
  for (let steps = 0; steps < 5 && !(await isFocused(call)); steps++) await page.keyboard.press('Tab')
  assert.ok(await isFocused(call))
  await page.keyboard.press('Enter')
  // What is typed before the field has the focus goes nowhere.
  await messengerOf(page).getByLabel('Write a message…').and(messengerOf(page).locator(':focus')).waitFor()
  await page.keyboard.type('No mouse needed.')
  await page.keyboard.press('Enter')
  await messengerOf(page).getByRole('log').getByText('No mouse needed.').waitFor()
  await page.keyboard.press('Escape')
  await messengerOf(page).getByRole('log').waitFor({ state: 'hidden' })
  assert.equal(await launcher.getAttribute('aria-expanded'), 'false')
  assert.ok(await isFocused(launcher))
  await page.context().close()
})

function isFocused(locator: Locator): Promise<boolean> {
  return locator.evaluate((element: { getRootNode(): { activeElement?: unknown } }) => element.getRootNode().activeElement === element)
}
