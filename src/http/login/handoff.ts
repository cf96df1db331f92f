import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Failure } from '#errors'
import { safePath } from '#domain/identity/return-to.ts'
import { startHandoff, takeHandoff } from '#domain/sessions/handoffs.ts'
import { isVouchedFor } from '#domain/sessions/sessions.ts'
import type { Host } from '#domain/workspaces/workspaces.ts'
import { beginState } from '#http/middleware/bounce.ts'
import { refusedAt } from '#http/middleware/decisions.ts'
import { networkOf } from '#http/middleware/network.ts'
import { isPaused } from '#http/middleware/pause.ts'
import { signInPath } from '#http/html/layout.ts'
import type { App } from '#http/app-types.ts'
import { askToSignIn } from './ask-to-sign-in.ts'
import { explainBounce } from './explain.ts'
import { hideToken, signInOrAsk } from './sign-in-or-ask.ts'

const DOOR = 'handoff'

const Start = z.object({ to: z.string().max(4000), state: z.string().max(200).optional(), asked: z.literal('1').optional() })
const Taken = z.object({ code: z.string().min(1).max(200) })

/** Door 7: one session, carried to another host of the same workspace by a code that works once. */
export async function handoffRoutes(app: App) {
  const page = { config: { page: true }, onRequest: hideToken }

  app.get('/login/handoff/start', { ...page, schema: { querystring: Start } }, async (request, reply) => {
    const { to, state, asked } = request.query
    const { host, path } = targetOf(request, to)
    if (!request.session || !isVouchedFor(request.session)) {
      const here = { to, ...(state !== undefined && { state }) }
      if (asked !== undefined)
        return explainBounce(request, reply, { code: 'handoff_not_signed_in', returnTo: withQuery('/login/handoff/start', here) })
      // Signed in here first, by whatever door; `asked` is the end of the round, whoever comes back without a session.
      const back = withQuery('/login/handoff/start', { ...here, asked: '1' })
      if (await isPaused(request)) return askToSignIn(request, reply, back)
      return reply.redirect(withQuery('/login', { return_to: back }), 303)
    }
    app.newcomers.count(networkOf(request.ip), app.now())
    const code = await startHandoff(app.db, request.session, { host, return_to: path, state, fromFrame: false }, app.now())
    return reply.redirect(handoffAddress(host, code), 303)
  })

  app.get('/login/handoff', { ...page, schema: { querystring: Taken } }, async (request, reply) => {
    const { code } = request.query
    const handed = await takeHandoff(app.db, request.workspace, request.supportHost, { code, now: app.now() }).catch(
      refusedAt(request, DOOR),
    )
    const { contact, parent_session_id, return_to, state, fromFrame } = handed
    const { session } = request
    if (session && isVouchedFor(session) && session.contact_id === contact.id) return reply.redirect(return_to, 303)
    return signInOrAsk(request, reply, {
      door: DOOR,
      vouched: { who: { contact_id: contact.id }, key: null, parent_session_id },
      payload: undefined,
      return_to,
      state,
      // The code alone proves nothing: a stranger can send one of theirs. The browser says that our own frame opened this page.
      fromOwnPage: fromFrame && request.headers['sec-fetch-site'] === 'same-origin',
    })
  })
}

/** Where a browser goes to take a code. */
function handoffAddress(host: Host, code: string): string {
  return withQuery(`${host.origin}/login/handoff`, { code })
}

/** On every host but the primary one: where that one is asked who is signed in. Undefined where there is nobody else to ask. */
export async function beginAtPrimaryHost(request: FastifyRequest, reply: FastifyReply, returnTo: string): Promise<string | undefined> {
  if (request.supportHost.is_primary === 1) return undefined
  const primary = request.hosts.find(({ is_primary }) => is_primary === 1)
  if (!primary) return undefined
  const state = await beginState(request, reply)
  const { origin } = request.supportHost
  // A code leads to its own host; from there the person goes on to a listed origin.
  const isHere = URL.parse(returnTo, origin)?.origin === origin
  const to = new URL(isHere ? returnTo : signInPath(returnTo), origin).href
  return withQuery(`${primary.origin}/login/handoff/start`, { to, state })
}

/** Another host of this workspace and a path there; whatever else is named is not there. */
function targetOf(request: FastifyRequest, to: string): { host: Host; path: string } {
  const url = URL.parse(to)
  const host = request.hosts.find(({ origin, id }) => origin === url?.origin && id !== request.supportHost.id)
  if (!url || !host || url.username || url.password) throw new Failure('not_found')
  return { host, path: safePath(url) ?? '/' }
}

function withQuery(address: string, query: Record<string, string>): string {
  return `${address}?${new URLSearchParams(query).toString()}`
}
