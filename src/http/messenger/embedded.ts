import type { FastifyReply, FastifyRequest } from 'fastify'
import { hashOf } from '#platform/ids/ids.ts'
import { compareSites } from '#domain/diagnosis/same-site.ts'
import { findEmbeddedSession, findSessionOfBearer, sealBearer } from '#domain/sessions/messenger-sessions.ts'
import { WHOLE_LIFE, type Session, type StandingSession } from '#domain/sessions/sessions.ts'
import { clearCookie, readCookie, setCookie } from '#http/middleware/cookies.ts'
import { noteUse } from '#http/middleware/resume-session.ts'

const BEARER = /^Bearer ([\w-]{1,400})$/

/**
 * The Messenger on a page of another site, where browsers neither store nor send our first-party cookie: a partitioned
 * cookie, and where that is refused too, a bearer in the page's memory. Registered for the Messenger's routes alone.
 */
export async function resumeEmbeddedSession(request: FastifyRequest): Promise<void> {
  if (request.routeOptions.config.isStatic) return
  const found = (await sessionOfBearer(request, request.headers.authorization)) ?? (request.session ? null : await sessionOfCookie(request))
  if (!found) return
  request.session = found
  noteUse(request, found)
}

/** True if the page that asks is on another site than this host, by the Public Suffix List and the scheme. */
export function isEmbedded({ headers: { origin }, supportHost, session }: FastifyRequest): boolean {
  return origin !== undefined && session?.carrier !== 'cookie' && !compareSites(origin, supportHost.origin).isSameSite
}

/** Gives the page both: the cookie, which it may not get, and the headers that its later requests carry. */
export function carryEmbedded(
  request: FastifyRequest,
  reply: FastifyReply,
  { session, secret = cookieOf(request, session) }: { session: Session; secret: string | undefined },
): { authorization: string } {
  const { bearers, now } = request.server
  if (secret !== undefined && request.supportHost.origin.startsWith('https:')) setCookie(reply, 'embedded', secret, WHOLE_LIFE / 1000)
  return { authorization: `Bearer ${sealBearer(bearers, session, now())}` }
}

/** The loader says it in the body: a leaving page's simple request may have no such header. It is taken out before anybody reads the body. */
export async function resumeSessionOfBody(request: FastifyRequest): Promise<void> {
  const { body } = request
  if (body === null || typeof body !== 'object' || !('authorization' in body)) return
  const { authorization } = body
  delete body.authorization
  const found = await sessionOfBearer(request, authorization)
  if (!found) return
  request.session = found
  noteUse(request, found)
}

async function sessionOfBearer(request: FastifyRequest, authorization: unknown): Promise<StandingSession | null> {
  const bearer = BEARER.exec(typeof authorization === 'string' ? authorization : '')?.[1]
  if (bearer === undefined) return null
  const { db, bearers, now } = request.server
  return findSessionOfBearer(db, bearers, request.supportHost, { bearer, now: now() })
}

export function clearEmbedded(request: FastifyRequest, reply: FastifyReply): void {
  if (readCookie(request, 'embedded') !== undefined) clearCookie(reply, 'embedded')
}

async function sessionOfCookie(request: FastifyRequest): Promise<StandingSession | null> {
  const secret = readCookie(request, 'embedded')
  const { db, now } = request.server
  return secret === undefined ? null : findEmbeddedSession(db, request.supportHost, secret, now())
}

function cookieOf(request: FastifyRequest, { secret_hash }: Session): string | undefined {
  const secret = readCookie(request, 'embedded')
  return secret !== undefined && hashOf(secret) === secret_hash ? secret : undefined
}
