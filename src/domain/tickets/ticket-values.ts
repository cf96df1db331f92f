import type { TicketDataType } from '#db/ticket-tables.ts'
import type { TicketAttributeId } from '#db/columns.ts'
import type { TicketAttribute, TicketType } from './ticket-types.ts'

/** A list's value is its option's id; a datetime is Unix milliseconds. */
export type TicketValue = string | number | boolean
export type TicketFlaw =
  | 'missing'
  | 'too_long'
  | 'not_an_option'
  | 'not_an_integer'
  | 'not_a_number'
  | 'not_a_boolean'
  | 'not_a_date'
  | 'not_text'
export type TicketProblem = { field: string; flaw: TicketFlaw }
/** Contacts fill in what they can see and must give what is required of them; admins fill in everything. */
export type FilledInBy = 'contact' | 'admin'

export const TITLE_LIMIT = 255
export const TEXT_LIMIT = 10_000

interface Columns {
  text_value: string | null
  number_value: number | null
}
/** null takes the value away. */
export type ReadValues = Map<TicketAttributeId, Columns | null>

/** The attributes that stand on the form by which this kind of person opens a ticket. */
export function attributesToFillIn(type: TicketType, by: FilledInBy): TicketAttribute[] {
  if (by === 'admin') return type.attributes
  return type.attributes.filter((attribute) => attribute.visible_to_contacts === 1 && attribute.visible_on_create === 1)
}

export function isRequired(attribute: TicketAttribute, by: FilledInBy): boolean {
  return (by === 'contact' ? attribute.required_to_create_for_contacts : attribute.required_to_create) === 1
}

/** Reads what was given by attribute name; what this person may not fill in is left out. */
export function readTicketValues(
  type: TicketType,
  given: Record<string, unknown>,
  by: FilledInBy,
): { values: ReadValues; problems: TicketProblem[] } {
  const values: ReadValues = new Map()
  const problems: TicketProblem[] = []
  for (const attribute of attributesToFillIn(type, by)) {
    if (!Object.hasOwn(given, attribute.name)) continue
    const value = readValue(attribute, given[attribute.name])
    if (typeof value === 'string') problems.push({ field: attribute.name, flaw: value })
    else values.set(attribute.id, value)
  }
  return { values, problems }
}

export function missingValues(type: TicketType, values: ReadValues, by: FilledInBy): TicketProblem[] {
  return attributesToFillIn(type, by)
    .filter((attribute) => isRequired(attribute, by) && !values.get(attribute.id))
    .map((attribute) => ({ field: attribute.name, flaw: 'missing' }))
}

export function valueOf(attribute: TicketAttribute, columns: Columns): TicketValue | null {
  if (attribute.data_type === 'boolean') return columns.number_value === null ? null : columns.number_value === 1
  return columns.text_value ?? columns.number_value
}

function readValue(attribute: TicketAttribute, given: unknown): Columns | TicketFlaw | null {
  const plain = typeof given === 'string' ? given.trim() : given
  if (plain === null || plain === undefined || plain === '') return null
  return READERS[attribute.data_type](plain, attribute)
}

const READERS: Record<TicketDataType, (given: unknown, attribute: TicketAttribute) => Columns | TicketFlaw> = {
  string: (given) => {
    if (typeof given !== 'string' && typeof given !== 'number') return 'not_text'
    return String(given).length > TEXT_LIMIT ? 'too_long' : text(String(given))
  },
  list: (given, { options }) => {
    const chosen = options.find((option) => option.id === given) ?? options.find((option) => option.label === given)
    return chosen ? text(chosen.id) : 'not_an_option'
  },
  integer: (given) => {
    const value = toNumber(given)
    return Number.isSafeInteger(value) ? number(value) : 'not_an_integer'
  },
  decimal: (given) => {
    const value = toNumber(given)
    return Number.isFinite(value) ? number(value) : 'not_a_number'
  },
  boolean: (given) => {
    if (given === true || given === 'true') return number(1)
    return given === false || given === 'false' ? number(0) : 'not_a_boolean'
  },
  datetime: (given) => {
    const value = toInstant(given)
    return Number.isSafeInteger(value) && Math.abs(value) <= 8.64e15 ? number(value) : 'not_a_date'
  },
}

function text(value: string): Columns {
  return { text_value: value, number_value: null }
}

function number(value: number): Columns {
  return { text_value: null, number_value: value }
}

function toNumber(given: unknown): number {
  if (typeof given === 'number') return given
  return typeof given === 'string' && /^[+-]?\d+(\.\d+)?$/.test(given) ? Number(given) : Number.NaN
}

/** ISO 8601 (UTC where it names no zone), or a number: Unix seconds, or milliseconds where it is too large for seconds of this age. */
function toInstant(given: unknown): number {
  if (typeof given === 'string' && /^\d{4}-\d{2}-\d{2}/.test(given)) return Date.parse(/T[\d:.]+$/.test(given) ? `${given}Z` : given)
  const value = toNumber(given)
  return Math.abs(value) < 1e11 ? value * 1000 : value
}
