import type { FastifyRequest } from 'fastify'
import type { Instant } from '#db/schema.ts'
import { Failure } from '#errors'
import { boundedCache } from '#platform/cache/bounded-cache.ts'

const KNOWN = 50_000

export interface TokenBucket {
  /** Throws `rate_limit_exceeded` with the seconds to wait when the key's bucket is empty. */
  take(key: string, now: Instant): void
}

/** `burst` at once, then `perMinute` steadily, per key; keys that were not used for long are forgotten (their bucket is full again). */
export function tokenBucket({ burst, perMinute }: { burst: number; perMinute: number }): TokenBucket {
  const buckets = boundedCache<string, { left: number; at: Instant }>(KNOWN)
  const perMillisecond = perMinute / 60_000
  return {
    take(key, now) {
      const { left, at } = buckets.get(key) ?? { left: burst, at: now }
      const filled = Math.min(burst, left + Math.max(0, now - at) * perMillisecond)
      const isEmpty = filled < 1
      buckets.set(key, { left: isEmpty ? filled : filled - 1, at: now })
      if (isEmpty) throw new Failure('rate_limit_exceeded', { retryAfter: Math.max(1, Math.ceil((1 - filled) / perMillisecond / 1000)) })
    },
  }
}

/** A preHandler: one bucket per session, per address where there is none. */
export function limitPerSession(limit: { burst: number; perMinute: number }) {
  const bucket = tokenBucket(limit)
  return async (request: FastifyRequest) => {
    const key = request.session ? `session ${request.session.id}` : `address ${request.ip}`
    bucket.take(key, request.server.now())
  }
}
