import formbody from '@fastify/formbody'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { recordAudit } from '#domain/audit/audit-log.ts'
import { Failure } from '#errors'
import type { App } from '#http/app-types.ts'
import { minuteLimit } from '#http/middleware/minute-limit.ts'
import { auditRoutes } from './audit-routes.ts'
import { atWorkOf, fromOwnPages, fromTheApp, resumeAtWork } from './authority.ts'
import { answerOnPage } from './front-page.ts'
import { codeRoutes } from './code-page.ts'
import { inviteRoutes } from './invite-page.ts'
import { loginRoutes } from './login/login.ts'
import { profileRoutes } from './profile-routes.ts'
import { resetRoutes } from './reset-page.ts'
import { secondStepResetRoutes, secondStepRoutes } from './second-step-routes.ts'
import { setUpRoutes } from './set-up-page.ts'
import { shellRoutes } from './shell.ts'
import { signInRoutes } from './sign-in-page.ts'
import { teamRoutes } from './team-routes.ts'

/** Of one session: more than anybody clicks. */
const REQUESTS_PER_MINUTE = 600
const DENIALS_PER_MINUTE = 20

/** The teammates' app, on the teammates' host: pages in front of it, its one document, and the JSON it asks for. */
export async function inboxRoutes(app: App) {
  app.addHook('onRequest', async (request) => {
    if (!request.routeOptions.config.isStatic) await resumeAtWork(request)
  })
  await app.register(frontPages)
  await app.register(async (shell: App) => {
    shell.setErrorHandler(answerOnPage)
    shellRoutes(shell)
  })
  await app.register(appRoutes)
}

/** Forms that work without JavaScript. */
async function frontPages(app: App) {
  await app.register(formbody)
  app.removeContentTypeParser('application/json')
  app.setErrorHandler(answerOnPage)
  app.addHook('onRequest', fromOwnPages)
  for (const routes of [setUpRoutes, signInRoutes, codeRoutes, inviteRoutes, resetRoutes]) routes(app)
}

/** JSON for the app: a teammate's cookie, and nobody else's pages. Each line says what it takes besides. */
async function appRoutes(app: App) {
  const requests = minuteLimit(REQUESTS_PER_MINUTE)
  app.addHook('onRequest', async (request) => {
    requests.count(atWorkOf(request).session.id, app.now())
    await fromTheApp(request)
  })
  app.addHook('onError', denialRecorder())
  for (const routes of [profileRoutes, secondStepRoutes, secondStepResetRoutes, teamRoutes, auditRoutes, ...loginRoutes]) routes(app)
}

/** The log is kept for a year, so nobody fills it with what they may not do. */
function denialRecorder() {
  const denials = minuteLimit(DENIALS_PER_MINUTE)
  return async ({ server, atWork, method, routeOptions }: FastifyRequest, _reply: FastifyReply, error: Error): Promise<void> => {
    if (!atWork || !(error instanceof Failure) || error.code !== 'permission_missing') return
    const { workspace_id, id } = atWork.teammate
    try {
      denials.count(id, server.now())
    } catch {
      return
    }
    const subject = `${method} ${routeOptions.url}`
    await recordAudit(server.db, { workspace_id, teammate_id: id, action: 'access.denied', subject }, server.now())
  }
}
