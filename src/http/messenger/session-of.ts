import type { FastifyRequest } from 'fastify'
import { Failure } from '#errors'
import type { StandingSession } from '#domain/sessions/sessions.ts'

export function sessionOf(request: FastifyRequest): StandingSession {
  if (!request.session) throw new Failure('session_missing')
  return request.session
}
