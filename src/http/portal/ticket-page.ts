import { randomUUID } from 'node:crypto'
import type { TicketReader } from '#domain/tickets/ticket-policy.ts'
import type { TicketTimeline, TimelineEntry } from '#domain/tickets/ticket-timeline.ts'
import type { TicketAttribute } from '#domain/tickets/ticket-types.ts'
import { TEXT_LIMIT, type TicketFlaw, type TicketValue } from '#domain/tickets/ticket-values.ts'
import type { Ticket } from '#domain/tickets/tickets.ts'
import { html, raw, type Html } from '#platform/html/html.ts'
import { authorName, breadcrumbs, linesOf, momentOf, numberOf, stateBadge } from './ticket-parts.ts'
import { sayFlaw, type Tongue } from './words.ts'

interface TicketPage {
  /** The hidden field that proves the form was ours. */
  token: Html
  tongue: Tongue
  reader: TicketReader
  ticket: Ticket
  timeline: TicketTimeline
  /** A reply that could not be taken. */
  draft?: { text: string; flaw: TicketFlaw; client_id: string } | undefined
}

export function ticketPage(shown: TicketPage): Html {
  const { tongue, ticket, timeline } = shown
  const { words } = tongue
  return html`<div class="wrap narrow page stack">
${breadcrumbs(tongue, [{ name: words.tickets, href: '/tickets' }, { name: `#${ticket.ticket_number}` }])}
<h1>${ticket.title ? html`<bdi>${ticket.title}</bdi>` : numberOf(ticket)}</h1>
<p class="actions">${stateBadge(tongue, ticket.state)} <span class="quiet-text">${numberOf(ticket)} · <bdi>${ticket.type.name}</bdi></span></p>
${facts(shown)}
<h2>${words.conversation}</h2>
<ol class="thread">
${opening(shown)}
${timeline.entries.map((entry) => (entry.kind === 'reply' ? reply(shown, entry) : stateChange(shown, entry)))}
</ol>
${replyForm(shown)}
${stateForm(shown)}
</div>`
}

function facts({ tongue, reader, ticket }: TicketPage): Html {
  const { words } = tongue
  const company = reader.companies.find(({ id }) => id === ticket.company_id)
  const attributes = ticket.type.attributes.flatMap((attribute) => {
    const value = Object.hasOwn(ticket.attributes, attribute.name) ? ticket.attributes[attribute.name] : undefined
    if (attribute.visible_to_contacts !== 1 || value === undefined) return []
    return [fact(html`<bdi>${attribute.name}</bdi>`, shownValue(tongue, attribute, value))]
  })
  return html`<dl class="facts" aria-label="${words.details}">
${fact(words.created, momentOf(tongue, ticket.created_at))}
${fact(words.updated, momentOf(tongue, ticket.updated_at))}
${company ? fact(words.company, html`<bdi>${company.name ?? company.company_id}</bdi>`) : null}
${attributes}</dl>`
}

function fact(name: Html | string, value: Html): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`
}

function shownValue(tongue: Tongue, attribute: TicketAttribute, value: TicketValue): Html {
  if (typeof value === 'boolean') return html`${value ? tongue.words.yes : tongue.words.no}`
  if (typeof value === 'string') return html`<bdi>${linesOf(attribute.options.find(({ id }) => id === value)?.label ?? value)}</bdi>`
  if (attribute.data_type === 'datetime') return momentOf(tongue, value)
  return html`${value.toLocaleString(tongue.locale, { maximumFractionDigits: 20 })}`
}

function opening({ tongue, reader, ticket, timeline }: TicketPage): Html {
  return html`<li class="message${timeline.opened_by.id === reader.contact.id && ' mine'}"><div class="message-head"><strong>${authorName(tongue, reader, timeline.opened_by)}</strong>${momentOf(tongue, ticket.created_at)}</div>
<div class="prose" dir="auto"><p>${linesOf(ticket.description)}</p></div></li>`
}

function reply({ tongue, reader }: TicketPage, entry: TimelineEntry & { kind: 'reply' }): Html {
  return html`<li class="message${entry.author.id === reader.contact.id && ' mine'}" id="part-${entry.sequence}"><div class="message-head"><strong>${authorName(tongue, reader, entry.author)}</strong>${momentOf(tongue, entry.at)}</div>
<div class="prose" dir="auto">${raw(entry.body)}</div></li>`
}

function stateChange({ tongue, reader }: TicketPage, entry: TimelineEntry & { kind: 'state' }): Html {
  return html`<li class="timeline-event" id="part-${entry.sequence}"><span class="visually-hidden">${tongue.words.state_changed_to}</span>${stateBadge(tongue, entry.state)}<span>${authorName(tongue, reader, entry.author)} · ${momentOf(tongue, entry.at)}</span></li>`
}

function replyForm({ tongue, ticket, draft, token }: TicketPage): Html {
  const { words } = tongue
  const isResolved = ticket.state.category === 'resolved'
  const described = [isResolved ? 'body-hint' : '', draft ? 'body-problem' : ''].filter(Boolean).join(' ')
  return html`<form class="stack" method="post" action="/tickets/${ticket.ticket_number}/replies">
${token}<input type="hidden" name="client_id" value="${draft?.client_id ?? randomUUID()}">
<div class="field"><label for="body">${words.your_reply}</label>
${isResolved && html`<p class="hint" id="body-hint">${words.reply_reopens}</p>`}
<textarea id="body" name="body" rows="4" required maxlength="${TEXT_LIMIT}" dir="auto"${described !== '' && html` aria-describedby="${described}"`}${draft && html` aria-invalid="true" autofocus`}>
${draft?.text}</textarea>
${draft && html`<p class="problem" id="body-problem" role="alert">${sayFlaw(tongue, draft.flaw)}</p>`}</div>
<div class="actions"><button class="button">${words.send_reply}</button></div></form>`
}

function stateForm({ tongue: { words }, ticket, token }: TicketPage): Html {
  const isResolved = ticket.state.category === 'resolved'
  return html`<form class="actions" method="post" action="/tickets/${ticket.ticket_number}/state">
${token}<input type="hidden" name="state" value="${isResolved ? 'open' : 'resolved'}"><button class="button quiet">${isResolved ? words.reopen : words.resolve}</button></form>`
}
