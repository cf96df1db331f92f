import type { Instant } from '#db/schema.ts'
import { Failure } from '#errors'

const KNOWN = 50_000

/** So many failures per key and window; successes are free. The map of keys is bounded. */
export interface FailureLimit {
  /** Throws `too_many_sign_ins`, with the seconds to wait, once a key has failed too often. */
  check(key: string, now: Instant): void
  count(key: string, now: Instant): void
}

export function failureLimit({ most, window }: { most: number; window: number }): FailureLimit {
  const failures = new Map<string, { since: Instant; counted: number }>()
  const standing = (key: string, now: Instant) => {
    const known = failures.get(key)
    return known && now - known.since < window ? known : undefined
  }
  return {
    check(key, now) {
      const known = standing(key, now)
      if (known && known.counted >= most)
        throw new Failure('too_many_sign_ins', { retryAfter: Math.ceil((known.since + window - now) / 1000) })
    },
    count(key, now) {
      const known = standing(key, now)
      if (known) known.counted += 1
      else {
        if (failures.size >= KNOWN) failures.clear()
        failures.set(key, { since: now, counted: 1 })
      }
    },
  }
}
