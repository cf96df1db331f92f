import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { createPasswordReset, findTeammatesWithPassword, readPasswordReset, resetPassword } from '#domain/teammates/password-resets.ts'
import { emailAddress, type Teammate } from '#domain/teammates/teammates.ts'
import type { Failure } from '#errors'
import type { App } from '#http/app-types.ts'
import { fill } from '#http/html/strings.ts'
import { networkOf } from '#http/middleware/network.ts'
import { html } from '#platform/html/html.ts'
import { failureLimit } from './failure-limit.ts'
import { field, frontPage, orShowAgain, problemNotice } from './front-page.ts'
import { mailPasswordReset, sendsMail } from './link-mail.ts'
import { startAtWork } from './sign-in-page.ts'
import { pageLocale, pageWords } from './words.ts'

const HOUR = 3_600_000
const Code = z.object({ code: z.string().max(100).optional() })
const Ask = z.object({ email: z.string().max(320) })
const Choose = z.object({ code: z.string().max(100), password: z.string().max(1000) })

export function resetRoutes(app: App) {
  const askers = failureLimit({ most: 20, window: HOUR })
  const accounts = failureLimit({ most: 3, window: HOUR })
  const sending = new Set<Promise<void>>()
  app.addHook('onClose', async () => void (await Promise.all(sending)))

  app.get('/reset', { config: { page: true }, schema: { querystring: Code } }, async (request, reply) => {
    const { code } = request.query
    return code === undefined ? askPage(reply) : choosePage(reply, { code, teammate: await readPasswordReset(app.db, code, app.now()) })
  })

  // The same answer for every address, before anything is looked up.
  app.post('/reset', { config: { page: true }, schema: { body: Ask } }, async (request, reply) => {
    const email = emailAddress(request.body.email)
    const network = networkOf(request.ip)
    askers.check(network, app.now())
    askers.count(network, app.now())
    if (sendsMail(app) && isWithin(accounts, email, app.now())) {
      const mail = mailLinks(app, email, pageLocale(request)).catch((error: unknown) =>
        app.log.error({ error: error instanceof Error ? error.stack : typeof error }, 'a link for a new password was not sent'),
      )
      sending.add(mail)
      void mail.finally(() => sending.delete(mail))
    }
    return sentPage(reply)
  })

  app.post('/reset/password', { config: { page: true }, schema: { body: Choose } }, async (request, reply) => {
    const { code, password } = request.body
    const teammate = await readPasswordReset(app.db, code, app.now())
    const work = async () => startAtWork(request, reply, await resetPassword(app.db, code, password, app.now()))
    return orShowAgain(reply, work, (failure, status) => choosePage(reply, { code, teammate, failure, status }))
  })
}

/** Mails to one address are few, and whoever asks for more is told nothing. */
function isWithin(limit: ReturnType<typeof failureLimit>, key: string, now: number): boolean {
  try {
    limit.check(key, now)
  } catch {
    return false
  }
  limit.count(key, now)
  return true
}

async function mailLinks(app: App, email: string, locale: string): Promise<void> {
  for (const teammate of await findTeammatesWithPassword(app.db, email)) {
    const code = await createPasswordReset(app.db, teammate, null, app.now())
    await mailPasswordReset(app, { teammate, code, locale })
  }
}

function askPage(reply: FastifyReply): FastifyReply {
  const words = pageWords(reply.request)
  const body = sendsMail(reply.server)
    ? html`<p class="quiet">${words.forgot_lead}</p><form method="post" action="/reset" class="stack">
${field({ name: 'email', label: words.email, type: 'email', autocomplete: 'username', isFirst: true })}
<button class="button primary">${words.forgot_button}</button></form>`
    : html`<p>${words.forgot_no_mail}</p>`
  return frontPage(reply, { title: words.forgot, body: html`${body}<p><a href="/sign-in">${words.to_sign_in}</a></p>` })
}

function sentPage(reply: FastifyReply): FastifyReply {
  const words = pageWords(reply.request)
  const sentence = sendsMail(reply.server) ? words.forgot_sent : words.forgot_no_mail
  const body = html`<p class="notice" role="status">${sentence}</p><p><a href="/sign-in">${words.to_sign_in}</a></p>`
  return frontPage(reply, { title: words.forgot, body })
}

function choosePage(
  reply: FastifyReply,
  { code, teammate, failure, status = 200 }: { code: string; teammate: Teammate; failure?: Failure; status?: number },
): FastifyReply {
  const words = pageWords(reply.request)
  const body = html`${problemNotice(words, failure)}<p class="quiet">${fill(words.reset_lead, { email: teammate.email })}</p>
<form method="post" action="/reset/password" class="stack"><input type="hidden" name="code" value="${code}"><input type="hidden" name="email" value="${teammate.email}" autocomplete="username">
${field({ name: 'password', label: words.new_password, type: 'password', autocomplete: 'new-password', hint: words.password_hint, isFirst: true })}
<button class="button primary">${words.reset_button}</button></form>`
  return frontPage(reply, { title: words.reset, body, status })
}
