import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { BrowserContext, Frame, Page } from 'playwright-core'
import { enterAs, launcherOf, openMessenger } from './acts.ts'
import { openForeignSite } from './foreign-site.ts'
import { eventually, setStage } from './stage.ts'

const stage = setStage()
const WORDS = 'Written by somebody else'

/** What the loader acts on when its own frame says it, and what it must not act on whoever says it. */
const toLoader = [
  { latchkey: 'close' },
  { latchkey: 'unread', count: 9 },
  { latchkey: 'session_ended' },
  ...['close', null, [], { latchkey: ['close'] }, { latchkey: 'toString' }],
]

/** What the frame acts on when its own page says it. */
const toFrame = [
  { latchkey: 'go', go: { to: 'composer', text: WORDS, send: true } },
  { latchkey: 'go', go: { to: 'space', space: 'help' } },
  { latchkey: 'closed' },
]

/** What no loader says: another shape, though of the right window and the right origin. */
const misshapen = [
  ...[null, 'go', 7, [], {}, { latchkey: ['closed'] }, { latchkey: 'toString' }, { latchkey: '__proto__' }],
  ...[undefined, 'help', { to: 'nowhere' }, { to: ['space'], space: 'help' }, { to: 'space' }].map((go) => ({ latchkey: 'go', go })),
  ...[
    { to: 'article', id: 5 },
    { to: 'conversation', id: {} },
  ].map((go) => ({ latchkey: 'go', go })),
  { latchkey: 'go', go: { to: 'composer', text: { toString: WORDS }, send: true } },
  { latchkey: 'go', go: { to: 'composer', text: WORDS, send: 'true' } },
  { latchkey: 'change', change: null },
  { latchkey: 'open', boot: {}, theme: 'dark', locale: null, colors: {}, go: { to: 'space', space: 'help' } },
  { latchkey: 'open', go: { to: 'space', space: 'help' } },
]

interface Visit {
  context: BrowserContext
  page: Page
  /** A frame beside the Messenger's, of an origin that nobody listed. */
  stranger: Frame
  /** A frame beside it of the page's own origin. */
  sibling: Frame
  /** A window of another listed origin; the page is its `other`. */
  opener: Page
  errors: string[]
}

async function visit(t: TestContext, path: string): Promise<Visit> {
  const { demo, open } = stage
  const evil = await openForeignSite('evil.acme.localhost', { '/': '' })
  const frames = `<iframe name="stranger" src="${evil.origin}"></iframe><iframe name="sibling" src="/empty"></iframe>`
  const pages: Record<string, string> = {
    '/empty': '',
    '/loader': `<script>intercomSettings = ${JSON.stringify({ app_id: demo.app_id })}</script><script src="${demo.help_url}/messenger.js"></script>${frames}`,
    '/frame': `<iframe name="messenger"></iframe>${frames}<script>
addEventListener('message', async ({ data }) => {
  if (data.latchkey !== 'ready') return
  const init = { method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(JSON.stringify({ app_id: demo.app_id }))} }
  const boot = await (await fetch('${demo.help_url}/messenger/boot', init)).json()
  frames[0].postMessage({ latchkey: 'open', boot, theme: 'system', locale: null, colors: {}, go: { to: 'last' } }, '${demo.help_url}')
})
frames[0].location = '${demo.help_url}/messenger/frame#' + origin</script>`,
  }
  const site = await openForeignSite('pages.acme.localhost', pages)
  await demo.listOrigin(site.origin)
  const context = await open()
  t.after(async () => {
    await context.close()
    site.close()
    evil.close()
  })
  const opener = await enterAs(context, demo, demo.ada)
  const [page] = await Promise.all([context.waitForEvent('page'), opener.evaluate(`void (other = open('${site.origin}${path}'))`)])
  const errors: string[] = []
  page.on('pageerror', ({ message }) => errors.push(message))
  await page.waitForLoadState()
  const named = (name: string) => page.frame({ name }) ?? assert.fail(`no frame ${name}`)
  return { context, page, stranger: named('stranger'), sibling: named('sibling'), opener, errors }
}

/** Posts from there to the window that the expression names, and waits until every message was heard. */
async function post(from: Page | Frame, messages: unknown[], { to, heard }: { to: string; heard: Page | Frame }) {
  await heard.evaluate(`heard = 0; globalThis.count ??= addEventListener('message', () => heard++) ?? true`)
  await from.evaluate(`for (const one of ${JSON.stringify(messages)}) ${to}.postMessage(one, '*')`)
  await eventually(() => heard.evaluate('heard'), messages.length)
}

test('what other windows, other frames and the page itself post as if they were the frame does nothing to the loader', async (t) => {
  const { page, stranger, sibling, opener, errors } = await visit(t, '/loader')
  await openMessenger(page)
  await post(stranger, toLoader, { to: 'parent', heard: page })
  await post(sibling, toLoader, { to: 'parent', heard: page })
  await post(opener, toLoader, { to: 'other', heard: page })
  await post(page, toLoader, { to: 'window', heard: page })
  const frame = page.frames().find((one) => one.url().includes('/messenger/frame')) ?? assert.fail('no Messenger')
  const badShapes = [...toLoader.slice(3), ...[-1, 1.5, '3', [4], null].map((count) => ({ latchkey: 'unread', count }))]
  await post(frame, badShapes, { to: 'parent', heard: page })
  assert.equal(await launcherOf(page).getAttribute('aria-expanded'), 'true')
  assert.equal(await launcherOf(page).getAttribute('aria-label'), 'Messenger')
  assert.ok(await page.locator('iframe[title="Messenger"]').isVisible())
  assert.deepEqual(errors, [])
  await post(frame, [{ latchkey: 'unread', count: 9 }], { to: 'parent', heard: page })
  await page.getByRole('button', { name: 'Messenger (9)' }).waitFor()
})

test('what other windows and frames post to the frame sends nothing and shows nothing, and nor does what its page could not mean', async (t) => {
  const { page, stranger, sibling, opener, errors } = await visit(t, '/frame')
  const messenger = page.frame({ name: 'messenger' }) ?? assert.fail('no Messenger')
  const home = messenger.getByRole('button', { name: 'Send us a message' })
  await home.waitFor()
  const shown = await messenger.getByRole('heading', { level: 1 }).textContent()
  await post(stranger, toFrame, { to: 'parent.frames[0]', heard: messenger })
  await post(sibling, toFrame, { to: 'parent.frames[0]', heard: messenger })
  await post(opener, toFrame, { to: 'other.frames[0]', heard: messenger })
  await post(messenger, toFrame, { to: 'window', heard: messenger })
  await post(page, misshapen, { to: 'frames[0]', heard: messenger })
  assert.equal(await messenger.getByRole('heading', { level: 1 }).textContent(), shown)
  assert.ok(await home.isVisible())
  assert.deepEqual(errors, [])
  await post(page, toFrame.slice(0, 1), { to: 'frames[0]', heard: messenger })
  await messenger.getByRole('log').getByText(WORDS).waitFor()
  await messenger.getByText(/^Sent · /).waitFor()
  const { conversations } = await stage.demo.api<{ conversations: { source: { body: string } }[] }>('GET', '/conversations')
  assert.equal(conversations.filter(({ source }) => source.body.includes(WORDS)).length, 1, 'that of the page alone')
})
