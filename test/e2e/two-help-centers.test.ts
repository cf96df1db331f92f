import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import { launcherOf, personMenuOf, userOf } from './acts.ts'
import { eventually } from './stage.ts'
import { openTwoSites, type TwoSites } from './two-sites.ts'

const PRIMARY = 'help.acme.test'
const SECOND = 'help.vendor.test'

let sites: TwoSites
before(async () => {
  sites = await openTwoSites([PRIMARY, SECOND])
})
after(() => sites.close())

const adasName = { name: 'Ada Lovelace' } as Parameters<typeof personMenuOf>[1]

async function inApp(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${sites.app}/?as=ada`)
  await launcherOf(page).waitFor()
  await eventually(() => userOf(page), 'ada')
  return page
}

test('who is signed in at the first is signed in at the second, on another registrable domain, with a deep link and no click', async () => {
  const context = await sites.open('third-party cookies')
  await inApp(context)
  const page = await context.newPage()
  const addresses: string[] = []
  page.on('request', (request) => request.isNavigationRequest() && addresses.push(request.url()))
  await page.goto(`${sites.at(SECOND)}/tickets?view=company`)
  await personMenuOf(page, adasName).waitFor()
  assert.equal(page.url(), `${sites.at(SECOND)}/tickets?view=company`)
  assert.ok(addresses.some((address) => address.startsWith(`${sites.at(PRIMARY)}/login/handoff/start?`)))
  assert.ok(!addresses.some((address) => address.startsWith(sites.app)), 'the Login URL was not needed')
  await context.close()
})

test('who is signed in at neither goes through the Login URL, and is signed in at both', async () => {
  const context = await sites.open()
  await inApp(context)
  await context.clearCookies({ domain: PRIMARY })
  const page = await context.newPage()
  await page.goto(`${sites.at(SECOND)}/tickets`)
  await personMenuOf(page, adasName).waitFor()
  assert.equal(page.url(), `${sites.at(SECOND)}/tickets`)
  await page.goto(`${sites.at(PRIMARY)}/en`)
  await personMenuOf(page, adasName).waitFor()
  await context.close()
})

test('signing out at the second signs out at the first, and in the Messenger', async () => {
  const context = await sites.open()
  const app = await inApp(context)
  const page = await context.newPage()
  await page.goto(`${sites.at(SECOND)}/tickets`)
  await personMenuOf(page, adasName).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).waitFor()
  await page.goto(`${sites.at(SECOND)}/tickets`)
  await page.getByRole('heading', { name: 'Sign in to see your tickets' }).waitFor()
  await page.goto(`${sites.at(PRIMARY)}/en`)
  assert.equal(await personMenuOf(page, adasName).count(), 0)
  await page.goto(`${sites.at(PRIMARY)}/tickets`)
  await page.getByRole('heading', { name: 'Sign in to see your tickets' }).waitFor()
  await app.evaluate(`Intercom('update')`)
  await eventually(() => userOf(app), null)
  await context.close()
})

test('signed out at the second, still logged in to the app: no host signs in by itself, one click does for both', async () => {
  const context = await sites.open()
  await inApp(context)
  const page = await context.newPage()
  await page.goto(`${sites.at(SECOND)}/tickets`)
  await personMenuOf(page, adasName).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).waitFor()
  for (const host of [PRIMARY, SECOND]) {
    await page.goto(`${sites.at(host)}/tickets`)
    await page.getByRole('heading', { name: 'Sign in to see your tickets' }).waitFor()
    assert.equal(page.url(), `${sites.at(host)}/tickets`)
  }
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click()
  await personMenuOf(page, adasName).waitFor()
  assert.equal(page.url(), `${sites.at(SECOND)}/tickets`)
  await page.goto(`${sites.at(PRIMARY)}/tickets`)
  await personMenuOf(page, adasName).waitFor()
  await context.close()
})
