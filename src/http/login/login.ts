import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Failure } from '#errors'
import { rootOf } from '#domain/sessions/sessions.ts'
import { signOut } from '#domain/sessions/sign-outs.ts'
import { beginState, goesRound } from '#http/middleware/bounce.ts'
import { readCookie } from '#http/middleware/cookies.ts'
import { logDecision } from '#http/middleware/decisions.ts'
import { pauseSignIn } from '#http/middleware/pause.ts'
import { sameOriginOnly } from '#http/middleware/same-origin.ts'
import { countWaysIn, waysInOf } from '#http/html/ways-in.ts'
import type { App } from '#http/app-types.ts'
import { explainBounce } from './explain.ts'
import { beginAtPrimaryHost } from './handoff.ts'
import { safeReturnTo } from './return-to.ts'
import { providerPath, showSignIn } from './sign-in-page.ts'

/** `with`: one of several ways, chosen. `auto`: sent by a protected page. `again`: the person has read why it failed and wants another try. */
const Wanted = z.object({
  return_to: z.string().optional(),
  with: z.string().optional(),
  auto: z.string().optional(),
  again: z.string().optional(),
})

/** "Sign in" leads to what the workspace has switched on, at once where that is one thing; "Sign out" ends the session here. */
export async function loginRoutes(app: App) {
  app.get('/login', { config: { page: true }, schema: { querystring: Wanted } }, async (request, reply) => {
    const returnTo = safeReturnTo(request, request.query.return_to)
    reply.header('cache-control', 'private, no-store').header('referrer-policy', 'no-referrer')
    if (request.session?.kind === 'user') return reply.redirect(returnTo, 303)
    // A lead would come back as one: the other host has no more to hand over.
    const primary = request.session?.kind === 'lead' ? undefined : await beginAtPrimaryHost(request, reply, returnTo)
    if (primary !== undefined) return reply.redirect(primary, 303)
    const setting = { returnTo, isAuto: request.query.auto !== undefined, isAgain: request.query.again !== undefined }
    return request.query.with === 'app' ? setOut(request, reply, setting) : chooseWay(request, reply, setting)
  })

  app.post('/login/logout', { config: { page: true }, preHandler: sameOriginOnly }, async (request, reply) => {
    if (request.session) {
      await signOut(app.db, request.workspace, { roots: [rootOf(request.session)] }, app.now())
      app.bell.ring(request.workspace.id)
      logDecision(request, { door: 'logout', outcome: 'signed_out', user_id: request.session.contact?.external_id })
    }
    await pauseSignIn(request, reply)
    return reply.redirect(request.workspace.logout_url ?? '/', 303)
  })
}

interface Setting {
  returnTo: string
  isAuto: boolean
  isAgain: boolean
}

/** With one way in there is nothing to choose. Whose address is proved already gets no further by mail. */
async function chooseWay(request: FastifyRequest, reply: FastifyReply, setting: Setting): Promise<FastifyReply> {
  const { returnTo } = setting
  const all = waysInOf(request)
  const isLead = request.session?.kind === 'lead'
  const ways = isLead ? { ...all, emailLinks: false } : all
  if (countWaysIn(ways) === 1 && !isLead) {
    const [provider] = ways.providers
    if (ways.loginUrl !== null) return setOut(request, reply, setting)
    if (provider) return reply.redirect(providerPath(provider.id, returnTo), 303)
  }
  return showSignIn(request, reply, { ways, returnTo })
}

/** To the Login URL, which comes back through door 2; or to a page that says why it would come back signed out. */
async function setOut(request: FastifyRequest, reply: FastifyReply, { returnTo, isAuto, isAgain }: Setting): Promise<FastifyReply> {
  const { login_url, return_to_parameter } = request.workspace
  if (login_url === null) throw new Failure('login_url_missing')
  if (isAuto && readCookie(request, 'state') === undefined) return explainBounce(request, reply, { code: 'cookies_blocked', returnTo })
  if (goesRound(request, reply) && !isAgain) return explainBounce(request, reply, { code: 'login_url_loops', returnTo })
  const address = new URL(login_url)
  address.searchParams.set(return_to_parameter, returnTo)
  address.searchParams.set('state', await beginState(request, reply))
  return reply.redirect(address.href, 303)
}
