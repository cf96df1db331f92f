import type { FastifyReply, FastifyRequest } from 'fastify'
import { newSecret } from '#platform/ids/ids.ts'
import { clearCookie, readCookie, setCookie } from '#http/middleware/cookies.ts'

/**
 * This browser sets out to sign in: the secret that tells it from every other one when it comes back. Several tabs share it.
 * Setting out by hand ends the pause after a logout.
 */
export function beginState(request: FastifyRequest, reply: FastifyReply, seconds: number): string {
  const state = readCookie(request, 'state') ?? newSecret()
  setCookie(reply, 'state', state, seconds)
  if (readCookie(request, 'paused') !== undefined) clearCookie(reply, 'paused')
  return state
}
