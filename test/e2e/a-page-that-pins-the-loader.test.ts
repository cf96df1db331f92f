import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { launcherOf } from './acts.ts'
import { openForeignSite } from './foreign-site.ts'
import { setStage } from './stage.ts'

const stage = setStage()
const OTHER = `sha384-${'A'.repeat(64)}`

/** The tag that the command prints, and the hash in it. */
async function pinnedTag(): Promise<{ tag: string; integrity: string }> {
  const tag = (await stage.demo.command('loader', stage.demo.app_id)).split('\n').find((line) => line.startsWith('<script')) ?? ''
  const [, integrity = assert.fail('no integrity')] = /integrity="([^"]+)"/.exec(tag) ?? []
  return { tag, integrity }
}

async function visit(t: TestContext, tag: string): Promise<{ page: Page; failed: Promise<unknown> }> {
  const { demo, open } = stage
  const settings = JSON.stringify({ app_id: demo.app_id })
  const site = await openForeignSite('pinned.acme.localhost', {
    '/': `<script>intercomSettings = ${settings}</script>${tag.replace('<script ', '<script onerror="failed = true" ')}`,
  })
  await demo.listOrigin(site.origin)
  const context = await open()
  t.after(async () => {
    await context.close()
    site.close()
  })
  const page = await context.newPage()
  await page.goto(site.origin)
  return { page, failed: page.evaluate(`window.failed ?? false`) }
}

test('a page with the printed tag boots', async (t) => {
  const { tag } = await pinnedTag()
  const { page } = await visit(t, tag)
  await launcherOf(page).waitFor()
})

test('a page that names two builds boots with either, so that an upgrade leaves no page without it', async (t) => {
  const { integrity } = await pinnedTag()
  const tag = `<script src="${stage.demo.help_url}/messenger.js" integrity="${OTHER} ${integrity}" crossorigin="anonymous" defer></script>`
  const { page } = await visit(t, tag)
  await launcherOf(page).waitFor()
})

for (const [what, change] of [
  ['with the hash of other bytes', (tag: string, integrity: string) => tag.replace(integrity, OTHER)],
  ['that pins a build which is not installed', (tag: string) => tag.replace(/messenger-[\w-]+\.js/, 'messenger-aaaaaaaaaaaaaaaaaaaaaa.js')],
  ['that forgets crossorigin', (tag: string) => tag.replace(' crossorigin="anonymous"', '')],
] as const)
  test(`a page ${what} runs no loader, and hears of it`, async (t) => {
    const { tag, integrity } = await pinnedTag()
    const { page, failed } = await visit(t, change(tag, integrity))
    assert.equal(await failed, true)
    assert.equal(await page.evaluate('typeof Intercom'), 'undefined')
  })
