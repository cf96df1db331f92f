import type { FastifyReply, FastifyRequest } from 'fastify'
import { signInPath } from '#http/html/layout.ts'
import { beginState } from './bounce.ts'
import { readCookie } from './cookies.ts'
import { isPaused } from './pause.ts'

/**
 * A protected page that a signed-out person opens leads on by itself: to the company's login, and on a host that is not the
 * primary one to that one, where they may be signed in. Not after a logout in this browser; then the page asks. True if it led on.
 */
export async function signInFirst(request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
  if (request.method !== 'GET' || !mayLeadOn(request) || (await isPaused(request))) return false
  if (request.supportHost.is_primary !== 1) {
    void reply.header('cache-control', 'private, no-store').redirect(signInPath(request.url), 303)
    return true
  }
  await beginState(request, reply)
  // `auto` promises that a cookie was set on the way: if none comes back, this browser keeps none.
  void reply.header('referrer-policy', 'no-referrer').redirect(`${signInPath(request.url)}&auto=1`, 303)
  return true
}

/** The primary host is asked once per `state` cookie. */
function mayLeadOn(request: FastifyRequest): boolean {
  if (request.supportHost.is_primary !== 1) return readCookie(request, 'state') === undefined
  // A lead is somebody already, and needs to be told why that is not enough here.
  return request.workspace.login_url !== null && request.session?.kind !== 'lead' && isNavigation(request)
}

/** A person's own, in a tab: programs, frames and prefetches get the page with the button. */
function isNavigation({ headers }: FastifyRequest): boolean {
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document' && headers['sec-purpose'] === undefined
}
