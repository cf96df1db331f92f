import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { brotliCompressSync } from 'node:zlib'
import { readBundle } from '#http/middleware/assets.ts'
import { measureLoaderInBrowser } from './loader-in-browser.ts'
import { bootOf, openPlace, type Place } from './place.ts'
import { atMost, type Bench, type Result } from './result.ts'
import { findFreePort, startServerProcess } from '#bin/server-process.ts'
import { typicalArticle } from './typical-article.ts'
import { visitEverySurface } from './visit-every-surface.ts'

const KB = 1000
const STARTS = 3
const IDLE_MS = 3000

/** Bytes on the wire to a browser that takes brotli, what the loader asks of a page, the memory of a server that rests after all its surfaces were visited, and how long it takes to start. */
export const bench: Bench = async () => {
  // First, so that what follows is a server whose code was compiled before, as any but an installation's first is.
  const start = await measureStart()
  return [...(await measureServer()), start]
}

async function measureServer(): Promise<Result[]> {
  const place = await openPlace('SQLite')
  try {
    const sizes = [await loaderSize(place), await messengerSize(place), ...(await articleSize(place))]
    await visitEverySurface(place)
    await sleep(IDLE_MS)
    const memory = atMost('memory at rest', 'MB', { ours: place.server.memoryMb(), most: 150 })
    return [...sizes, memory, ...(await measureLoaderInBrowser(place))]
  } finally {
    await place.close()
  }
}

/** All that a page costs before the Messenger is opened. */
async function loaderSize(place: Place): Promise<Result> {
  const script = await wireSize(place, '/messenger.js')
  const { body } = await place.ask(bootOf(place, 'weighed'))
  return atMost('loader and boot answer, brotli', 'kB', { ours: (script + brotliCompressSync(body).length) / KB, most: 4 })
}

/** The loader, the frame and everything the frame loads. */
async function messengerSize(place: Place): Promise<Result> {
  const paths = [
    '/messenger.js',
    '/messenger-panel.js',
    '/messenger-live.js',
    '/messenger/frame',
    ...readBundle('messenger').all.map(({ name }) => `/${name}`),
  ]
  const sizes = await Promise.all(paths.map((path) => wireSize(place, path)))
  return atMost('Messenger open, brotli', 'kB', { ours: sizes.reduce((sum, size) => sum + size, 0) / KB, most: 45 })
}

/** Compressed with everything that holds up its first paint. */
async function articleSize(place: Place): Promise<Result[]> {
  const path = await typicalArticle(place)
  const { body } = await place.ask({ path, headers: { host: place.headers['host'] ?? '' } })
  const styles = [...body.toString().matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map(([, href = '']) => href)
  const sizes = await Promise.all([path, ...styles].map((path) => wireSize(place, path)))
  return [
    atMost('article page, HTML and CSS, brotli', 'kB', { ours: sizes.reduce((sum, size) => sum + size, 0) / KB, most: 20 }),
    atMost('article page, to its first paint', 'requests', { ours: sizes.length, most: 1 }),
  ]
}

async function wireSize({ ask, headers }: Place, path: string): Promise<number> {
  const { body } = await ask({ path, headers: { host: headers['host'] ?? '', 'accept-encoding': 'br' } })
  return body.length
}

/** From an empty folder; the median of a few. */
async function measureStart(): Promise<Result> {
  const starts: number[] = []
  for (let start = 0; start < STARTS; start++) {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'))
    const server = await startServerProcess({ LATCHKEY_DATA: folder, PORT: String(await findFreePort()) })
    starts.push(server.startMs)
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  const median = starts.toSorted((a, b) => a - b)[Math.floor(STARTS / 2)] ?? Number.NaN
  return atMost('empty folder to listening', 'ms', { ours: median, most: 1000 })
}
