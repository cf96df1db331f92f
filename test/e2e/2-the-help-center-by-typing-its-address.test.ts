import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { enterAs, fillInLogin, findArticle, personMenuOf } from './acts.ts'
import type { Person } from './demo.ts'
import { setStage } from './stage.ts'

const stage = setStage()
const FOR_USERS = 'Sessions'
const FOR_PRO = 'Route caching'

async function readerAs(person?: Person): Promise<Page> {
  const context = await stage.open()
  if (person) await enterAs(context, stage.demo, person)
  return context.newPage()
}

async function titlesFound(page: Page, words: string): Promise<string[]> {
  await page.goto(`${stage.demo.help_url}/en/search?q=${encodeURIComponent(words)}`)
  return page.getByRole('main').getByRole('link').locator('strong').allTextContents()
}

test('a user of the app who types the Help Center’s address is signed in there and reads what is meant for users', async () => {
  const { demo } = stage
  const page = await readerAs(demo.ada)
  await page.goto(demo.help_url)
  await personMenuOf(page, demo.ada).waitFor()
  const answer = await page.goto(await findArticle(page, demo, FOR_USERS))
  assert.equal(answer?.status(), 200)
  await page.getByRole('heading', { level: 1, name: FOR_USERS }).waitFor()
  assert.equal(answer?.headers()['cache-control'], 'private, no-store')
  await page.context().close()
})

test('a signed-out reader of an article for users is led through the app’s own login, learns nothing of it before, and comes back to it', async () => {
  const { demo } = stage
  const signedIn = await readerAs(demo.ada)
  const address = await findArticle(signedIn, demo, FOR_USERS)
  await signedIn.context().close()
  const page = await readerAs()
  const bare = address.replace(/(\/\d+)-[^/]*$/, '$1')
  await page.goto(bare)
  await page.waitForURL(`${demo.app_url}/login?**`)
  assert.ok(!(await page.content()).includes(FOR_USERS))
  assert.ok(!page.url().toLowerCase().includes('sessions'))
  await fillInLogin(page, demo.ada)
  await page.waitForURL(address)
  await page.getByRole('heading', { level: 1, name: FOR_USERS }).waitFor()
  await personMenuOf(page, demo.ada).waitFor()
  await page.context().close()
})

test('who is logged in to the app comes to the article without a click or a form', async () => {
  const { demo } = stage
  const page = await readerAs(demo.ada)
  const address = await findArticle(page, demo, FOR_USERS)
  await page.context().clearCookies({ domain: 'help.acme.localhost' })
  await page.goto(address)
  await page.waitForURL(address)
  await page.getByRole('heading', { level: 1, name: FOR_USERS }).waitFor()
  await page.context().close()
})

test('signed-out readers neither find nor see in lists what is meant for users', async () => {
  const page = await readerAs()
  const found = await titlesFound(page, FOR_USERS)
  assert.ok(found.length > 0, 'the search finds public articles')
  assert.ok(!found.includes(FOR_USERS))
  const sitemap = await stage.demo.ask(`${stage.demo.help_url}/sitemap.xml`)
  assert.ok(sitemap.text.includes('/articles/') && !/articles\/\d+-sessions\b/.test(sitemap.text))
  await page.context().close()
})

test('an article for the plan pro opens for a user of that plan and is not there for a user of another', async () => {
  const { demo } = stage
  const onPro = await readerAs(demo.ada)
  const address = await findArticle(onPro, demo, FOR_PRO)
  assert.equal((await onPro.goto(address))?.status(), 200)
  await onPro.context().close()
  const onFree = await readerAs(demo.chen)
  assert.equal((await onFree.goto(address))?.status(), 404)
  assert.ok(!(await onFree.content()).includes(FOR_PRO))
  assert.ok(!(await titlesFound(onFree, FOR_PRO)).includes(FOR_PRO))
  await onFree.context().close()
})

test('an Arabic reader gets the Help Center from right to left', async () => {
  const context = await stage.open({ locale: 'ar' })
  const page = await context.newPage()
  await page.goto(stage.demo.help_url)
  assert.equal(page.url(), `${stage.demo.help_url}/ar`)
  assert.deepEqual(await page.evaluate('[document.documentElement.lang, document.documentElement.dir]'), ['ar', 'rtl'])
  await context.close()
})
