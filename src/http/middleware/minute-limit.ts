import type { Instant } from '#db/columns.ts'
import { Failure } from '#errors'

const WINDOW_MS = 60_000
const KNOWN = 50_000

/** So many of something per key and minute; the map of keys is bounded. */
export interface MinuteLimit {
  /** Throws `rate_limit_exceeded`, with the seconds to wait, once the key was counted too often. */
  count(key: string | number, now: Instant): void
  /** Counts too, and answers whether it was too often. */
  isPassed(key: string | number, now: Instant): boolean
}

export function minuteLimit(perMinute: number): MinuteLimit {
  const windows = new Map<string | number, { since: Instant; counted: number }>()
  const countIn = (key: string | number, now: Instant) => {
    const known = windows.get(key)
    if (known && now - known.since < WINDOW_MS) {
      known.counted += 1
      return known
    }
    if (windows.size >= KNOWN) windows.clear()
    const window = { since: now, counted: 1 }
    windows.set(key, window)
    return window
  }
  return {
    count(key, now) {
      const { since, counted } = countIn(key, now)
      if (counted > perMinute) throw new Failure('rate_limit_exceeded', { retryAfter: Math.ceil((since + WINDOW_MS - now) / 1000) })
    },
    isPassed: (key, now) => countIn(key, now).counted > perMinute,
  }
}
