import { setTimeout as sleep } from 'node:timers/promises'
import { chromium, type Browser } from 'playwright-core'
import { addOrigin } from '#domain/workspaces/workspaces.ts'
import { findChromium } from '#bin/find-chromium.ts'
import { openForeignSite } from '#test/e2e/foreign-site.ts'
import { bootOf, type Place } from './place.ts'
import { atMost, type Result } from './result.ts'

/** Each beside a visit of the bare page: a machine that others use slows both. */
const VISITS = 11
const SLOWER = 4
/** The running server looks again after a second. */
const HEARD_OF_MS = 2500
/** Whatever a page does by itself is done long before. */
const SETTLED_MS = 1000
const ON_THE_MAIN_THREAD = new Set(['ScriptDuration', 'V8CompileDuration', 'LayoutDuration', 'RecalcStyleDuration'])

/** The least a page of an app has: what a browser does once, for its first words and its first request, is not the loader's. */
const BARE_PAGE = `<p>App</p><button>Work</button><script>fetch('/data')</script>`

interface Visit {
  requests: number
  mainThreadMs: number
}

/** What the loader adds to a page on which nobody opens it: the median of what each pair of visits differs by. */
export async function measureLoaderInBrowser(place: Place): Promise<Result[]> {
  const executablePath = findChromium()
  if (!executablePath) {
    console.error('Chromium is not here, so the loader was not measured in a browser.')
    return []
  }
  const site = await openForeignSite('bench.acme.localhost', { '/bare': BARE_PAGE, '/': BARE_PAGE + loaderOf(place), '/data': '' })
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    await addOrigin(place.db, place.workspace, site.origin, Date.now())
    await sleep(HEARD_OF_MS)
    const [without, withLoader]: [Visit[], Visit[]] = [[], []]
    for (let visit = 0; visit < VISITS; visit++) {
      without.push(await visitPage(browser, `${site.origin}/bare`))
      withLoader.push(await visitPage(browser, `${site.origin}/`))
    }
    const baseline = medianOf(without.map(({ mainThreadMs }) => mainThreadMs))
    const added = medianOf(withLoader.map(({ mainThreadMs }, visit) => mainThreadMs - (without[visit]?.mainThreadMs ?? Number.NaN)))
    return [
      atMost('loader, before it is opened', 'requests', { ours: Math.max(...withLoader.map(({ requests }) => requests)), most: 2 }),
      atMost(`loader, main thread, CPU ${SLOWER} times slower, beside the page’s own`, 'ms', { ours: added, most: 10, baseline }),
    ]
  } finally {
    await browser.close()
    site.close()
  }
}

/**
 * A profile of its own each time: nothing is in its caches. Scripts, their compilation, styles and layout count; painting and
 * the browser's own tasks do not. The thread's own time is taken at full speed and multiplied: Chromium slows a thread down by
 * a second one that interrupts it, which on a busy machine comes late or not at all.
 */
async function visitPage(browser: Browser, address: string): Promise<Visit> {
  const context = await browser.newContext()
  const page = await context.newPage()
  const asked: string[] = []
  page.on('request', (request) => request.url().startsWith(new URL(address).origin) || asked.push(request.url()))
  const devtools = await context.newCDPSession(page)
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.goto(address)
  await sleep(SETTLED_MS)
  const { metrics } = await devtools.send('Performance.getMetrics')
  const seconds = metrics.filter(({ name }) => ON_THE_MAIN_THREAD.has(name)).reduce((sum, { value }) => sum + value, 0)
  // Looked for afterwards: looking runs scripts in the page.
  if (asked.length > 0) await page.getByRole('button', { name: 'Messenger' }).waitFor()
  await context.close()
  return { requests: asked.length, mainThreadMs: seconds * 1000 * SLOWER }
}

const medianOf = (times: number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN

function loaderOf(place: Place): string {
  const { body } = bootOf(place, 'visits')
  return `<script src="http://${place.headers['host']}/messenger.js" defer></script><script>window.intercomSettings = ${body}</script>`
}
