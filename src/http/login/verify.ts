import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Failure } from '#errors'
import type { Contact } from '#domain/contacts/contacts.ts'
import { safePath } from '#domain/identity/return-to.ts'
import { isVouchedFor } from '#domain/sessions/sessions.ts'
import { goesRound } from '#http/middleware/bounce.ts'
import { isPaused } from '#http/middleware/pause.ts'
import { signInPath } from '#http/html/layout.ts'
import type { App } from '#http/app-types.ts'
import { askToSignIn } from './ask-to-sign-in.ts'
import { explainBounce } from './explain.ts'
import { beginAtPrimaryHost } from './handoff.ts'
import { hideToken } from './sign-in-or-ask.ts'

const Wanted = z.object({ redirect: z.literal('1').optional() })
const TO = '/login/to'

/** Door 8: a proxy asks who the reader of another site is, on a host of the workspace that proxies `/login/*` here. */
export async function verifyRoutes(app: App) {
  const asked = { config: { forwardedHost: true }, schema: { querystring: Wanted } }
  app.get('/login/verify', asked, async (request, reply) => {
    reply.header('cache-control', 'private, no-store').header('vary', 'Cookie')
    const user = userOf(request)
    if (user) return reply.headers(headersOf(user)).code(200).send()
    if (request.query.redirect === undefined || !isNavigation(request)) throw new Failure('session_missing')
    return reply.redirect(request.supportHost.origin + TO + forwardedPath(request), 302)
  })

  // The path comes as it is, query and all: nginx cannot encode one.
  app.get(`${TO}/*`, { config: { page: true }, onRequest: hideToken }, async (request, reply) => {
    const path = pathOf(request, request.url.slice(TO.length))
    if (request.session && isVouchedFor(request.session)) return backTo(request, reply, path)
    if (await isPaused(request)) return askToSignIn(request, reply, path)
    return reply.redirect((await beginAtPrimaryHost(request, reply, path)) ?? signInPath(path), 303)
  })
}

/** Somebody whom the company's own token, hash or API names by its id; not who proved only an address, or is known elsewhere. */
function userOf({ session }: FastifyRequest): (Contact & { external_id: string }) | undefined {
  const contact = session?.kind === 'user' ? session.contact : null
  return contact && contact.external_id !== null ? { ...contact, external_id: contact.external_id } : undefined
}

function headersOf({ id, external_id, email }: Contact & { external_id: string }): Record<string, string> {
  return {
    'latchkey-user-id': encode(external_id),
    'latchkey-contact-id': id,
    ...(email !== null && { 'latchkey-email': encode(email) }),
  }
}

/** Percent-encoded UTF-8 but for visible ASCII, so that any text fits into a header. */
function encode(text: string): string {
  return text.toWellFormed().replaceAll(/[^!-$&-~]+/g, encodeURIComponent)
}

/** Signed in already, and the site's proxy says otherwise: it is not enough, or the proxy does not pass the cookie on. */
function backTo(request: FastifyRequest, reply: FastifyReply, path: string): FastifyReply {
  if (!userOf(request)) throw new Failure('account_required')
  if (goesRound(request, reply)) return explainBounce(request, reply, { code: 'cookies_blocked', returnTo: path })
  return reply.redirect(path, 303)
}

/** What was asked of the site, as its proxy says it; only proxies that are listed as trusted are believed. */
function forwardedPath(request: FastifyRequest): string {
  const { 'x-forwarded-uri': uri, 'x-original-url': url } = request.headers
  const said = uri ?? url
  return typeof said === 'string' && request.server.isTrustedProxy(request.socket.remoteAddress) ? pathOf(request, said) : '/'
}

function pathOf({ supportHost: { origin } }: FastifyRequest, address: string): string {
  const url = URL.parse(address, origin)
  return (url?.origin === origin && safePath(url)) || '/'
}

/** A picture or a script of the site is refused, not sent to sign in. */
function isNavigation({ headers }: FastifyRequest): boolean {
  return headers['sec-fetch-mode'] === undefined || headers['sec-fetch-mode'] === 'navigate'
}
