import { z } from 'zod'
import { renameTeammate } from '#domain/teammates/change-teammate.ts'
import { changePassword, checkPassword } from '#domain/teammates/change-password.ts'
import { endTeammateSession, endTeammateSessions, listTeammateSessions, startTeammateSession } from '#domain/teammates/teammate-sessions.ts'
import { Failure } from '#errors'
import type { App } from '#http/app-types.ts'
import type { AtWorkAnswer, SessionsAnswer } from '#shared/inbox.ts'
import { atWorkOf } from './authority.ts'
import { failureLimit, guessWithin } from './failure-limit.ts'
import { presentAtWork, presentSession } from './present-team.ts'
import { visitOf } from './sign-in-page.ts'
import { setSessionCookie, setThemeCookie } from './team-cookie.ts'

const Id = z.object({ id: z.string().regex(/^\d{1,15}$/) })
const Password = z.strictObject({ password: z.string().max(1000) })
const NewPassword = z.strictObject({ current: z.string().max(1000), password: z.string().max(1000) })

const Theme = z.strictObject({ theme: z.enum(['system', 'light', 'dark']) })

/** What a teammate may always do: their own name, password and sessions. */
export function profileRoutes(app: App) {
  const guesses = failureLimit({ most: 10, window: 900_000 })
  /** A stolen session does not get to try passwords without end. */
  const limited = <T>(key: string, guess: () => Promise<T>): Promise<T> => {
    const isWrong = (error: unknown) => error instanceof Failure && error.code === 'password_wrong'
    return guessWithin([{ limit: guesses, key }], app.now(), { guess, isWrong })
  }

  app.get('/app/session', async (request): Promise<AtWorkAnswer> => presentAtWork(atWorkOf(request)))

  app.put('/app/profile', { schema: { body: z.strictObject({ name: z.string().trim().min(1).max(200) }) } }, async (request) => {
    const atWork = atWorkOf(request)
    const teammate = await renameTeammate(app.db, atWork.teammate, request.body.name)
    return presentAtWork({ ...atWork, teammate })
  })

  app.post('/app/password-checks', { schema: { body: Password } }, async (request, reply) => {
    const { teammate, session } = atWorkOf(request)
    await limited(String(teammate.id), () => checkPassword(app.db, { teammate, session }, request.body.password, app.now()))
    return reply.code(204).send()
  })

  app.put('/app/profile/password', { schema: { body: NewPassword } }, async (request, reply) => {
    const { teammate } = atWorkOf(request)
    await limited(String(teammate.id), () => changePassword(app.db, teammate, request.body, app.now()))
    setSessionCookie(reply, await startTeammateSession(app.db, teammate, visitOf(request)))
    return reply.code(204).send()
  })

  app.put('/app/profile/theme', { schema: { body: Theme } }, async (request, reply) => {
    setThemeCookie(reply, request.body.theme)
    return reply.code(204).send()
  })

  app.get('/app/sessions', async (request): Promise<SessionsAnswer> => {
    const { teammate, session } = atWorkOf(request)
    const sessions = await listTeammateSessions(app.db, teammate, app.now())
    return { sessions: sessions.map((one) => presentSession(one, session)) }
  })

  app.delete('/app/sessions', async (request, reply) => {
    const { teammate, session } = atWorkOf(request)
    await endTeammateSessions(app.db, teammate, { keep: session.id })
    return reply.code(204).send()
  })

  app.delete('/app/sessions/:id', { schema: { params: Id } }, async (request, reply) => {
    if (!(await endTeammateSession(app.db, atWorkOf(request).teammate, Number(request.params.id)))) throw new Failure('not_found')
    return reply.code(204).send()
  })
}
