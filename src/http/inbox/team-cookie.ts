import type { FastifyReply, FastifyRequest } from 'fastify'
import { HALF_SIGN_IN_LIFE } from '#domain/teammates/half-sign-ins.ts'
import { TEAMMATE_WHOLE_LIFE } from '#domain/teammates/teammate-sessions.ts'
import { findCookie } from '#http/middleware/cookies.ts'

/** session: who is at work · half: a sign-in that waits for its code · known: this account has signed in here before · theme: light or dark, so that no page flashes. */
type TeamCookie = 'session' | 'half' | 'known' | 'theme'

const NAMES: Record<TeamCookie, string> = {
  session: 'latchkey-team',
  half: 'latchkey-team-half',
  known: 'latchkey-team-known',
  theme: 'latchkey-team-theme',
}
const KNOWN_FOR = 180 * 86_400
const YEAR = 365 * 86_400

export function readTeamCookie(request: FastifyRequest, use: TeamCookie): string | undefined {
  return findCookie(request, nameOf(request, use))
}

export function setSessionCookie(reply: FastifyReply, secret: string): void {
  setTeamCookie(reply, 'session', { value: secret, maxAge: TEAMMATE_WHOLE_LIFE / 1000 })
}

export function clearSessionCookie(reply: FastifyReply): void {
  setTeamCookie(reply, 'session', { value: '', maxAge: 0 })
}

export function setHalfCookie(reply: FastifyReply, secret: string): void {
  setTeamCookie(reply, 'half', { value: secret, maxAge: HALF_SIGN_IN_LIFE / 1000 })
}

export function clearHalfCookie(reply: FastifyReply): void {
  setTeamCookie(reply, 'half', { value: '', maxAge: 0 })
}

export function setKnownCookie(reply: FastifyReply, value: string): void {
  setTeamCookie(reply, 'known', { value, maxAge: KNOWN_FOR })
}

/** `system` is no cookie at all. */
export function setThemeCookie(reply: FastifyReply, theme: 'system' | 'light' | 'dark'): void {
  setTeamCookie(reply, 'theme', theme === 'system' ? { value: '', maxAge: 0 } : { value: theme, maxAge: YEAR })
}

/** Lax, so that a link in a mail finds the teammate signed in; nothing changes by GET. */
function setTeamCookie(reply: FastifyReply, use: TeamCookie, { value, maxAge }: { value: string; maxAge: number }): void {
  const secure = isSecure(reply.request) ? '; Secure' : ''
  reply.header('set-cookie', `${nameOf(reply.request, use)}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure}`)
  reply.header('cache-control', 'private, no-store')
}

function nameOf(request: FastifyRequest, use: TeamCookie): string {
  return isSecure(request) ? `__Host-${NAMES[use]}` : NAMES[use]
}

function isSecure({ server }: FastifyRequest): boolean {
  return server.config.teamUrl.startsWith('https:')
}
