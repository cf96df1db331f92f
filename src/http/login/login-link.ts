import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { getLoginLink, takeLoginLink, type LoginLink } from '#domain/identity/login-links.ts'
import type { Arrival } from '#domain/identity/pending-logins.ts'
import { refusedAt } from '#http/middleware/decisions.ts'
import { sameOriginOnly } from '#http/middleware/same-origin.ts'
import type { App } from '#http/app-types.ts'
import { askToContinue } from './continue.ts'
import { safeReturnTo } from './return-to.ts'
import { finishLogin, hideToken, maySignInSilently } from './sign-in-or-ask.ts'

const DOOR = 'login_link'
const ByCode = z.object({ code: z.string().max(100) })
const State = z.object({ state: z.string().max(200).optional().catch(undefined) })

/** Door 4: the link shows a button, since scanners and previews open links; the button takes its one use. */
export async function loginLinkRoutes(app: App) {
  const route = { config: { page: true }, onRequest: hideToken }

  app.get('/login/link/:code', { ...route, schema: { params: ByCode, querystring: State } }, async (request, reply) => {
    const { workspace, params, query } = request
    const { code } = params
    const link = await getLoginLink(app.db, workspace, code, app.now()).catch(refusedAt(request, DOOR))
    const arrival = arrivalOf(request, link, query.state)
    if (request.method !== 'GET' || !(await maySignInSilently(request, arrival))) return askToContinue(request, reply, { arrival })
    await takeLoginLink(app.db, workspace, code, app.now()).catch(refusedAt(request, DOOR))
    return finishLogin(request, reply, arrival, { visitorFollows: true })
  })

  app.post('/login/link/:code', { ...route, preHandler: sameOriginOnly, schema: { params: ByCode } }, async (request, reply) => {
    const { workspace, params } = request
    const link = await takeLoginLink(app.db, workspace, params.code, app.now()).catch(refusedAt(request, DOOR))
    return finishLogin(request, reply, arrivalOf(request, link), { visitorFollows: true })
  })
}

function arrivalOf(request: FastifyRequest, { contact_id, return_to }: LoginLink, state?: string): Arrival {
  return {
    door: DOOR,
    vouched: { who: { contact_id }, key: null },
    payload: undefined,
    return_to: safeReturnTo(request, return_to),
    state,
    fromOwnPage: false,
  }
}
