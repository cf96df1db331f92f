import { setTimeout as sleep } from 'node:timers/promises'
import { chromium, type Browser } from 'playwright-core'
import { addOrigin } from '#domain/workspaces/workspaces.ts'
import { findChromium } from '#bin/find-chromium.ts'
import { openForeignSite } from '#test/e2e/foreign-site.ts'
import { bootOf, type Place } from './place.ts'
import { atMost, type Result } from './result.ts'

const VISITS = 5
const SLOWER = 4
/** The running server looks again after a second. */
const HEARD_OF_MS = 2500
/** What the loader does after its boot is answered is done long before. */
const SETTLED_MS = 500
const ON_THE_MAIN_THREAD = new Set(['ScriptDuration', 'V8CompileDuration', 'LayoutDuration', 'RecalcStyleDuration'])

interface Visit {
  requests: number
  mainThreadMs: number
}

/** On a page that has nothing else, until the launcher stands there and nobody has touched it. */
export async function measureLoaderInBrowser(place: Place): Promise<Result[]> {
  const executablePath = findChromium()
  if (!executablePath) {
    console.error('Chromium is not here, so the loader was not measured in a browser.')
    return []
  }
  const site = await openForeignSite('bench.acme.localhost', { '/': pageOf(place) })
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    await addOrigin(place.db, place.workspace, site.origin, Date.now())
    await sleep(HEARD_OF_MS)
    const visits: Visit[] = []
    for (let visit = 0; visit < VISITS; visit++) visits.push(await visitPage(browser, site.origin))
    const times = visits.map(({ mainThreadMs }) => mainThreadMs).toSorted((a, b) => a - b)
    return [
      atMost('loader, before it is opened', 'requests', { ours: Math.max(...visits.map(({ requests }) => requests)), most: 2 }),
      atMost(`loader, main thread ${SLOWER} times slower`, 'ms', { ours: times[Math.floor(VISITS / 2)] ?? Number.NaN, most: 10 }),
    ]
  } finally {
    await browser.close()
    site.close()
  }
}

/** A profile of its own each time: nothing is in its caches. */
async function visitPage(browser: Browser, origin: string): Promise<Visit> {
  const context = await browser.newContext()
  const page = await context.newPage()
  const asked: string[] = []
  page.on('request', (request) => request.url().startsWith(origin) || asked.push(request.url()))
  const devtools = await context.newCDPSession(page)
  await devtools.send('Performance.enable')
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
  await Promise.all([page.waitForResponse((response) => response.url().endsWith('/messenger/boot')), page.goto(origin)])
  await sleep(SETTLED_MS)
  const { metrics } = await devtools.send('Performance.getMetrics')
  const seconds = metrics.filter(({ name }) => ON_THE_MAIN_THREAD.has(name)).reduce((sum, { value }) => sum + value, 0)
  // Looked for afterwards: looking runs scripts in the page.
  await page.getByRole('button', { name: 'Messenger' }).waitFor()
  await context.close()
  return { requests: asked.length, mainThreadMs: seconds * 1000 }
}

function pageOf(place: Place): string {
  const { body } = bootOf(place, 'visits')
  return `<script src="http://${place.headers['host']}/messenger.js" defer></script><script>window.intercomSettings = ${body}</script>`
}
