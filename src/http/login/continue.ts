import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Failure } from '#errors'
import { hashOf } from '#platform/ids/ids.ts'
import { html } from '#platform/html/html.ts'
import { findContact } from '#domain/contacts/contacts.ts'
import { getPendingLogin, takePendingLogin, vouchedOf, WAITS_MS, type Arrival } from '#domain/identity/pending-logins.ts'
import { isSamePerson } from '#domain/identity/identify-contact.ts'
import { readCookie, sentCookies } from '#http/middleware/cookies.ts'
import { refusedAt } from '#http/middleware/decisions.ts'
import { sameOriginOnly } from '#http/middleware/same-origin.ts'
import { messagePage, requestLocale, signInPath } from '#http/html/layout.ts'
import { fill } from '#http/html/strings.ts'
import type { App } from '#http/app-types.ts'
import { COOKIE_DOOR } from '#domain/identity/cookie-logins.ts'
import { continueForm } from './continue-form.ts'
import { explainBounce } from './explain.ts'
import { loginStrings } from './login-strings.ts'
import { finishLogin, maySignInSilently, stateMatches } from './sign-in-or-ask.ts'

const NO_COOKIE = 'No cookie of a waiting login came: it waited longer than 5 minutes, it was used, or it is of another browser.'
const NONE_BACK = 'The cookie of this waiting login was set less than 5 minutes ago, and no cookie of ours came back.'

/** `since`: when the cookie was set. Nobody vouches for it, and it decides nothing but what the page says. */
const Opened = z.object({ since: z.coerce.number().optional().catch(undefined) })
const Pressed = z.object({ login: z.string().max(100) }).catch({ login: '' })

/** A login that could not be silent: asks once, and takes the token's single use when the person agrees. */
export async function continueRoutes(app: App) {
  app.get('/login/continue', { config: { page: true }, schema: { querystring: Opened } }, async (request, reply) => {
    const code = readCookie(request, 'continue')
    if (code === undefined) return explainNoCookie(request, reply, request.query.since)
    const arrival = await getPendingLogin(app.db, app.keyring, request.workspace, { code, now: app.now() })
    if (!(await maySignInSilently(request, arrival)))
      return askToContinue(request, reply, { arrival, action: '/login/continue', fields: { login: hashOf(code) } })
    return finishPending(request, reply, { code, visitorFollows: stateMatches(request, arrival) })
  })

  app.post('/login/continue', { config: { page: true }, preHandler: sameOriginOnly, schema: { body: Pressed } }, async (request, reply) => {
    const code = readCookie(request, 'continue')
    // The button belongs to the login it showed; another one may have taken its place in the cookie since.
    if (code === undefined || request.body.login !== hashOf(code)) throw new Failure('login_expired')
    return finishPending(request, reply, { code, visitorFollows: true })
  })
}

function explainNoCookie(request: FastifyRequest, reply: FastifyReply, since = -Infinity): FastifyReply {
  const isRecent = Math.abs(request.server.now() - since) < WAITS_MS
  if (!isRecent || sentCookies(request)) return refusedAt(request, 'continue')(new Failure('login_expired', { hint: NO_COOKIE }))
  return explainBounce(request, reply, {
    code: 'cookies_blocked',
    returnTo: '/',
    door: 'continue',
    again: signInPath('/'),
    hint: NONE_BACK,
  })
}

async function finishPending(
  request: FastifyRequest,
  reply: FastifyReply,
  { code, visitorFollows }: { code: string; visitorFollows: boolean },
): Promise<FastifyReply> {
  const { db, keyring, now } = request.server
  const arrival = await takePendingLogin(db, keyring, request.workspace, { code, now: now() })
  return finishLogin(request, reply, arrival, { visitorFollows })
}

/** One page with one button: who would be signed in, and what would change. Opening it changes nothing. Without `action` the form goes to the page's own address. */
export async function askToContinue(
  request: FastifyRequest,
  reply: FastifyReply,
  { arrival, action, fields = {} }: { arrival: Arrival; action?: string; fields?: Record<string, string> },
): Promise<FastifyReply> {
  const locale = requestLocale(request)
  const strings = loginStrings(locale)
  const shown = await nameOf(request, arrival)
  const { session } = request
  const leaves = session?.kind === 'user' && session.contact && !isSamePerson(session.contact, arrival.vouched.who) ? session.contact : null
  const body = html`<p>${arrival.door === COOKIE_DOOR ? strings.continue_cookie_text : strings.continue_text}</p>
${continueForm(request, { leaves, action, fields })}`
  reply.header('referrer-policy', 'no-referrer')
  return messagePage(request, reply, { status: 200, title: fill(strings.continue_as, { name: shown }), body, locale })
}

/** Name and masked e-mail, from the token where one speaks, else from what is known here. */
async function nameOf(request: FastifyRequest, arrival: Arrival): Promise<string> {
  const { db } = request.server
  const { who, signed } = vouchedOf(arrival)
  const known = 'contact_id' in who ? await findContact(db, request.workspace, who.contact_id) : undefined
  const email = signed?.standard.get('email') ?? known?.email ?? undefined
  const id = 'user_id' in who ? who.user_id : 'subject' in who ? who.subject : ''
  const name = signed?.standard.get('name') ?? known?.name ?? (email === undefined ? id : '')
  return [name, email === undefined ? '' : name === '' ? maskEmail(email) : `(${maskEmail(email)})`].filter(Boolean).join(' ')
}

/** Enough to recognise one's own address, too little to learn somebody else's. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  return at < 1 ? '…' : `${[...email][0]}…${email.slice(at)}`
}
