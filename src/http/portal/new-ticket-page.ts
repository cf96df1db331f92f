import type { TicketReader } from '#domain/tickets/ticket-policy.ts'
import type { TicketAttribute, TicketType } from '#domain/tickets/ticket-types.ts'
import { attributesToFillIn, isRequired, TEXT_LIMIT, TITLE_LIMIT, type TicketFlaw } from '#domain/tickets/ticket-values.ts'
import { icons } from '#http/html/icons.ts'
import { html, type Html, type HtmlValue } from '#platform/html/html.ts'
import { clientIdOf, fieldNameOf, fieldOf, type Form } from './forms.ts'
import { breadcrumbs } from './ticket-parts.ts'
import { say, sayFlaw, type Tongue } from './words.ts'

interface NewTicketForm {
  /** The hidden field that proves the form was ours. */
  token: Html
  tongue: Tongue
  reader: TicketReader
  type: TicketType
  /** What was written so far. */
  form: Form
  /** By attribute name, and title, description, company_id. */
  flaws: Map<string, TicketFlaw>
}

export function chooseTypePage({ tongue, types }: { tongue: Tongue; types: TicketType[] }): Html {
  const { words } = tongue
  const cards = html`<ul class="cards">${types.map(
    (type) =>
      html`<li><a class="card" href="/tickets/new/${type.id}"><span aria-hidden="true">${type.icon}</span><strong><bdi>${type.name}</bdi></strong><span class="quiet-text"><bdi>${type.description}</bdi></span></a></li>`,
  )}</ul>`
  return html`<div class="wrap page stack">
${breadcrumbs(tongue, [{ name: words.tickets, href: '/tickets' }, { name: words.new_ticket }])}
<h1>${words.choose_type}</h1>
${types.length > 0 ? cards : html`<div class="empty">${icons.ticket}<p>${words.no_types}</p></div>`}
</div>`
}

export function newTicketPage(shown: NewTicketForm): Html {
  const { tongue, type, form } = shown
  const { words } = tongue
  const fields = fieldsOf(shown)
  return html`<div class="wrap narrow page stack">
${breadcrumbs(tongue, [{ name: words.tickets, href: '/tickets' }, { name: words.new_ticket, href: '/tickets/new' }, { name: type.name }])}
<h1><bdi>${type.name}</bdi></h1>
${type.description ? html`<p class="lead"><bdi>${type.description}</bdi></p>` : null}
${problemList(shown, fields)}
<form class="stack" method="post" action="/tickets/new/${type.id}">
${shown.token}<input type="hidden" name="client_id" value="${clientIdOf(form)}">
${fields.map((field) => fieldRow(shown, field))}
${sharedWith(shown)}
<div class="actions"><button class="button">${words.submit}</button><a class="button quiet" href="/tickets">${words.cancel}</a></div>
</form></div>`
}

interface Field {
  name: string
  label: string
  /** What the flaws call it. */
  key: string
  required: boolean
  hint?: string | undefined
  control: (attributes: Html, value: string) => Html
}

function fieldsOf({ tongue, reader, type }: NewTicketForm): Field[] {
  const { words } = tongue
  const title: Field = {
    name: 'title',
    key: 'title',
    label: words.title,
    required: true,
    hint: words.title_hint,
    control: (attributes, value) => html`<input ${attributes} value="${value}" maxlength="${TITLE_LIMIT}" dir="auto" autocomplete="off">`,
  }
  const description: Field = { name: 'description', key: 'description', label: words.description, required: true, control: textArea }
  const companies: Field = {
    name: 'company',
    key: 'company_id',
    label: words.who_sees,
    required: false,
    control: select([
      { value: '', name: words.only_me },
      ...reader.companies.map(({ id, name, company_id }) => ({ value: String(id), name: name ?? company_id })),
    ]),
  }
  const attributes = attributesToFillIn(type, 'contact').map((attribute) => attributeField(tongue, attribute))
  return [title, description, ...(reader.companies.length > 1 ? [companies] : []), ...attributes]
}

