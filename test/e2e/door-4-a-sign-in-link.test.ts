import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { personMenuOf, portalStatus } from './acts.ts'
import { openForeignSite, type ForeignSite } from './foreign-site.ts'
import { setStage } from './stage.ts'

const stage = setStage()
let foreign: ForeignSite
before(async () => {
  foreign = await openForeignSite('prizes.localhost', { '/': '<form method="post"><button>Play</button></form>' })
})
after(() => foreign.close())

/** A user exists here after their first sign-in; the demo's have written already. */
async function order(return_to = '/tickets'): Promise<string> {
  const { url } = await stage.demo.api<{ url: string }>('POST', '/login_links', { user_id: stage.demo.ada.user_id, return_to })
  return url
}

test('a mail scanner opens the link first, and it still signs its person in, once', async () => {
  const { demo, open } = stage
  const url = await order()
  for (const method of ['HEAD', 'GET', 'GET']) {
    const scanned = await demo.ask(url, { method })
    assert.deepEqual([scanned.status, scanned.headers['set-cookie']], [200, undefined])
  }
  const scanner = await open()
  const tab = await scanner.newPage()
  await tab.goto(url)
  await tab.getByRole('button', { name: 'Continue' }).waitFor()
  await scanner.close()
  const context = await open()
  const page = await context.newPage()
  await page.goto(url)
  await page.getByRole('heading', { name: /^Continue as Ada Lovelace/ }).waitFor()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.waitForURL(`${demo.help_url}/tickets`)
  await personMenuOf(page, demo.ada).waitFor()
  assert.equal((await page.goto(url))?.status(), 410)
  await page.getByText('login_link_used').waitFor()
  await context.close()
})

test('without JavaScript the button works as well', async () => {
  const context = await stage.open({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(await order('/en'))
  await page.getByRole('button', { name: 'Continue' }).click()
  await personMenuOf(page, stage.demo.ada).waitFor()
  await context.close()
})

test('a form of another site cannot press the button', async () => {
  const { demo, open } = stage
  const url = await order()
  const context = await open()
  const page = await context.newPage()
  await page.goto(foreign.origin)
  await page.evaluate(`void (document.forms[0].action = ${JSON.stringify(url)})`)
  const refused = page.waitForResponse(url)
  await page.getByRole('button', { name: 'Play' }).click()
  assert.equal((await refused).status(), 403)
  assert.equal(await portalStatus(context, demo), 401)
  await page.goto(url)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.waitForURL(`${demo.help_url}/tickets`)
  await context.close()
})
