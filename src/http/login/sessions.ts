import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { SessionId } from '#db/columns.ts'
import { Failure } from '#errors'
import type { Contact } from '#domain/contacts/contacts.ts'
import { endOtherSessions, endOwnSession, listOwnSessions } from '#domain/sessions/own-sessions.ts'
import { isVouchedFor, rootOf, type Session } from '#domain/sessions/sessions.ts'
import { logDecision } from '#http/middleware/decisions.ts'
import { formTokenField, requireFormToken } from '#http/middleware/form-token.ts'
import { sameOriginOnly } from '#http/middleware/same-origin.ts'
import { signInFirst } from '#http/middleware/sign-in-first.ts'
import { messagePage, page, requestLocale, signInPath } from '#http/html/layout.ts'
import { hasWayIn } from '#http/html/ways-in.ts'
import { html } from '#platform/html/html.ts'
import type { App } from '#http/app-types.ts'
import { loginStrings } from './login-strings.ts'
import { sessionsPage } from './sessions-page.ts'
import { sessionStrings } from './session-strings.ts'

const ADDRESS = '/login/sessions'
const ById = z.object({ id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).catch(0) })

/** Where a person is signed in, for themselves: every device, and the end of any of them. */
export async function sessionPageRoutes(app: App) {
  const reading = { config: { page: true }, preHandler: signedInOnly }
  const writing = { config: { page: true }, preValidation: requireFormToken, preHandler: [sameOriginOnly, signedInOnly] }

  app.get(ADDRESS, reading, async (request, reply) => {
    const { session, contact } = personOf(request)
    const sessions = await listOwnSessions(app.db, request.workspace, { contact_id: contact.id, now: app.now() })
    const locale = requestLocale(request)
    const shown = { locale, contact, sessions, current: rootOf(session), now: app.now(), token: formTokenField(request) }
    reply.header('cache-control', 'private, no-store')
    const { title } = sessionStrings(locale)
    return page(request, reply, { title, locale, body: sessionsPage(shown), noindex: true, search: 'none', section: 'login' })
  })

  app.post(`${ADDRESS}/:id/end`, { ...writing, schema: { params: ById } }, async (request, reply) => {
    const { session, contact } = personOf(request)
    const id = request.params.id as SessionId
    // The way out of this one is to sign out, which also pauses automatic sign-in.
    if (id === rootOf(session)) throw new Failure('not_found')
    await endOwnSession(app.db, request.workspace, { contact_id: contact.id, id }, app.now())
    return ended(request, reply, contact)
  })

  app.post(`${ADDRESS}/end-others`, writing, async (request, reply) => {
    const { session, contact } = personOf(request)
    await endOtherSessions(app.db, request.workspace, { contact_id: contact.id, kept: rootOf(session) }, app.now())
    return ended(request, reply, contact)
  })
}

/** Streams of what has just ended close as soon as the bell rings. */
function ended(request: FastifyRequest, reply: FastifyReply, contact: Contact): FastifyReply {
  request.server.bell.ring(request.workspace.id)
  logDecision(request, { door: 'sessions', outcome: 'signed_out', user_id: contact.external_id })
  return reply.redirect(ADDRESS, 303)
}

function personOf({ session }: FastifyRequest): { session: Session; contact: Contact } {
  if (!session?.contact || !isVouchedFor(session)) throw new Failure('session_missing')
  return { session, contact: session.contact }
}

async function signedInOnly(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  if (request.session && isVouchedFor(request.session)) return undefined
  if (await signInFirst(request, reply)) return reply
  const locale = requestLocale(request)
  const words = sessionStrings(locale)
  const { sign_in, no_login_page_text } = loginStrings(locale)
  const body = hasWayIn(request)
    ? html`<p>${words.signed_out}</p><p><a class="button" href="${signInPath(ADDRESS)}" rel="nofollow">${sign_in}</a></p>`
    : html`<p>${no_login_page_text}</p>`
  return messagePage(request, reply, { status: 401, title: words.title, body, locale })
}
