import type { FastifyReply, FastifyRequest } from 'fastify'
import { errors, Failure } from '#errors'
import { html } from '#platform/html/html.ts'
import { logRefusal } from '#http/middleware/decisions.ts'
import { homeOf, messagePage, requestLocale, signInPath } from '#http/html/layout.ts'
import { loginStrings } from './login-strings.ts'

/** The way to the Login URL and back led nowhere: says so to the person in words, to the login log by its code, in test mode with its cure. */
export function explainBounce(
  request: FastifyRequest,
  reply: FastifyReply,
  { code, returnTo }: { code: 'login_url_loops' | 'cookies_blocked' | 'handoff_not_signed_in'; returnTo: string },
): FastifyReply {
  logRefusal(request, 'login_url', new Failure(code))
  const locale = requestLocale(request)
  const strings = loginStrings(locale)
  const { status, cure } = errors[code]
  const body = html`<p>${strings[`${code}_text`]}</p>
${request.workspace.test_mode === 1 ? html`<p lang="en" dir="ltr">${cure}</p>` : null}
<p class="actions"><a class="button" href="${signInPath(returnTo)}&with=app&again=1" rel="nofollow">${strings.try_again}</a> <a class="button quiet" href="${homeOf(request, locale)}">${strings.start_page}</a></p>
<p class="quiet-text"><code>${code}</code> · <code>${request.id}</code></p>`
  return messagePage(request, reply, { status, title: strings[code], body, locale })
}
