import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fillInLogin, personMenuOf, titlesOfTickets } from './acts.ts'
import { setStage } from './stage.ts'

const stage = setStage()

test('without JavaScript a signed-out reader browses, searches and reads the Help Center', async () => {
  const { demo, open } = stage
  const context = await open({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(demo.help_url)
  await page.getByRole('link', { name: /^Getting started/ }).click()
  await page.getByRole('heading', { level: 1, name: 'Getting started' }).waitFor()
  await page
    .getByRole('link', { name: /^Editor setup/ })
    .first()
    .click()
  await page.getByRole('heading', { level: 1, name: 'Editor setup' }).waitFor()
  const search = page.getByRole('banner').getByRole('searchbox', { name: 'Search' })
  await search.fill('markdown')
  await search.press('Enter')
  await page.waitForURL('**/en/search?q=markdown')
  assert.ok((await page.getByRole('main').getByRole('link').locator('strong').count()) > 0)
  await context.close()
})

test('without JavaScript a user signs in through the app, reads, opens and answers tickets, and signs out', async () => {
  const { demo, open } = stage
  const context = await open({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`${demo.help_url}/tickets`)
  await fillInLogin(page, demo.ben)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.waitForURL(`${demo.help_url}/tickets`)
  assert.deepEqual(await titlesOfTickets(page), ['Can we have a second deploy preview?'])
  await page.getByRole('link', { name: 'Can we have a second deploy preview?' }).click()
  await page.getByLabel('Your reply').fill('Written by hand.')
  await page.getByRole('button', { name: 'Send reply' }).click()
  await page.getByRole('listitem').getByText('Written by hand.').waitFor()
  await page.goto(`${demo.help_url}/tickets/new`)
  await page.getByRole('link', { name: 'Question' }).click()
  await page.getByLabel('Title').fill('No script, no problem?')
  await page.getByLabel('Description').fill('So it seems.')
  await page.getByRole('button', { name: 'Submit ticket' }).click()
  await page.getByRole('heading', { level: 1, name: 'No script, no problem?' }).waitFor()
  await personMenuOf(page, demo.ben).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).waitFor()
  assert.equal((await page.goto(`${demo.help_url}/tickets`))?.status(), 401)
  await context.close()
})
