import type { TicketStateCategory } from '#db/ticket-tables.ts'
import type { TicketReader } from '#domain/tickets/ticket-policy.ts'
import type { TicketState } from '#domain/tickets/ticket-states.ts'
import type { TimelineAuthor } from '#domain/tickets/ticket-timeline.ts'
import { icons } from '#http/html/icons.ts'
import { stringsOf } from '#http/html/strings.ts'
import { html, type Html } from '#platform/html/html.ts'
import { sayDay, sayMoment, sayState, type Tongue } from './words.ts'

const TONES: Record<TicketStateCategory, string> = {
  submitted: 'info',
  in_progress: 'progress',
  waiting_on_customer: 'waiting',
  resolved: 'done',
}

export function stateBadge(tongue: Tongue, state: TicketState): Html {
  return html`<span class="badge" data-tone="${TONES[state.category]}">${sayState(tongue, state)}</span>`
}

export function momentOf(tongue: Tongue, at: number): Html {
  return html`<time datetime="${new Date(at).toISOString()}">${sayMoment(tongue, at)}</time>`
}

export function dayOf(tongue: Tongue, at: number): Html {
  return html`<time datetime="${new Date(at).toISOString()}">${sayDay(tongue, at)}</time>`
}

export function authorName(tongue: Tongue, { contact }: TicketReader, author: TimelineAuthor): Html {
  if (author.id === contact.id) return html`${tongue.words.you}`
  return html`<bdi>${author.name ?? (author.type === 'admin' ? tongue.words.team : tongue.words.somebody)}</bdi>`
}

export function breadcrumbs(tongue: Tongue, steps: { name: string; href?: string }[]): Html {
  return html`<nav class="breadcrumbs" aria-label="${stringsOf(tongue.locale).breadcrumbs}"><ol>${steps.map(
    ({ name, href }, index) =>
      html`<li>${index > 0 && icons.chevron}${href ? html`<a href="${href}"><bdi>${name}</bdi></a>` : html`<bdi aria-current="page">${name}</bdi>`}</li>`,
  )}</ol></nav>`
}

/** Reads from the left in every language. */
export function numberOf(ticket: { ticket_number: number }): Html {
  return html`<span dir="ltr">#${ticket.ticket_number}</span>`
}

/** Plain text in several lines, as it was written. */
export function linesOf(text: string): Html {
  return html`${text.split('\n').map((line, index) => html`${index > 0 && html`<br>`}${line}`)}`
}
