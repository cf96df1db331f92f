import { z } from 'zod'
import { newSecret } from '#platform/ids/ids.ts'
import { html } from '#platform/html/html.ts'
import { endSession, rootOf, WHOLE_LIFE } from '#domain/sessions/sessions.ts'
import { clearCookie, readCookie, setCookie } from '#http/middleware/cookies.ts'
import { logDecision } from '#http/middleware/decisions.ts'
import { sameOriginOnly } from '#http/middleware/same-origin.ts'
import { messagePage, requestLocale } from '#http/html/layout.ts'
import type { App } from '#http/app-types.ts'
import { askPrimaryHost } from './handoff.ts'
import { loginStrings } from './login-strings.ts'
import { safeReturnTo } from './return-to.ts'

const STATE_SECONDS = 600

/** "Sign in" leads to the company's own login page, which comes back through door 2; "Sign out" ends the session here. */
export async function loginRoutes(app: App) {
  app.get(
    '/login',
    { config: { page: true }, schema: { querystring: z.object({ return_to: z.string().optional() }) } },
    async (request, reply) => {
      const returnTo = safeReturnTo(request, request.query.return_to)
      reply.header('cache-control', 'private, no-store').header('referrer-policy', 'no-referrer')
      if (request.session?.kind === 'user') return reply.redirect(returnTo, 303)
      const asking = askPrimaryHost(request, reply, returnTo)
      if (asking) return asking
      const { login_url } = request.workspace
      if (login_url === null) {
        const locale = requestLocale(request)
        const strings = loginStrings(locale)
        const body = html`<p>${strings.no_login_page_text}</p><p><a class="button" href="/${locale}">${strings.start_page}</a></p>`
        return messagePage(request, reply, { status: 404, title: strings.no_login_page, body, locale })
      }
      const state = readCookie(request, 'state') ?? newSecret()
      setCookie(reply, 'state', state, STATE_SECONDS)
      if (readCookie(request, 'paused') !== undefined) clearCookie(reply, 'paused')
      const address = new URL(login_url)
      address.searchParams.set('return_to', returnTo)
      address.searchParams.set('state', state)
      return reply.redirect(address.href, 303)
    },
  )

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
