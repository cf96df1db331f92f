import type { FastifyReply, FastifyRequest } from 'fastify'
import { html, type Html } from '#platform/html/html.ts'
import { homeOf, messagePage, requestLocale, signInPath } from '#http/html/layout.ts'
import { fill } from '#http/html/strings.ts'
import { countWaysIn, type WaysIn } from '#http/html/ways-in.ts'
import { loginStrings } from './login-strings.ts'
import { signInStrings, type SignInStrings } from './sign-in-strings.ts'

interface SignInPage {
  ways: WaysIn
  returnTo: string
  /** What was typed and is no address; the page is shown again with it. */
  problem?: string
}

/** Everything that is on, as buttons and one form. A teammate's password is never asked here. */
export function showSignIn(request: FastifyRequest, reply: FastifyReply, page: SignInPage): FastifyReply {
  const locale = requestLocale(request)
  const strings = signInStrings(locale)
  const { ways } = page
  const lead = request.session?.kind === 'lead' ? request.session.contact : null
  if (countWaysIn(ways) === 0 && !lead) return showNoWay(request, reply, locale)
  const email = lead?.email ?? ''
  const bold = (template: string) => {
    const [before = '', after = ''] = template.split('{email}')
    return html`${before}<bdi><strong>${email}</strong></bdi>${after}`
  }
  const intro = lead ? bold(countWaysIn(ways) === 0 ? strings.needs_account_none : strings.needs_account_text) : strings.intro
  const body = html`<p>${intro}</p>
<div class="ways-in">${buttons(request, page, strings)}
${ways.emailLinks ? emailForm(page, strings) : null}</div>`
  return messagePage(request, reply, {
    status: page.problem === undefined ? 200 : 422,
    title: lead ? strings.needs_account : strings.title,
    body,
    locale,
  })
}

function showNoWay(request: FastifyRequest, reply: FastifyReply, locale: string): FastifyReply {
  const strings = loginStrings(locale)
  const body = html`<p>${strings.no_login_page_text}</p><p><a class="button" href="${homeOf(request, locale)}">${strings.start_page}</a></p>`
  return messagePage(request, reply, { status: 404, title: strings.no_login_page, body, locale })
}

function buttons({ workspace }: FastifyRequest, { ways, returnTo }: SignInPage, strings: SignInStrings): Html[] {
  const hasApp = ways.loginUrl !== null
  const toApp = `${signInPath(returnTo)}&with=app`
  const app = hasApp ? [button(toApp, fill(strings.with_app, { workspace: workspace.name }), '')] : []
  const others = ways.providers.map(({ id, name }) =>
    button(providerPath(id, returnTo), fill(strings.with_provider, { provider: name }), hasApp ? ' quiet' : ''),
  )
  return [...app, ...others]
}

function button(href: string, label: string, kind: string): Html {
  return html`<a class="button${kind}" href="${href}" rel="nofollow"><bdi>${label}</bdi></a>
`
}

function emailForm({ ways, returnTo, problem }: SignInPage, strings: SignInStrings): Html {
  const isOneOfSeveral = countWaysIn(ways) > 1
  const isBad = problem !== undefined
  return html`${isOneOfSeveral ? html`<p class="or"><span>${strings.or}</span></p>` : null}
<form method="post" action="/login/email" class="email-way">
<input type="hidden" name="return_to" value="${returnTo}">
<div class="field"><label for="email">${strings.email}</label>
<input id="email" name="email" type="email" autocomplete="email" inputmode="email" maxlength="254" value="${problem}" required dir="ltr" aria-describedby="email-hint${isBad ? ' email-problem' : ''}"${isBad ? html` aria-invalid="true" autofocus` : null}>
${isBad ? html`<p class="problem" id="email-problem">${strings.email_problem}</p>` : null}
<p class="hint" id="email-hint">${strings.email_hint}</p></div>
<button class="button${isOneOfSeveral ? ' quiet' : ''}">${strings.send_link}</button>
</form>`
}

export function providerPath(id: number, returnTo: string): string {
  return `/login/oidc/start?${new URLSearchParams({ provider: String(id), return_to: returnTo }).toString()}`
}
