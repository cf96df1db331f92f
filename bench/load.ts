import autocannon from 'autocannon'

export type Target = { url: string; method?: 'GET' | 'POST' | 'PUT' | 'DELETE'; headers?: Record<string, string>; body?: string }
export type Load = { perSecond: number; p50: number; p99: number }
export type Comparison = { ours: Load; baseline: Load; ratio: number }

const WARM_SECONDS = 3
const MEASURE_SECONDS = 5
const CONNECTIONS = 10

/** Both targets under the same load in alternating rounds; of each the median round counts. Latencies are milliseconds. */
export async function compare(ours: Target, baseline: Target, rounds = 3): Promise<Comparison> {
  const measured: { ours: Load[]; baseline: Load[] } = { ours: [], baseline: [] }
  await fire(ours, WARM_SECONDS)
  await fire(baseline, WARM_SECONDS)
  for (let round = 0; round < rounds; round++) {
    measured.ours.push(await fire(ours, MEASURE_SECONDS))
    measured.baseline.push(await fire(baseline, MEASURE_SECONDS))
  }
  const [mine, theirs] = [median(measured.ours), median(measured.baseline)]
  return { ours: mine, baseline: theirs, ratio: mine.perSecond / theirs.perSecond }
}

/** Ours alone, warm, optionally held at a rate (requests per second over all connections). */
export async function measure(target: Target, atRate?: number): Promise<Load> {
  await fire(target, WARM_SECONDS, atRate)
  return fire(target, MEASURE_SECONDS, atRate)
}

async function fire(target: Target, seconds: number, atRate?: number): Promise<Load> {
  const { hostname } = new URL(target.url)
  if (!/^(?:127\.0\.0\.1|\[::1\]|(?:.+\.)?localhost)$/.test(hostname)) throw new Error(`${hostname} is not this machine.`)
  const result = await autocannon({ ...target, duration: seconds, connections: CONNECTIONS, ...(atRate && { overallRate: atRate }) })
  if (result.errors > 0 || result.non2xx > 0)
    throw new Error(`${target.url}: ${result.errors} errors, ${result.non2xx} answers that are not 2xx.`)
  return { perSecond: result.requests.average, p50: result.latency.p50, p99: result.latency.p99 }
}

function median(loads: Load[]): Load {
  const sorted = loads.toSorted((a, b) => a.perSecond - b.perSecond)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) throw new Error('No round was measured.')
  return middle
}
