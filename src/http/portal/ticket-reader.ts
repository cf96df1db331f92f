import type { FastifyReply, FastifyRequest } from 'fastify'
import { getTicketReader, type TicketReader } from '#domain/tickets/ticket-policy.ts'
import { Failure } from '#errors'
import type { App } from '#http/app-types.ts'
import { messagePage, signInPath } from '#http/html/layout.ts'
import { hasWayIn } from '#http/html/ways-in.ts'
import { signInFirst } from '#http/middleware/sign-in-first.ts'
import { stringsOf } from '#http/html/strings.ts'
import { html } from '#platform/html/html.ts'
import { tongueOf } from './words.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by `signedInOnly` on the portal's routes. */
    ticketReader: TicketReader | null
  }
}

/** Only who is vouched for enters; anybody else gets a page that leads to the sign-in and back. */
export function signedInOnly(app: App) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    if (request.workspace.portal_on !== 1) throw new Failure('not_found')
    const { session } = request
    if (session?.kind !== 'user' || !session.contact) return signInPage(request, reply)
    request.ticketReader = await getTicketReader(app.db, session.contact)
    return undefined
  }
}

export function readerOf(request: FastifyRequest): TicketReader {
  if (!request.ticketReader) throw new Failure('session_missing')
  return request.ticketReader
}

async function signInPage(request: FastifyRequest, reply: FastifyReply) {
  if (await signInFirst(request, reply)) return reply
  const { locale, words } = tongueOf(request)
  const path = request.method === 'POST' ? pageOfForm(request.url) : request.url
  const strings = stringsOf(locale)
  const body = hasWayIn(request)
    ? html`<p>${words.sign_in_text}</p><p><a class="button" href="${signInPath(path)}" rel="nofollow">${words.sign_in}</a></p>`
    : html`<p><strong>${strings.sign_in_missing}.</strong> ${strings.sign_in_unknown}</p>`
  return messagePage(request, reply, { status: 401, title: words.sign_in_title, body, locale })
}

/** The page on which a form stands that was sent after the session had ended. */
function pageOfForm(url: string): string {
  return (url.split('?', 1)[0] ?? '/tickets').replace(/\/(?:replies|state)$/, '')
}
