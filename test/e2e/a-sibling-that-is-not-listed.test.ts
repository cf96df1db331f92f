import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import { signJwt } from '#test/cast.ts'
import { enterAs, findTicket, launcherOf } from './acts.ts'
import { openForeignSite } from './foreign-site.ts'
import { setStage } from './stage.ts'

const stage = setStage()

/** Ada is signed in in this browser, and then meets a page of the same site that nobody listed. */
async function lure(t: TestContext): Promise<{ context: BrowserContext; page: Page; evil: string }> {
  const { help_url } = stage.demo
  const site = await openForeignSite('evil.acme.localhost', {
    '/': `<script src="${help_url}/messenger.js"></script>`,
    '/frames': `<iframe title="messenger" src="${help_url}/messenger/frame"></iframe><iframe title="tickets" src="${help_url}/tickets"></iframe>`,
    '/form': `<form method="post"><input name="body" value="Written by somebody else"><button>Go</button></form>`,
  })
  t.after(() => site.close())
  const context = await stage.open()
  await enterAs(context, stage.demo, stage.demo.ada)
  return { context, page: await context.newPage(), evil: site.origin }
}

async function isStillSignedIn(context: BrowserContext): Promise<boolean> {
  const page = await context.newPage()
  return (await page.goto(`${stage.demo.help_url}/tickets`))?.status() === 200
}

test('a page of a sibling origin that is not listed cannot boot, neither on the standing session nor with a real token', async (t) => {
  const { demo } = stage
  const { context, page, evil } = await lure(t)
  await page.goto(evil)
  const token = signJwt({ user_id: demo.ada.user_id, exp: Math.floor(Date.now() / 1000) + 300 }, demo.messenger_secret)
  for (const settings of [{ app_id: demo.app_id }, { app_id: demo.app_id, intercom_user_jwt: token }]) {
    const seen = await page.evaluate(`fetch(${JSON.stringify(`${demo.help_url}/messenger/boot`)}, {
      method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(JSON.stringify(settings))},
    }).then((answer) => answer.text(), () => 'nothing')`)
    assert.equal(seen, 'nothing')
  }
  const refused = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/messenger/boot'))
  await page.evaluate(`Intercom('boot', ${JSON.stringify({ app_id: demo.app_id, intercom_user_jwt: token })})`)
  await refused
  assert.equal(await launcherOf(page).count(), 0)
  assert.ok(await isStillSignedIn(context))
  await context.close()
})

test('it cannot read conversations, the stream or pages, and cannot put them into a frame', async (t) => {
  const { demo } = stage
  const { context, page, evil } = await lure(t)
  await page.goto(evil)
  for (const path of ['/messenger/conversations', '/messenger/stream', '/tickets', '/login/status'])
    assert.equal(
      await page.evaluate(
        `fetch(${JSON.stringify(demo.help_url + path)}, { credentials: 'include' }).then((answer) => answer.text(), () => 'nothing')`,
      ),
      'nothing',
      path,
    )
  await page.goto(`${evil}/frames`)
  const texts = await Promise.all(
    page
      .frames()
      .slice(1)
      .map((frame) => frame.evaluate('location.href + document.body?.innerText')),
  )
  assert.equal(texts.length, 2)
  for (const text of texts) assert.match(String(text), /^chrome-error:/)
  await context.close()
})

test('it cannot sign the user out or write in their name', async (t) => {
  const { demo } = stage
  const { context, page, evil } = await lure(t)
  const ticket = await findTicket(page, demo, 'Build stops at the image step')
  await page.goto(`${evil}/form`)
  await page.evaluate(
    `fetch(${JSON.stringify(`${demo.help_url}/messenger/shutdown`)}, { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{}' })`,
  )
  for (const path of [`${ticket}/replies`, `${demo.help_url}/login/logout`]) {
    await page.goto(`${evil}/form`)
    await page.evaluate(`void (document.forms[0].action = ${JSON.stringify(path)})`)
    const answer = page.waitForResponse(path)
    await page.getByRole('button', { name: 'Go' }).click()
    assert.equal((await answer).status(), 403, path)
  }
  assert.ok(await isStillSignedIn(context))
  await page.goto(ticket)
  assert.ok(!(await page.content()).includes('Written by somebody else'))
  await context.close()
})
