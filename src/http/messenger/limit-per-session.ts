import type { FastifyRequest } from 'fastify'
import { minuteLimit } from '#http/middleware/minute-limit.ts'
import { networkOf } from '#http/middleware/network.ts'

/** A preHandler: so many requests a minute per session, per address where there is none. */
export function limitPerSession(perMinute: number) {
  const limit = minuteLimit(perMinute)
  return async (request: FastifyRequest) => {
    limit.count(request.session ? `session ${request.session.id}` : `address ${networkOf(request.ip)}`, request.server.now())
  }
}
