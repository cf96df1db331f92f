import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Failure } from '#errors'
import { endSession, rootOf, WHOLE_LIFE } from '#domain/sessions/sessions.ts'
import { clearCookie, setCookie } from '#http/middleware/cookies.ts'
import { logDecision } from '#http/middleware/decisions.ts'
import { sameOriginOnly } from '#http/middleware/same-origin.ts'
import { countWaysIn, waysInOf } from '#http/html/ways-in.ts'
import type { App } from '#http/app-types.ts'
import { askPrimaryHost } from './handoff.ts'
import { safeReturnTo } from './return-to.ts'
import { providerPath, showSignIn } from './sign-in-page.ts'
import { beginState } from './state.ts'

const STATE_SECONDS = 600
const Wanted = z.object({ return_to: z.string().optional(), with: z.string().optional() })

/** "Sign in" leads to what the workspace has switched on, at once where that is one thing; "Sign out" ends the session here. */
export async function loginRoutes(app: App) {
  app.get('/login', { config: { page: true }, schema: { querystring: Wanted } }, async (request, reply) => {
    const returnTo = safeReturnTo(request, request.query.return_to)
    reply.header('cache-control', 'private, no-store').header('referrer-policy', 'no-referrer')
    if (request.session?.kind === 'user') return reply.redirect(returnTo, 303)
    // A lead would come back as one: the other host has no more to hand over.
    const asking = request.session?.kind === 'lead' ? undefined : askPrimaryHost(request, reply, returnTo)
    if (asking) return asking
    return request.query.with === 'app' ? setOut(request, reply, returnTo) : chooseWay(request, reply, returnTo)
  })

  app.post('/login/logout', { config: { page: true }, preHandler: sameOriginOnly }, async (request, reply) => {
    if (request.session) {
      await endSession(app.db, request.workspace, rootOf(request.session))
      app.bell.ring(request.workspace.id)
      logDecision(request, { door: 'logout', outcome: 'signed_out', user_id: request.session.contact?.external_id })
    }
    clearCookie(reply, 'session')
    setCookie(reply, 'paused', '1', WHOLE_LIFE / 1000)
    return reply.redirect(request.workspace.logout_url ?? '/', 303)
  })
}

/** With one way in there is nothing to choose. Whose address is proved already gets no further by mail. */
function chooseWay(request: FastifyRequest, reply: FastifyReply, returnTo: string): FastifyReply {
  const all = waysInOf(request)
  const isLead = request.session?.kind === 'lead'
  const ways = isLead ? { ...all, emailLinks: false } : all
  if (countWaysIn(ways) === 1 && !isLead) {
    const [provider] = ways.providers
    if (ways.loginUrl !== null) return setOut(request, reply, returnTo)
    if (provider) return reply.redirect(providerPath(provider.id, returnTo), 303)
  }
  return showSignIn(request, reply, { ways, returnTo })
}

/** To the Login URL, which comes back through door 2. */
function setOut(request: FastifyRequest, reply: FastifyReply, returnTo: string): FastifyReply {
  if (request.workspace.login_url === null) throw new Failure('login_url_missing')
  const address = new URL(request.workspace.login_url)
  address.searchParams.set('return_to', returnTo)
  address.searchParams.set('state', beginState(request, reply, STATE_SECONDS))
  return reply.redirect(address.href, 303)
}
