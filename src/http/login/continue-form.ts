import type { FastifyRequest } from 'fastify'
import type { Contact } from '#domain/contacts/contacts.ts'
import { personName, requestLocale } from '#http/html/layout.ts'
import { fill } from '#http/html/strings.ts'
import { html, type Html } from '#platform/html/html.ts'
import { loginStrings } from './login-strings.ts'

interface ContinueForm {
  /** Whose session ends with the button. */
  leaves: Contact | null
  /** Absent: the page's own address. */
  action?: string | undefined
  fields?: Record<string, string>
}

/** What signing in here would change, and the one button that does it. */
export function continueForm(request: FastifyRequest, { leaves, action, fields = {} }: ContinueForm): Html {
  const strings = loginStrings(requestLocale(request))
  const { session } = request
  return html`${leaves ? html`<p>${fill(strings.switches_from, { name: personName(leaves) })}</p>` : null}
${session?.kind === 'visitor' && session.contact ? html`<p>${strings.visitor_follows}</p>` : null}
<form method="post"${action === undefined ? null : html` action="${action}"`} class="actions">${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}<button class="button">${strings.continue}</button> <a class="button quiet" href="/">${strings.not_me}</a></form>`
}
