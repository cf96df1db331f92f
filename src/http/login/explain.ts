import type { FastifyReply, FastifyRequest } from 'fastify'
import { errors, Failure } from '#errors'
import { html } from '#platform/html/html.ts'
import { logRefusal } from '#http/middleware/decisions.ts'
import { faultLine } from '#http/html/fault-line.ts'
import { homeOf, messagePage, requestLocale, signInPath } from '#http/html/layout.ts'
import { loginStrings } from './login-strings.ts'

interface Bounce {
  code: 'login_url_loops' | 'cookies_blocked' | 'handoff_not_signed_in'
  returnTo: string
  door?: string
  /** Where another try begins: at the Login URL, although it was of no use just now. */
  again?: string
  /** For the login log. */
  hint?: string
}

/** The way to the Login URL and back, or to the Continue page, led nowhere: says so to the person in words, to the login log by its code, in test mode with its cure. */
export function explainBounce(
  request: FastifyRequest,
  reply: FastifyReply,
  { code, returnTo, door = 'login_url', again = `${signInPath(returnTo)}&with=app&again=1`, hint }: Bounce,
): FastifyReply {
  logRefusal(request, door, new Failure(code, hint === undefined ? {} : { hint }))
  const locale = requestLocale(request)
  const strings = loginStrings(locale)
  const body = html`<p>${strings[`${code}_text`]}</p>
<p class="actions"><a class="button" href="${again}" rel="nofollow">${strings.try_again}</a> <a class="button quiet" href="${homeOf(request, locale)}">${strings.start_page}</a></p>
${faultLine(request, code)}`
  return messagePage(request, reply, { status: errors[code].status, title: strings[code], body, locale })
}
