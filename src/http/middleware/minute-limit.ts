import type { Instant } from '#db/schema.ts'
import { Failure } from '#errors'

const WINDOW_MS = 60_000
const KNOWN = 50_000

/** So many of something per key and minute; the map of keys is bounded. */
export interface MinuteLimit {
  /** Throws `rate_limit_exceeded`, with the seconds to wait, once the key was counted too often. */
  count(key: string | number, now: Instant): void
}

export function minuteLimit(perMinute: number): MinuteLimit {
  const windows = new Map<string | number, { since: Instant; counted: number }>()
  return {
    count(key, now) {
      const window = windows.get(key)
      if (!window || now - window.since >= WINDOW_MS) {
        if (windows.size >= KNOWN) windows.clear()
        windows.set(key, { since: now, counted: 1 })
        return
      }
      window.counted += 1
      if (window.counted > perMinute)
        throw new Failure('rate_limit_exceeded', { retryAfter: Math.ceil((window.since + WINDOW_MS - now) / 1000) })
    },
  }
}
