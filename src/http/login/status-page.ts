import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Instant } from '#db/columns.ts'
import { html, type Html } from '#platform/html/html.ts'
import { homeOf, page, requestLocale, signInPath } from '#http/html/layout.ts'
import { hasWayIn } from '#http/html/ways-in.ts'
import type { BrowserStatus } from './status.ts'
import { statusStrings, type StatusStrings } from './status-strings.ts'

const HERE = '/login/status'

interface Said {
  status: BrowserStatus
  strings: StatusStrings
  locale: string
}

/** For the person: who they are here, why, and what to do. For whoever builds: what arrived. */
export function statusPage(request: FastifyRequest, reply: FastifyReply, status: BrowserStatus): FastifyReply {
  const locale = requestLocale(request)
  const strings = statusStrings(locale)
  const said = { status, strings, locale }
  const body = html`<div class="wrap narrow stack status-page">
<header class="stack"><p class="eyebrow">${strings.title}</p>
<h1>${headline(said)}</h1>
<p class="lead">${strings.because[status.because]}</p></header>
${whatToDo(request, said)}
${facts(said)}
</div>`
  return page(request, reply, { title: strings.title, locale, body, noindex: true, section: 'login' })
}

function headline({ status: { person }, strings }: Said): Html | string {
  if (!person) return strings.not_signed_in
  const [before = '', after = ''] = strings.signed_in.split('{name}')
  return html`${before}<bdi>${person.name ?? person.email ?? person.user_id}</bdi>${after}`
}

function whatToDo(request: FastifyRequest, { status, strings, locale }: Said): Html {
  const canSignIn = !status.signed_in && hasWayIn(request)
  const start = html`<a class="button${canSignIn ? ' quiet' : ''}" href="${homeOf(request, locale)}">${strings.start_page}</a>`
  if (status.signed_in) return html`<p class="actions">${start}</p>`
  const signIn = canSignIn && html`<a class="button" href="${signInPath(HERE)}" rel="nofollow">${strings.sign_in}</a> `
  return html`<p>${canSignIn ? strings.do_sign_in : strings.do_in_app}</p>
<p class="actions">${signIn}${start}</p>`
}

function facts(said: Said): Html {
  const { status, strings } = said
  const { session, probe, last_attempt: attempt, cookies } = status
  const times = strings.twice
  return html`<section class="stack" aria-labelledby="for-developers"><h2 id="for-developers">${strings.for_developers}</h2>
<dl class="facts long">
<div><dt>${strings.host}</dt><dd><code>${status.host}</code> · <code>${status.app_id}</code></dd></div>
<div><dt>${strings.session}</dt><dd>${session ? html`<code>${session.kind}</code>, <code>${session.door}</code>` : strings.none}</dd></div>
${session && html`<div><dt>${strings.since}</dt><dd>${time(session.since, said)}</dd></div><div><dt>${strings.ends}</dt><dd>${time(session.ends_at, said)}</dd></div>`}
<div><dt>${strings.cookies}</dt><dd>${
    cookies.length === 0
      ? strings.none
      : cookies.map(({ name, times: count }) => html`<code>${name}</code>${count > 1 ? html` <strong>${times}</strong>` : null} `)
  }</dd></div>
<div><dt>${strings.probe}</dt><dd>${probe ? html`${time(probe.set_at, said)}, <code>${probe.origin}</code>` : strings.none}</dd></div>
<div><dt>${strings.last_attempt}</dt><dd>${attempt ? html`<code>${attempt.code ?? attempt.outcome}</code>, ${time(attempt.at, said)}` : strings.unknown}</dd></div>
</dl>
<p class="quiet-text">${strings.from_outside} <code dir="ltr">npx latchkey doctor ${status.host}</code></p></section>`
}

function time(at: Instant, { locale }: Said): Html {
  const text = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' }).format(at)
  return html`<time datetime="${new Date(at).toISOString()}">${text} UTC</time>`
}
