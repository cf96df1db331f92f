import { openAsker } from './ask.ts'
import { CONNECTIONS, summarise, type Load, type Run, type Target } from './load.ts'

/** A steady stream of requests that waits for no answer; latency counts from the moment a request was due. */
export function pace(target: Target, perSecond: number): Run {
  return (seconds) => askSteadily(target, perSecond, seconds)
}

async function askSteadily({ url, requests }: Target, perSecond: number, seconds: number): Promise<Load> {
  const { ask, close } = openAsker(url, CONNECTIONS)
  const next = typeof requests === 'function' ? requests : inTurn(requests)
  const latencies: number[] = []
  const underWay: Promise<void>[] = []
  const started = performance.now()
  const total = Math.floor(perSecond * seconds)
  for (let sent = 0; sent < total;) {
    const now = performance.now()
    for (; sent < total && started + (sent * 1000) / perSecond <= now; sent++) {
      const due = started + (sent * 1000) / perSecond
      underWay.push(ask(next()).then(() => void latencies.push(performance.now() - due)))
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await Promise.all(underWay)
  close()
  return summarise(latencies, (performance.now() - started) / 1000)
}

function inTurn<T>(list: readonly T[]): () => T {
  let at = 0
  return () => {
    const item = list[at++ % list.length]
    if (item === undefined) throw new Error('There is nothing to ask.')
    return item
  }
}
