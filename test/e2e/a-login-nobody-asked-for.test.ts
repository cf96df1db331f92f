import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { signJwt } from '#test/cast.ts'
import { enterAs, personMenuOf, portalStatus } from './acts.ts'
import type { Person } from './demo.ts'
import { openForeignSite, type ForeignSite } from './foreign-site.ts'
import { setStage } from './stage.ts'

const stage = setStage()
let foreign: ForeignSite
let sibling: ForeignSite

before(async () => {
  const form = `<a href="">Win</a><form method="post"><input type="hidden" name="jwt"><button>Play</button></form>`
  foreign = await openForeignSite('prizes.localhost', { '/': form })
  sibling = await openForeignSite('prizes.acme.localhost', { '/': form })
})
after(() => {
  foreign.close()
  sibling.close()
})

function tokenOf({ user_id, email, name }: Person): string {
  const now = Math.floor(Date.now() / 1000)
  return signJwt({ user_id, email, name, iat: now, exp: now + 120, jti: randomUUID() }, stage.demo.messenger_secret)
}

async function followLink(page: Page, site: ForeignSite, token: string): Promise<void> {
  await page.goto(site.origin)
  await page.evaluate(`void (document.links[0].href = ${JSON.stringify(`${stage.demo.help_url}/login/jwt?jwt=${token}`)})`)
  await page.getByRole('link', { name: 'Win' }).click()
}

async function postForm(page: Page, site: ForeignSite, token: string): Promise<void> {
  await page.goto(site.origin)
  await page.evaluate(
    `void (document.forms[0].action = ${JSON.stringify(`${stage.demo.help_url}/login/jwt`)}, document.forms[0].jwt.value = ${JSON.stringify(token)})`,
  )
  await page.getByRole('button', { name: 'Play' }).click()
}

for (const [way, send, from] of [
  ['a link on a foreign site', followLink, () => foreign],
  ['a form on a foreign site', postForm, () => foreign],
  ['a link on a sibling that is not listed', followLink, () => sibling],
  ['a form on a sibling that is not listed', postForm, () => sibling],
] as const)
  test(`${way} cannot sign a reader in to somebody’s account without a question`, async () => {
    const { demo, open } = stage
    const context = await open()
    const page = await context.newPage()
    await send(page, from(), tokenOf(demo.chen))
    await page.getByRole('heading', { name: 'Continue as Chen Wei (c…@basic-works.example)?' }).waitFor()
    assert.ok(!page.url().includes('jwt='))
    assert.equal(await portalStatus(context, stage.demo), 401)
    await page.getByRole('link', { name: 'No, this is not me' }).click()
    await page.waitForURL(`${demo.help_url}/en`)
    assert.equal(await portalStatus(context, stage.demo), 401)
    await context.close()
  })

test('a foreign link cannot silently swap the account of a signed-in reader; the page says whose session would end', async () => {
  const { demo, open } = stage
  const context = await open()
  await enterAs(context, demo, demo.ada)
  const page = await context.newPage()
  await followLink(page, foreign, tokenOf(demo.chen))
  await page.getByText('You are signed in as Ada Lovelace now').waitFor()
  const help = await context.newPage()
  await help.goto(`${demo.help_url}/en`)
  await personMenuOf(help, demo.ada).waitFor()
  await context.close()
})

test('who agrees is signed in, and the token is used up', async () => {
  const { demo, open } = stage
  const context = await open()
  const page = await context.newPage()
  const token = tokenOf(demo.chen)
  await followLink(page, foreign, token)
  await page.getByRole('button', { name: 'Continue' }).click()
  await personMenuOf(page, demo.chen).waitFor()
  assert.equal(await portalStatus(context, stage.demo), 200)
  await context.close()
  const again = await open()
  const second = await again.newPage()
  const answer = second.waitForResponse((response) => response.url().includes('/login/jwt'))
  await followLink(second, foreign, token)
  assert.equal((await answer).status(), 401)
  assert.equal(await portalStatus(again, stage.demo), 401)
  await again.close()
})

test('the app’s own link with a fresh token asks nothing, until the reader has signed out', async () => {
  const { demo, open } = stage
  const context = await open()
  const page = await enterAs(context, demo, demo.ada)
  await context.clearCookies({ domain: 'help.acme.localhost' })
  await page.goto(`${demo.app_url}/open-help?to=/tickets`)
  await page.waitForURL(`${demo.help_url}/tickets`)
  await personMenuOf(page, demo.ada).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).waitFor()
  await page.goto(`${demo.app_url}/open-help?to=/tickets`)
  await page.getByRole('heading', { name: /^Continue as Ada Lovelace/ }).waitFor()
  assert.equal(await portalStatus(context, stage.demo), 401)
  await context.close()
})
