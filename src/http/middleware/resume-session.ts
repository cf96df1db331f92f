import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Instant } from '#db/columns.ts'
import { findSession, isVouchedFor, type StandingSession } from '#domain/sessions/sessions.ts'
import { readCookie, setSessionCookie } from './cookies.ts'

const TOUCH_STEP_MS = 10_000

/** A session that is kept in memory does not learn that its row was slid. */
const touched = new WeakMap<StandingSession, Instant>()

/** Sets `request.session` from the cookie, on every surface in the same way, and notes that the session was used. */
export async function resumeSession(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const secret = request.routeOptions.config.isStatic ? undefined : readCookie(request, 'session')
  if (secret === undefined) return
  const app = request.server
  const now = app.now()
  request.session = await findSession(app.db, request.supportHost, secret, now)
  if (!request.session) return
  noteUse(request, request.session)
  if (request.routeOptions.config.page && isVouchedFor(request.session)) setSessionCookie(reply, secret)
}

/** A session that was handed over keeps the one it ends with alive. */
export function noteUse({ server: app }: FastifyRequest, session: StandingSession): void {
  const { id, parent_session_id, last_seen_at } = session
  const now = app.now()
  if (now - (touched.get(session) ?? last_seen_at) <= TOUCH_STEP_MS) return
  touched.set(session, now)
  app.touches.add([id, now])
  if (parent_session_id !== null) app.touches.add([parent_session_id, now])
}
