import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions } from 'playwright-core'
import { startDemo, type Demo } from './demo.ts'

const PATIENCE_MS = 10_000
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The demo and a browser, up before a file's first test and gone after its last. */
export interface Stage {
  demo: Demo
  /** An empty browser profile of its own. */
  open(options?: BrowserContextOptions): Promise<BrowserContext>
}

/** `prepare` answers settings of the demo besides its own. */
export function setStage(prepare?: () => Promise<Record<string, string>>): Stage {
  const up: { demo?: Demo; browser?: Browser } = {}
  before(async () => {
    const executablePath = process.env['LATCHKEY_CHROMIUM'] ?? '/usr/bin/chromium'
    const [demo, browser] = await Promise.allSettled([
      startDemo(await prepare?.()),
      chromium.launch({ executablePath, args: quiet, ignoreDefaultArgs: ['--disable-back-forward-cache'] }),
    ])
    if (demo.status === 'fulfilled') up.demo = demo.value
    if (browser.status === 'fulfilled') up.browser = browser.value
    for (const one of [demo, browser]) if (one.status === 'rejected') throw one.reason
  })
  after(async () => {
    await up.browser?.close()
    await up.demo?.stop()
  })
  return {
    get demo() {
      return present(up.demo)
    },
    async open(options) {
      const context = await present(up.browser).newContext({ locale: 'en-GB', ...options })
      context.setDefaultTimeout(PATIENCE_MS)
      context.setDefaultNavigationTimeout(PATIENCE_MS)
      return context
    },
  }
}

function present<Thing>(thing: Thing | undefined): Thing {
  assert.ok(thing, 'the stage is set')
  return thing
}

/** Asks until the answer is the expected one; shows the last answer if it never is. */
export async function eventually<Value>(read: () => Promise<Value>, expected: Value): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  let value = await read()
  while (!isDeepStrictEqual(value, expected) && Date.now() < deadline) {
    await sleep(50)
    value = await read()
  }
  assert.deepEqual(value, expected)
}
