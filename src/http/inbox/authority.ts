import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler, preHandlerAsyncHookHandler } from 'fastify'
import { can, type Permission } from '#domain/teammates/roles.ts'
import { isPasswordFresh, resumeTeammateSession, type AtWork } from '#domain/teammates/teammate-sessions.ts'
import { Failure } from '#errors'
import { requireOwnOrigin } from '#http/middleware/same-origin.ts'
import { readTeamCookie } from './team-cookie.ts'

/** Sets `request.atWork` from the teammate's cookie; everything after is scoped by that teammate's workspace. */
export async function resumeAtWork(request: FastifyRequest): Promise<void> {
  const secret = readTeamCookie(request, 'session')
  if (secret === undefined) return
  const { db, now } = request.server
  const atWork = await resumeTeammateSession(db, secret, now())
  if (!atWork) return
  request.atWork = atWork
  request.workspace = atWork.workspace
}

export function atWorkOf(request: FastifyRequest): AtWork {
  if (!request.atWork) throw new Failure('sign_in_required')
  return request.atWork
}

/** The authority a route asks for, as a word on its line; asked before the body is read. */
export function may(permission: Permission): { onRequest: onRequestAsyncHookHandler } {
  return {
    async onRequest(request: FastifyRequest, _reply: FastifyReply) {
      if (!can(atWorkOf(request).teammate, permission)) throw new Failure('permission_missing')
    },
  }
}

/** For what shows or changes a secret: the password was given within the last ten minutes. The app asks for it and tries again. */
export const requireFreshPassword: preHandlerAsyncHookHandler = async (request) => {
  if (!isPasswordFresh(atWorkOf(request).session, request.server.now())) throw new Failure('password_check_needed')
}

/** What changes something comes from our own pages. */
export async function fromOwnPages(request: FastifyRequest): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') requireOwnOrigin(request, request.server.config.teamUrl)
}

/** Besides: no form of another site can send this header. */
export async function fromTheApp(request: FastifyRequest): Promise<void> {
  await fromOwnPages(request)
  if (request.method !== 'GET' && request.method !== 'HEAD' && request.headers['latchkey-app'] !== '1')
    throw new Failure('cross_site_request')
}
