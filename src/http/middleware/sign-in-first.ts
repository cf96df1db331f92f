import type { FastifyReply, FastifyRequest } from 'fastify'
import { signInPath } from '#http/html/layout.ts'
import { beginState } from './bounce.ts'
import { readCookie } from './cookies.ts'

/**
 * A protected page that a signed-out person opens leads on by itself: to the company's login, and on a host that is not the
 * primary one to that one, where they may be signed in. Not after a logout here; then the page asks.
 */
export function signInFirst(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
  if (request.method !== 'GET' || readCookie(request, 'paused') !== undefined) return undefined
  if (request.supportHost.is_primary !== 1) return askPrimaryHostOnce(request, reply)
  // A lead is somebody already, and needs to be told why that is not enough here.
  if (request.workspace.login_url === null || request.session?.kind === 'lead' || !isNavigation(request)) return undefined
  beginState(request, reply)
  // `auto` promises that a cookie was set on the way: if none comes back, this browser keeps none.
  return reply.header('referrer-policy', 'no-referrer').redirect(`${signInPath(request.url)}&auto=1`, 303)
}

/** Tried once per `state` cookie. */
function askPrimaryHostOnce(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
  if (readCookie(request, 'state') !== undefined) return undefined
  return reply.header('cache-control', 'private, no-store').redirect(signInPath(request.url), 303)
}

/** A person's own, in a tab: programs, frames and prefetches get the page with the button. */
function isNavigation({ headers }: FastifyRequest): boolean {
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document' && headers['sec-purpose'] === undefined
}
