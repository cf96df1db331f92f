import { Failure } from '#errors'
import type { App } from '#http/app-types.ts'
import { adminRoutes } from './admins.ts'
import { authenticateEveryRequest } from './authenticate.ts'
import { contactRoutes } from './contacts.ts'
import { conversationRoutes } from './conversations.ts'
import { loginLinkRoutes } from './login-links.ts'
import { replyRoutes } from './replies.ts'
import { sessionRoutes } from './sessions.ts'
import { ticketTypeRoutes } from './ticket-types.ts'
import { ticketRoutes } from './tickets.ts'

/** The REST API, on the teammates' host: shaped so that official clients of Intercom work with another base URL. */
export async function apiRoutes(app: App) {
  await app.register(async (api: App) => {
    authenticateEveryRequest(api)
    refuseZeroBytes(api)
    ringAfterWrites(api)
    adminRoutes(api)
    contactRoutes(api)
    sessionRoutes(api)
    loginLinkRoutes(api)
    conversationRoutes(api)
    replyRoutes(api)
    ticketTypeRoutes(api)
    ticketRoutes(api)
  })
}

/** Live streams look for what has changed, and whether their session still stands. */
function ringAfterWrites(api: App) {
  api.addHook('onResponse', async (request, reply) => {
    if (request.method !== 'GET' && reply.statusCode < 400) api.bell.ring(request.workspace.id)
  })
}

/** PostgreSQL stores no zero byte, and nobody means one. */
function refuseZeroBytes(api: App) {
  api.addHook('preValidation', async (request) => {
    if (request.url.includes('%00')) throw new Failure('not_found')
    if (JSON.stringify(request.body ?? null).includes(String.raw`\u0000`))
      throw new Failure('parameter_invalid', { detail: 'Text cannot hold a zero byte.' })
  })
}
