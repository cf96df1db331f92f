import type { Instant } from '#db/columns.ts'
import { Failure } from '#errors'

const KNOWN = 50_000

/** So many failures per key and window; successes are free. The map of keys is bounded. */
export interface FailureLimit {
  /** Throws `too_many_sign_ins`, with the seconds to wait, once a key has failed too often. */
  check(key: string, now: Instant): void
  /** Answers how to take it back. */
  count(key: string, now: Instant): () => void
}

/**
 * Runs a guess at a password or a code. It counts as wrong while it is under way, so that guesses which come all at once are no
 * more than those that come one by one; taken back unless it was `isWrong`.
 */
export async function guessWithin<T>(
  limits: readonly { limit: FailureLimit; key: string }[],
  now: Instant,
  { guess, isWrong }: { guess: () => Promise<T>; isWrong: (error: unknown) => boolean },
): Promise<T> {
  for (const { limit, key } of limits) limit.check(key, now)
  const takeBack = limits.map(({ limit, key }) => limit.count(key, now))
  const forgive = () => takeBack.forEach((one) => one())
  try {
    const result = await guess()
    forgive()
    return result
  } catch (error) {
    if (!isWrong(error)) forgive()
    throw error
  }
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
      const window = standing(key, now) ?? { since: now, counted: 0 }
      window.counted += 1
      if (!failures.has(key) && failures.size >= KNOWN) failures.clear()
      failures.set(key, window)
      return () => void (window.counted -= 1)
    },
  }
}
