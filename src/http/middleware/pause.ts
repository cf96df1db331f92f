import type { FastifyReply, FastifyRequest } from 'fastify'
import { findSignedOut, forgetSignOut } from '#domain/sessions/sign-outs.ts'
import { WHOLE_LIFE } from '#domain/sessions/sessions.ts'
import { clearCookie, readCookie, setCookie } from './cookies.ts'

/** The cookie's value where no session ended with the sign-out, or a page of another site ended it. Else it is that session's secret. */
const HERE = '1'

/**
 * True if the person has signed out in this browser by hand, here or at another host of the workspace: then nothing signs it in
 * by itself. Asks the database only about a cookie that finds no session.
 */
export async function isPaused(request: FastifyRequest): Promise<boolean> {
  return (await findPause(request)) !== undefined
}

/** Signed out by hand just now; `request.session` is the one that ended. */
export async function pauseSignIn(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const secret = request.session?.carrier === 'cookie' ? readCookie(request, 'session') : await findPause(request)
  clearCookie(reply, 'session')
  setCookie(reply, 'paused', secret ?? HERE, WHOLE_LIFE / 1000)
}

/** They sign in by hand, or the app boots: the pause is over at every host that it came to by the same sign-out. */
export async function endPause(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  await forgetSignOut(request.server.db, request.workspace, secretsOf(request))
  if (readCookie(request, 'paused') !== undefined) clearCookie(reply, 'paused')
}

async function findPause(request: FastifyRequest): Promise<string | undefined> {
  if (readCookie(request, 'paused') === HERE) return HERE
  const { db, now } = request.server
  return findSignedOut(db, request.workspace, secretsOf(request), now())
}

/** Of sessions that may have ended by a sign-out. */
function secretsOf(request: FastifyRequest): string[] {
  const session = request.session ? undefined : readCookie(request, 'session')
  return [readCookie(request, 'paused'), session].filter((secret): secret is string => secret !== undefined && secret !== HERE)
}
