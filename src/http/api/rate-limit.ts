import type { FastifyReply } from 'fastify'
import type { Instant } from '#db/columns.ts'
import { Failure } from '#errors'

const WINDOW = 10_000
const LIMIT = 1000

/** Counts requests per token in windows of ten seconds. */
export class TokenRateLimit {
  #window = 0
  #used = new Map<number, number>()

  /** Writes the X-RateLimit headers; throws when the window is used up. */
  take(tokenId: number, reply: FastifyReply, now: Instant): void {
    const window = Math.floor(now / WINDOW)
    if (window !== this.#window) this.#used.clear()
    this.#window = window
    const used = (this.#used.get(tokenId) ?? 0) + 1
    this.#used.set(tokenId, used)
    const reset = ((window + 1) * WINDOW) / 1000
    void reply.headers({ 'x-ratelimit-limit': LIMIT, 'x-ratelimit-remaining': Math.max(0, LIMIT - used), 'x-ratelimit-reset': reset })
    if (used > LIMIT) throw new Failure('rate_limit_exceeded', { retryAfter: Math.max(1, reset - Math.floor(now / 1000)) })
  }
}
