import type { Contact } from '#domain/contacts/contacts.ts'
import type { Session } from '#domain/sessions/sessions.ts'
import { personName } from '#http/html/layout.ts'
import { fill, longDate } from '#http/html/strings.ts'
import { html, type Html } from '#platform/html/html.ts'
import { sessionStrings, type SessionStrings } from './session-strings.ts'

const MINUTE = 60_000
const JUST_NOW = 5 * MINUTE
const STEPS = [
  { unit: 'day', size: 1440 * MINUTE },
  { unit: 'hour', size: 60 * MINUTE },
  { unit: 'minute', size: MINUTE },
] as const

interface SessionsPage {
  locale: string
  contact: Contact
  sessions: Session[]
  current: Session['id']
  now: number
  /** The hidden field that proves the form was ours. */
  token: Html
}

export function sessionsPage(shown: SessionsPage): Html {
  const { locale, contact, sessions, current, token } = shown
  const words = sessionStrings(locale)
  const here = sessions.filter(({ id }) => id === current)
  const others = sessions.filter(({ id }) => id !== current)
  return html`<div class="wrap narrow page stack">
<h1>${words.title}</h1>
<p class="lead">${words.signed_in_as} <strong><bdi>${personName(contact)}</bdi></strong>${contact.email !== null && contact.email !== personName(contact) ? html` <bdi class="quiet-text">${contact.email}</bdi>` : null}</p>
<ul class="rows sessions">${[...here, ...others].map((session) => row(shown, session))}</ul>
${
  others.length > 0
    ? html`<form method="post" action="/login/sessions/end-others" class="actions">${token}<button class="button danger">${words.end_others}</button></form>`
    : html`<p class="quiet-text">${words.only_here}</p>`
}
<p class="quiet-text">${words.not_you_text}</p>
</div>`
}

function row({ locale, current, now, token }: SessionsPage, session: Session): Html {
  const words = sessionStrings(locale)
  const { id, device, door, created_at, last_seen_at } = session
  const isHere = id === current
  const name = html`<bdi>${device === 'Unknown device' ? words.unknown_device : device}</bdi>`
  const [before, after] = words.last_seen.split('{when}')
  const way = isHere
    ? html`<form method="post" action="/login/logout"><button class="button quiet">${words.sign_out}</button></form>`
    : html`<form method="post" action="/login/sessions/${id}/end">${token}<button class="button quiet" aria-label="${fill(words.end_device, { device })}">${words.end}</button></form>`
  return html`<li><div class="session"><div><p class="session-name">${name}${isHere ? html` <span class="badge" data-tone="done">${words.this_device}</span>` : null}</p>
<p class="quiet-text">${words[viaOf(door)]} · ${fill(words.since, { date: longDate(locale, created_at) })}</p>
<p class="quiet-text">${before}<time datetime="${new Date(last_seen_at).toISOString()}">${whenOf(locale, { at: last_seen_at, now, words })}</time>${after}</p></div>
${way}</div></li>`
}

function viaOf(door: string): 'via_app' | 'via_link' | 'via_email' | 'via_provider' | 'via_host' {
  if (door === 'login_link') return 'via_link'
  if (door === 'email_link') return 'via_email'
  if (door.startsWith('oidc')) return 'via_provider'
  return door === 'handoff' ? 'via_host' : 'via_app'
}

function whenOf(locale: string, { at, now, words }: { at: number; now: number; words: SessionStrings }): string {
  const ago = now - at
  const step = STEPS.find(({ size }) => ago >= size)
  if (ago < JUST_NOW || !step) return words.just_now
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-Math.floor(ago / step.size), step.unit)
}
