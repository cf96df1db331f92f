import type { FastifyReply, FastifyRequest } from 'fastify'
import { icons } from '#http/html/icons.ts'
import { messagePage, signInPath } from '#http/html/layout.ts'
import { hasWayIn } from '#http/html/ways-in.ts'
import { signInFirst } from '#http/middleware/sign-in-first.ts'
import { html } from '#platform/html/html.ts'
import type { Visit } from './visit.ts'

/** Leads to the sign-in, or says that something is here for people who sign in, and nothing of what it is. */
export async function askToSignIn(request: FastifyRequest, reply: FastifyReply, { strings, locale }: Visit): Promise<FastifyReply> {
  if (await signInFirst(request, reply)) return reply
  const body = hasWayIn(request)
    ? html`<p>${strings.sign_in_to_read_text}</p>
<p><a class="button" href="${signInPath(request.url)}" rel="nofollow">${icons.lock}${strings.sign_in}</a></p>`
    : html`<p><strong>${strings.sign_in_missing}.</strong> ${strings.sign_in_unknown}</p>
<p><a href="/${locale}">${strings.start_page}</a></p>`
  return messagePage(request, reply, { status: 401, locale, title: strings.sign_in_to_read, body })
}
