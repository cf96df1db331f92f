import autocannon from 'autocannon'

export interface Request {
  path: string
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string
}

/** What is asked in turn: a list that begins again at its end, or each time another request. */
export interface Target {
  url: string
  requests: readonly Request[] | (() => Request)
}

/** Latencies are milliseconds. */
export interface Load {
  perSecond: number
  p50: number
  p99: number
}

/** Does its work at full speed for so many seconds. */
export type Run = (seconds: number) => Promise<Load>

export interface Comparison {
  ours: Load
  baseline: Load
  ratio: number
}

export const CONNECTIONS = 10
const WARM_SECONDS = 2
const MEASURE_SECONDS = 2
/** What the server has batched is written by then. */
const SETTLE_MS = 500

/** Both under the same load in alternating rounds; of each counts the median round, by what is asked of it. */
export async function compare(
  ours: Run,
  baseline: Run,
  { by, rounds }: { by: 'perSecond' | 'p99'; rounds: number } = { by: 'perSecond', rounds: 3 },
): Promise<Comparison> {
  const measured: { ours: Load[]; baseline: Load[] } = { ours: [], baseline: [] }
  await ours(WARM_SECONDS)
  await settle()
  await baseline(WARM_SECONDS)
  for (let round = 0; round < rounds; round++) {
    measured.ours.push(await ours(MEASURE_SECONDS))
    await settle()
    measured.baseline.push(await baseline(MEASURE_SECONDS))
  }
  const [mine, theirs] = [medianLoad(measured.ours, by), medianLoad(measured.baseline, by)]
  return { ours: mine, baseline: theirs, ratio: mine.perSecond / theirs.perSecond }
}

/** Asks on so many connections, each with its next request as soon as the last is answered. */
export function fire({ url, requests }: Target, connections = CONNECTIONS): Run {
  refuseElsewhere(url)
  return async (seconds) => {
    const dynamic =
      typeof requests === 'function' ? [{ setupRequest: (request: autocannon.Request) => ({ ...request, ...requests() }) }] : undefined
    const result = await autocannon({ url, connections, duration: seconds, requests: dynamic ?? structuredClone(requests as Request[]) })
    if (result.errors > 0 || result.non2xx > 0)
      throw new Error(`${url}: ${result.errors} errors, ${result.non2xx} answers that are not 2xx.`)
    return { perSecond: result['2xx'] / result.duration, p50: result.latency.p50, p99: result.latency.p99 }
  }
}

export function refuseElsewhere(url: string): void {
  const { hostname } = new URL(url)
  if (!/^(?:127\.0\.0\.1|\[::1\]|(?:.+\.)?localhost)$/.test(hostname)) throw new Error(`${hostname} is not this machine.`)
}

export function summarise(latencies: number[], seconds: number): Load {
  const sorted = latencies.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { perSecond: latencies.length / seconds, p50: at(0.5), p99: at(0.99) }
}

function medianLoad(loads: Load[], by: 'perSecond' | 'p99'): Load {
  const middle = loads.toSorted((a, b) => a[by] - b[by])[Math.floor(loads.length / 2)]
  if (middle === undefined) throw new Error('No round was measured.')
  return middle
}

async function settle() {
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
}
