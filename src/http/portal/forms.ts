import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { TicketAttribute, TicketType } from '#domain/tickets/ticket-types.ts'
import { attributesToFillIn } from '#domain/tickets/ticket-values.ts'

/** What a browser sends: every field text, or several texts under one name. An empty body is an empty form. */
export const FormBody = z.preprocess((body) => body ?? {}, z.record(z.string(), z.union([z.string(), z.array(z.string())])))
export type Form = z.infer<typeof FormBody>

export function fieldOf(form: Form, name: string): string {
  const given = Object.hasOwn(form, name) ? form[name] : undefined
  // A browser sends CRLF, and counts it as one character against maxlength.
  return ((Array.isArray(given) ? given[0] : given) ?? '').replaceAll('\r\n', '\n')
}

export function fieldNameOf(attribute: TicketAttribute): string {
  return `attribute_${attribute.id}`
}

/** Names one filling-in of a form, so that sending it twice is one ticket or one reply. */
export function clientIdOf(form: Form): string {
  const given = fieldOf(form, 'client_id')
  return /^[\w-]{8,64}$/.test(given) ? given : randomUUID()
}

export function draftOf(type: TicketType, form: Form) {
  const company = fieldOf(form, 'company')
  const attributes = attributesToFillIn(type, 'contact').map(
    (attribute) => [attribute.name, fieldOf(form, fieldNameOf(attribute))] as const,
  )
  return {
    title: fieldOf(form, 'title'),
    description: fieldOf(form, 'description'),
    attributes: Object.fromEntries(attributes),
    company_id: Object.hasOwn(form, 'company') ? company || null : undefined,
    client_id: clientIdOf(form),
  }
}
