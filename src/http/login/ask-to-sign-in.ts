import type { FastifyReply, FastifyRequest } from 'fastify'
import { messagePage, requestLocale, signInPath } from '#http/html/layout.ts'
import { stringsOf } from '#http/html/strings.ts'
import { html } from '#platform/html/html.ts'

/** After a logout here nobody is signed in again without a click. */
export function askToSignIn(request: FastifyRequest, reply: FastifyReply, path: string): FastifyReply {
  const locale = requestLocale(request)
  const strings = stringsOf(locale)
  const body = html`<p>${strings.sign_in_to_read_text}</p>
<p><a class="button" href="${signInPath(path)}" rel="nofollow">${strings.sign_in}</a></p>`
  return messagePage(request, reply, { status: 401, title: strings.sign_in_to_read, body, locale })
}
