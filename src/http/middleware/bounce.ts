import type { FastifyReply, FastifyRequest } from 'fastify'
import { newSecret } from '#platform/ids/ids.ts'
import { readCookie, setCookie } from './cookies.ts'
import { endPause } from './pause.ts'

const STATE_SECONDS = 600
const BOUNCES_SECONDS = 60
const MOST_BOUNCES = 2

/**
 * This browser sets out to sign in: the secret that tells it from every other one when it comes back. Several tabs share it.
 * Setting out by hand ends the pause after a logout.
 */
export async function beginState(request: FastifyRequest, reply: FastifyReply, seconds = STATE_SECONDS): Promise<string> {
  const state = readCookie(request, 'state') ?? newSecret()
  setCookie(reply, 'state', state, seconds)
  await endPause(request, reply)
  return state
}

/** Counts this bounce. True if the Login URL has just sent this browser back signed out twice; then counting starts anew. */
export function goesRound(request: FastifyRequest, reply: FastifyReply): boolean {
  const [count = '0', at = '0'] = (readCookie(request, 'bounces') ?? '').split('-')
  const now = request.server.now()
  const isRecent = now - Number.parseInt(at, 36) < BOUNCES_SECONDS * 1000
  const bounces = isRecent ? Number.parseInt(count, 10) || 0 : 0
  const isRound = bounces >= MOST_BOUNCES
  setCookie(reply, 'bounces', `${isRound ? 1 : bounces + 1}-${now.toString(36)}`, BOUNCES_SECONDS)
  return isRound
}
