import { TICKET_SORTS, type TicketList, type TicketSort } from '#domain/tickets/list-tickets.ts'
import type { TicketReader } from '#domain/tickets/ticket-policy.ts'
import { TICKET_STATE_CATEGORIES, type TicketState } from '#domain/tickets/ticket-states.ts'
import type { TicketType } from '#domain/tickets/ticket-types.ts'
import type { Ticket } from '#domain/tickets/tickets.ts'
import { icons } from '#http/html/icons.ts'
import { html, type Html } from '#platform/html/html.ts'
import { dayOf, numberOf, stateBadge } from './ticket-parts.ts'
import { say, type Tongue } from './words.ts'

export interface TicketFilters {
  view: 'mine' | 'company'
  state: TicketState['category'] | undefined
  type: number | undefined
  q: string | undefined
  sort: TicketSort
}

interface ListPage {
  tongue: Tongue
  reader: TicketReader
  list: TicketList
  types: TicketType[]
  filters: TicketFilters
}

export function ticketListPage(shown: ListPage): Html {
  const { tongue, list } = shown
  const { words } = tongue
  return html`<div class="wrap page stack">
<div class="actions"><h1>${words.tickets}</h1><a class="button" href="/tickets/new">${words.new_ticket}</a></div>
${tabs(shown)}
${list.total > 0 || isFiltered(shown.filters) ? filterForm(shown) : null}
${
  list.total > 0
    ? html`<p class="quiet-text" role="status">${say(tongue, 'results', { count: list.total.toLocaleString(tongue.locale) })}</p>
<ul class="rows">${list.tickets.map((ticket) => ticketRow(shown, ticket))}</ul>`
    : emptyState(shown)
}
${list.pages > 1 ? pagination(shown) : null}
</div>`
}

function tabs({ tongue: { words }, reader, filters }: ListPage): Html | null {
  const [company, ...others] = reader.companies
  if (!company) return null
  const companyName = others.length > 0 ? words.view_companies : (company.name ?? words.view_company)
  const tab = (view: TicketFilters['view'], name: string) =>
    html`<a href="${addressOf({ view })}"${view === filters.view && html` aria-current="page"`}><bdi>${name}</bdi></a>`
  return html`<nav class="tabs" aria-label="${words.view}">${tab('mine', words.view_mine)}${tab('company', companyName)}</nav>`
}

function filterForm({ tongue: { words }, types, filters }: ListPage): Html {
  const states = TICKET_STATE_CATEGORIES.map((category) => ({ value: category, name: words[`state_${category}`] }))
  const kinds = types.map((type) => ({ value: String(type.id), name: type.name }))
  const sorts = TICKET_SORTS.map((sort) => ({ value: sort, name: words[`sort_${sort}`] }))
  return html`<form class="filters" action="/tickets" method="get" role="search">
${filters.view === 'company' ? html`<input type="hidden" name="view" value="company">` : null}
<div class="field"><label for="q">${words.search}</label><input id="q" type="search" name="q" value="${filters.q}" placeholder="${words.search_placeholder}" maxlength="200" dir="auto"></div>
${choice({ name: 'state', label: words.state, chosen: filters.state, options: [{ value: '', name: words.any_state }, ...states] })}
${choice({ name: 'type', label: words.type, chosen: filters.type === undefined ? undefined : String(filters.type), options: [{ value: '', name: words.any_type }, ...kinds] })}
${choice({ name: 'sort', label: words.sort, chosen: filters.sort, options: sorts })}
<div class="actions"><button class="button quiet">${words.apply}</button>${isFiltered(filters) ? html`<a href="${addressOf({ view: filters.view })}">${words.clear}</a>` : null}</div>
</form>`
}

interface Choice {
  name: string
  label: string
  chosen: string | undefined
  options: { value: string; name: string }[]
}

function choice({ name, label, chosen, options }: Choice): Html {
  return html`<div class="field"><label for="${name}">${label}</label><select id="${name}" name="${name}">${options.map(
    (option) => html`<option value="${option.value}"${option.value === chosen && html` selected`}>${option.name}</option>`,
  )}</select></div>`
}

function ticketRow({ tongue, filters, reader }: ListPage, ticket: Ticket): Html {
  const company =
    filters.view === 'company' && reader.companies.length > 1
      ? reader.companies.find(({ id }) => id === ticket.company_id)?.name
      : undefined
  return html`<li><a href="/tickets/${ticket.ticket_number}"><strong>${ticket.title ? html`<bdi>${ticket.title}</bdi>` : numberOf(ticket)}</strong>
<span class="quiet-text">${numberOf(ticket)} · <bdi>${ticket.type.name}</bdi>${company ? html` · <bdi>${company}</bdi>` : null} · ${updatedOn(tongue, ticket)}</span>
${stateBadge(tongue, ticket.state)}</a></li>`
}

function updatedOn(tongue: Tongue, ticket: Ticket): Html {
  const [before = '', after = ''] = tongue.words.updated_on.split('{date}')
  return html`${before}${dayOf(tongue, ticket.updated_at)}${after}`
}

function emptyState({ tongue: { words }, filters }: ListPage): Html {
  if (isFiltered(filters)) {
    return html`<div class="empty">${icons.search}<h2>${words.none_match}</h2><p>${words.none_match_text}</p><a class="button quiet" href="${addressOf({ view: filters.view })}">${words.clear}</a></div>`
  }
  return html`<div class="empty">${icons.ticket}<h2>${words.none_yet}</h2><p>${words.none_yet_text}</p><a class="button quiet" href="/tickets/new">${words.new_ticket}</a></div>`
}

function pagination({ tongue, list, filters }: ListPage): Html {
  const { words, locale } = tongue
  const step = (page: number, name: string, rel: string) =>
    page >= 1 && page <= list.pages
      ? html`<a class="button quiet" rel="${rel}" href="${addressOf({ ...filters, page })}">${name}</a>`
      : html`<span></span>`
  return html`<nav class="pagination" aria-label="${words.pages}">${step(list.page - 1, words.previous, 'prev')}
<span class="quiet-text">${say(tongue, 'page_of', { page: list.page.toLocaleString(locale), pages: list.pages.toLocaleString(locale) })}</span>
${step(list.page + 1, words.next, 'next')}</nav>`
}

function isFiltered({ state, type, q }: TicketFilters): boolean {
  return state !== undefined || type !== undefined || q !== undefined
}

function addressOf({ view, state, type, q, sort, page }: Partial<TicketFilters> & { page?: number }): string {
  const query = new URLSearchParams()
  if (view === 'company') query.set('view', view)
  if (state) query.set('state', state)
  if (type !== undefined) query.set('type', String(type))
  if (q) query.set('q', q)
  if (sort && sort !== 'updated') query.set('sort', sort)
  if (page && page > 1) query.set('page', String(page))
  return query.size > 0 ? `/tickets?${query.toString()}` : '/tickets'
}