/** Who stands in one company shares with it; who stands in several is asked. */
function sharedWith({ tongue, reader }: NewTicketForm): Html | null {
  const [company, ...others] = reader.companies
  if (!company || others.length > 0) return null
  return html`<p class="quiet-text">${say(tongue, 'shared_with', { company: company.name ?? tongue.words.view_company })}</p>`
}

function attributeField(tongue: Tongue, attribute: TicketAttribute): Field {
  const required = isRequired(attribute, 'contact')
  const hints = [attribute.description, attribute.data_type === 'datetime' ? tongue.words.time_in_utc : ''].filter(Boolean)
  const field = { name: fieldNameOf(attribute), key: attribute.name, label: attribute.name, required, hint: hints.join(' ') || undefined }
  return { ...field, control: controlOf(tongue, attribute) }
}

function controlOf({ words }: Tongue, attribute: TicketAttribute): Field['control'] {
  const blank = { value: '', name: words.choose }
  switch (attribute.data_type) {
    case 'list':
      return select([blank, ...attribute.options.map(({ id, label }) => ({ value: id, name: label }))])
    case 'boolean':
      return select([blank, { value: 'true', name: words.yes }, { value: 'false', name: words.no }])
    case 'integer':
      return (attributes, value) => html`<input ${attributes} type="number" step="1" inputmode="numeric" value="${value}">`
    case 'decimal':
      return (attributes, value) => html`<input ${attributes} type="number" step="any" inputmode="decimal" value="${value}">`
    case 'datetime':
      return (attributes, value) => html`<input ${attributes} type="datetime-local" value="${value}">`
    case 'string':
      return attribute.multiline === 1
        ? textArea
        : (attributes, value) => html`<input ${attributes} value="${value}" maxlength="${TEXT_LIMIT}" dir="auto">`
  }
}

/** The line break after the tag is the one that browsers drop. */
function textArea(attributes: Html, value: string): Html {
  return html`<textarea ${attributes} rows="5" maxlength="${TEXT_LIMIT}" dir="auto">
${value}</textarea>`
}

function select(options: { value: string; name: string }[]): Field['control'] {
  return (attributes, chosen) =>
    html`<select ${attributes}>${options.map(({ value, name }) => html`<option value="${value}"${value === chosen && html` selected`}>${name}</option>`)}</select>`
}

function fieldRow({ tongue, form, flaws }: NewTicketForm, { name, key, label, required, hint, control }: Field): Html {
  const flaw = flaws.get(key)
  const described = [hint ? `${name}-hint` : '', flaw ? `${name}-problem` : ''].filter(Boolean).join(' ')
  const attributes: HtmlValue[] = [
    html`id="${name}" name="${name}"`,
    required && html` required`,
    described !== '' && html` aria-describedby="${described}"`,
    flaw && html` aria-invalid="true"`,
  ]
  return html`<div class="field"><label for="${name}"><bdi>${label}</bdi>${!required && html` <span class="quiet-text">(${tongue.words.optional})</span>`}</label>
${hint && html`<p class="hint" id="${name}-hint"><bdi>${hint}</bdi></p>`}
${control(html`${attributes}`, fieldOf(form, name))}
${flaw && html`<p class="problem" id="${name}-problem">${sayFlaw(tongue, flaw)}</p>`}</div>`
}

function problemList({ tongue, flaws }: NewTicketForm, fields: Field[]): Html | null {
  const lines = fields.flatMap(({ name, key, label }) => {
    const flaw = flaws.get(key)
    return flaw ? [html`<li><a href="#${name}"><bdi>${label}</bdi></a>: ${sayFlaw(tongue, flaw)}</li>`] : []
  })
  if (lines.length === 0) return null
  return html`<div class="notice" data-tone="danger" role="alert"><p>${tongue.words.check_form}</p><ul>${lines}</ul></div>`
}
