import { z } from 'zod'
import { safePath } from '#domain/identity/return-to.ts'
import { startHandoff } from '#domain/sessions/handoffs.ts'
import { isVouchedFor } from '#domain/sessions/sessions.ts'
import type { App } from '#http/app-types.ts'
import { sameOriginOnly } from '#http/middleware/same-origin.ts'
import type { HandoffAnswer } from '#shared/messenger.ts'
import { limitPerSession } from './limit-per-session.ts'
import { sessionOf } from './session-of.ts'

const Link = z.object({ to: z.string().max(2000) })

/** A link that the Messenger opens on this host, from a page on another site: its reader arrives there signed in. */
export async function messengerHandoffRoutes(app: App) {
  // For our own frame alone: a script of the page that holds it must not turn what it can do into a session elsewhere.
  const hooks = { onRequest: sameOriginOnly, preHandler: limitPerSession(60) }
  app.post('/messenger/handoffs', { ...hooks, schema: { body: Link } }, async (request, reply): Promise<HandoffAnswer> => {
    const session = sessionOf(request)
    const { supportHost: host } = request
    const url = URL.parse(request.body.to, host.origin)
    const return_to = (url?.origin === host.origin && safePath(url)) || '/'
    void reply.header('cache-control', 'private, no-store')
    if (!isVouchedFor(session)) return { url: host.origin + return_to }
    const code = await startHandoff(app.db, session, { host, return_to, state: undefined, fromFrame: true }, app.now())
    return { url: `${host.origin}/login/handoff?code=${code}` }
  })
}
