import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { signJwt } from '#test/cast.ts'
import { personMenuOf, portalStatus } from './acts.ts'
import type { Person } from './demo.ts'
import { openForeignSite, type ForeignSite } from './foreign-site.ts'
import { setStage } from './stage.ts'

const stage = setStage()
let foreign: ForeignSite
before(async () => {
  foreign = await openForeignSite('prizes.localhost', { '/': '<a href="">Win</a>' })
})
after(() => foreign.close())

function addressFor({ user_id, email, name }: Person, more: Record<string, string> = {}): string {
  const now = Math.floor(Date.now() / 1000)
  const jwt = signJwt({ user_id, email, name, iat: now, exp: now + 120, jti: randomUUID() }, stage.demo.messenger_secret)
  return `${stage.demo.help_url}/login/jwt#${new URLSearchParams({ jwt, ...more }).toString()}`
}

/** Every address that the tab has shown, and every request that it made. */
function watch(page: Page): string[] {
  const seen: string[] = []
  page.on('request', (request) => seen.push(request.url(), request.headers()['referer'] ?? ''))
  page.on('framenavigated', (frame) => seen.push(frame.url()))
  return seen
}

test('a foreign link with a token behind the # asks first, and its token leaves the browser only in the form', async () => {
  const context = await stage.open()
  const page = await context.newPage()
  await page.goto(foreign.origin)
  const seen = watch(page)
  await page.evaluate(`void (document.links[0].href = ${JSON.stringify(addressFor(stage.demo.chen))})`)
  await page.getByRole('link', { name: 'Win' }).click()
  await page.getByRole('heading', { name: 'Continue as Chen Wei (c…@basic-works.example)?' }).waitFor()
  assert.equal(await portalStatus(context, stage.demo), 401)
  assert.ok(seen.length > 3)
  // The first address of the tab is the link itself; nothing that a server or a log sees holds the token.
  const shown = seen.filter((address) => address.includes('jwt=') || address.includes('eyJ'))
  assert.ok(
    shown.every((address) => address.includes('/login/jwt#jwt=')),
    shown.join('\n'),
  )
  await page.evaluate('void setTimeout(() => history.back())')
  await page.waitForURL((address) => address.pathname !== '/login/continue', { waitUntil: 'commit' })
  assert.ok(!page.url().includes('#') && !page.url().includes('eyJ'), 'the history holds no token')
  await context.close()
})

test('who set out from our own Sign in comes back silently, to the page they wanted', async () => {
  const context = await stage.open()
  const page = await context.newPage()
  await page.goto(`${stage.demo.help_url}/tickets`)
  await page.waitForURL(`${stage.demo.app_url}/login?**`)
  const next = new URL(page.url()).searchParams.get('next') ?? ''
  const { searchParams } = new URL(next, stage.demo.app_url)
  const back = { state: searchParams.get('state') ?? '', return_to: searchParams.get('return_to') ?? '' }
  await page.goto(addressFor(stage.demo.ada, back))
  await page.waitForURL(`${stage.demo.help_url}/tickets`)
  await personMenuOf(page, stage.demo.ada).waitFor()
  await context.close()
})

test('without JavaScript the page says what to do', async () => {
  const context = await stage.open({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(addressFor(stage.demo.ada))
  await page.getByText('off or blocked in this browser').waitFor()
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click()
  await page.waitForURL(`${stage.demo.app_url}/login?**`)
  await context.close()
})

test('an address without a token says so', async () => {
  const context = await stage.open()
  const page = await context.newPage()
  await page.goto(`${stage.demo.help_url}/login/jwt`)
  await page.getByText('This address carries no sign-in any more.').waitFor()
  await context.close()
})
