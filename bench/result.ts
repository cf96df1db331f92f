import type { Comparison } from './load.ts'

/** One measured number. `ratio` is ours / baseline, both taken in the same run; `budget` is the promise in words. */
export type Result = {
  name: string
  unit: string
  ours: number
  baseline?: number
  ratio?: number
  budget: string
  ok: boolean
}

export type Bench = () => Promise<Result[]>

/** Throughput beside its yardstick; a `share` of 0 promises nothing. */
export function compared(name: string, { ours, baseline, ratio }: Comparison, { share, of }: { share: number; of: string }): Result {
  const budget = share === 0 ? `beside ${of}` : `≥ ${share * 100} % of ${of}`
  return { name, unit: 'per second', ours: ours.perSecond, baseline: baseline.perSecond, ratio, budget, ok: ratio >= share }
}

export function atMost(name: string, unit: string, { ours, most, baseline }: { ours: number; most: number; baseline?: number }): Result {
  return { name, unit, ours, ...(baseline !== undefined && { baseline }), budget: `≤ ${most} ${unit}`, ok: ours <= most }
}
