import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Failure } from '#errors'
import { html } from '#platform/html/html.ts'
import { composeLetter } from '#platform/mail/letter.ts'
import { readAddress } from '#platform/mail/addresses.ts'
import {
  createEmailLink,
  getEmailLink,
  isAskingBrowser,
  LINK_LIVES_MS,
  takeEmailLink,
  type EmailLink,
} from '#domain/identity/email-links.ts'
import { OUR_MAIL } from '#domain/identity/identities.ts'
import { resolveIdentity } from '#domain/identity/identify-contact.ts'
import { takeMailAllowance } from '#domain/mail/mail-caps.ts'
import { beginState } from '#http/middleware/bounce.ts'
import { readCookie } from '#http/middleware/cookies.ts'
import { logDecision, refusedAt } from '#http/middleware/decisions.ts'
import { networkOf } from '#http/middleware/network.ts'
import { sameOriginOnly } from '#http/middleware/same-origin.ts'
import { messagePage, requestLocale, signInPath } from '#http/html/layout.ts'
import { fill } from '#http/html/strings.ts'
import { waysInOf } from '#http/html/ways-in.ts'
import type { App } from '#http/app-types.ts'
import { continueForm } from './continue-form.ts'
import { safeReturnTo } from './return-to.ts'
import { finishLogin, hideToken } from './sign-in-or-ask.ts'
import { showSignIn } from './sign-in-page.ts'
import { signInStrings } from './sign-in-strings.ts'

const DOOR = 'email_link'
const RETRY_SECONDS = 3600

const Asked = z.object({ email: z.string().max(1000), return_to: z.string().optional() })
const Back = z.object({ return_to: z.string().optional() })
const Code = z.object({ code: z.string().min(1).max(100) })

/** Door 6, by mail: whoever reads the mail of an address is a lead with that address, and nobody else. */
export async function emailLinkRoutes(app: App) {
  const config = { page: true }
  app.post('/login/email', { config, preHandler: [isOn, sameOriginOnly], schema: { body: Asked } }, (request, reply) =>
    sendLink(request, reply, request.body),
  )
  app.get('/login/email', { config, preHandler: isOn, schema: { querystring: Back } }, (request, reply) =>
    showSent(request, reply, safeReturnTo(request, request.query.return_to)),
  )
  app.get('/login/link', { config, onRequest: hideToken, preHandler: isOn, schema: { querystring: Code } }, (request, reply) =>
    showLink(request, reply, request.query.code),
  )
  app.post('/login/link', { config, onRequest: hideToken, preHandler: [isOn, sameOriginOnly], schema: { body: Code } }, (request, reply) =>
    openLink(request, reply, request.body.code),
  )
}

async function isOn(request: FastifyRequest): Promise<void> {
  if (!waysInOf(request).emailLinks) throw new Failure('not_found')
}

/** The answer is the same whoever is asked for, and whether a mail leaves or not. */
async function sendLink(request: FastifyRequest, reply: FastifyReply, asked: z.output<typeof Asked>): Promise<FastifyReply> {
  const { server, workspace } = request
  const returnTo = safeReturnTo(request, asked.return_to)
  const email = readAddress(asked.email)
  if (email === undefined) {
    return showSignIn(request, reply, { ways: waysInOf(request), returnTo, problem: asked.email.slice(0, 254) })
  }
  const now = server.now()
  const verdict = await takeMailAllowance(server.db, workspace, { address: email, network: networkOf(request.ip) }, now)
  if (verdict === 'network_capped') throw new Failure('rate_limit_exceeded', { retryAfter: RETRY_SECONDS })
  const browser = await beginState(request, reply, LINK_LIVES_MS / 1000)
  if (verdict === 'allowed') {
    const code = await createEmailLink(server.db, workspace, { email, return_to: returnTo, browser }, now)
    void mailLink(request, email, code)
    logDecision(request, { door: DOOR, outcome: 'waiting' })
  } else {
    request.log.warn({ verdict, workspace: workspace.app_id }, 'a sign-in link was not mailed')
  }
  return reply.redirect(`/login/email?${new URLSearchParams({ return_to: returnTo }).toString()}`, 303)
}

/** One fixed text: nothing in it was typed by whoever asked. */
async function mailLink(request: FastifyRequest, to: string, code: string): Promise<void> {
  const { workspace, supportHost, server } = request
  const locale = requestLocale(request)
  const strings = signInStrings(locale)
  const words = { workspace: workspace.name.replaceAll(/\p{Cc}+/gu, ' ') }
  const subject = fill(strings.mail_subject, words)
  const letter = composeLetter({
    locale,
    from: workspace.name,
    heading: subject,
    paragraphs: [fill(strings.mail_text, words)],
    button: { label: strings.title, href: `${supportHost.origin}/login/link?code=${code}` },
    footer: strings.mail_footer,
    color: workspace.action_color,
  })
  const sent = await server.mailer.send({ to, subject, ...letter })
  if (!sent.ok) request.log.error({ fault: sent.fault, detail: sent.detail, request_id: request.id }, 'a sign-in link could not be mailed')
}

function showSent(request: FastifyRequest, reply: FastifyReply, returnTo: string): FastifyReply {
  const locale = requestLocale(request)
  const strings = signInStrings(locale)
  const body = html`<p>${strings.sent_text}</p>
<p class="quiet-text">${strings.sent_hint}</p>
<p><a class="button quiet" href="${signInPath(returnTo)}" rel="nofollow">${strings.another}</a></p>`
  return messagePage(request, reply, { status: 200, title: strings.sent, body, locale })
}

/** Opening the link changes nothing, so a mail scanner that follows it takes nothing away; the button signs in. */
async function showLink(request: FastifyRequest, reply: FastifyReply, code: string): Promise<FastifyReply> {
  const { db, now } = request.server
  const link = await getEmailLink(db, request.workspace, code, now()).catch(refusedAt(request, DOOR))
  const locale = requestLocale(request)
  const strings = signInStrings(locale)
  const isOwn = isAskingBrowser(link, readCookie(request, 'state'))
  const { session } = request
  const leaves = session?.kind === 'user' ? session.contact : null
  const body = html`<p>${isOwn ? strings.link_text : strings.link_text_elsewhere}</p>
${continueForm(request, { leaves, action: '/login/link', fields: { code } })}`
  return messagePage(request, reply, { status: 200, title: fill(strings.link_title, { email: link.email }), body, locale })
}

async function openLink(request: FastifyRequest, reply: FastifyReply, code: string): Promise<FastifyReply> {
  const { db, now } = request.server
  const link: EmailLink = await takeEmailLink(db, request.workspace, code, now()).catch(refusedAt(request, DOOR))
  const who = await resolveIdentity(db, request.workspace, { issuer: OUR_MAIL, subject: link.email })
  const arrival = {
    door: DOOR,
    vouched: { who, key: null },
    payload: undefined,
    return_to: link.return_to,
    state: undefined,
    fromOwnPage: true,
  }
  return finishLogin(request, reply, arrival, { visitorFollows: true })
}
