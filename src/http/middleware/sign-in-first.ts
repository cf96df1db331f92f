import type { FastifyReply, FastifyRequest } from 'fastify'
import { signInPath } from '#http/html/layout.ts'
import { readCookie } from './cookies.ts'

/**
 * A protected page on a host that is not the primary one: who is signed in there comes back signed in without a click.
 * Tried once per `state` cookie, and not after a logout here; then the page asks.
 */
export function signInFirst(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
  const isFirstTry = readCookie(request, 'state') === undefined && readCookie(request, 'paused') === undefined
  if (request.supportHost.is_primary === 1 || request.method !== 'GET' || !isFirstTry) return undefined
  return reply.header('cache-control', 'private, no-store').redirect(signInPath(request.url), 303)
}
