import type { Instant } from '#db/schema.ts'
import { Failure } from '#errors'

const WINDOW_MS = 60_000
const KNOWN = 50_000

/** Counts refused tokens per address and workspace. It is asked only after a refusal, so a valid token always passes. */
export interface RefusalLimit {
  /** Throws `rate_limit_exceeded` once this address was refused more often than allowed within a minute. */
  count(key: string, now: Instant): void
}

export function refusalLimit(perMinute: number): RefusalLimit {
  const windows = new Map<string, { since: Instant; refused: number }>()
  return {
    count(key, now) {
      const window = windows.get(key)
      if (!window || now - window.since >= WINDOW_MS) {
        if (windows.size >= KNOWN) windows.clear()
        windows.set(key, { since: now, refused: 1 })
        return
      }
      window.refused += 1
      if (window.refused > perMinute) throw new Failure('rate_limit_exceeded', { retryAfter: Math.ceil((window.since + WINDOW_MS - now) / 1000) })
    },
  }
}
