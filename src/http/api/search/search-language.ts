import { sql, type RawBuilder } from 'kysely'
import { Failure } from '#errors'

type Condition = RawBuilder<unknown>
type Scalar = string | number | boolean | null

/** A value that can be searched: fixed SQL, never text from the request. `day`s are compared as whole UTC days. */
export interface SearchField {
  kind: 'text' | 'number' | 'flag' | 'second' | 'day'
  column: Condition
}

/** Answers undefined for a name that is not on its list. `value` decides where an attribute of any type is looked for. */
export type FieldList = (name: string, value: unknown) => SearchField | undefined

const MOST_FILTERS = 15
const DEEPEST = 2
const DAY = 86_400_000

/** A filter `{field, operator, value}` or a group `{operator: 'AND'|'OR', value: […]}`, two levels deep, as one condition with bound values. */
export function readQuery(query: unknown, fields: FieldList, level = 1): Condition {
  if (!isObject(query)) throw invalid('query', 'A query is an object.')
  const { operator, value } = query
  if (operator !== 'AND' && operator !== 'OR') return readFilter(query, fields)
  if (level > DEEPEST) throw invalid('query', 'Groups nest at most two levels deep.')
  if (!Array.isArray(value) || value.length === 0) throw invalid('value', 'A group has a list of filters.')
  if (value.length > MOST_FILTERS) throw invalid('value', 'A group has at most 15 filters.')
  const conditions = value.map((part: unknown) => readQuery(part, fields, level + (isGroup(part) ? 1 : 0)))
  return sql`(${sql.join(conditions, operator === 'AND' ? sql` and ` : sql` or `)})`
}

function isGroup(part: unknown): boolean {
  return isObject(part) && (part['operator'] === 'AND' || part['operator'] === 'OR')
}

function readFilter({ field: name, operator, value }: Record<string, unknown>, fields: FieldList): Condition {
  if (typeof name !== 'string' || typeof operator !== 'string') throw invalid('query', 'A filter has a field, an operator and a value.')
  const field = fields(name, Array.isArray(value) ? value[0] : value)
  if (!field) throw invalid('field', `${name.slice(0, 100)} cannot be searched.`)
  const write = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined
  if (!write) throw invalid('operator', `${operator.slice(0, 10)} is not an operator.`)
  return write(field, value)
}

const OPERATORS: Record<string, (field: SearchField, value: unknown) => Condition> = {
  IN: (field, value) => isIn(field, 'IN', value),
  NIN: (field, value) => isIn(field, 'NIN', value),
  '=': (field, value) => equals(field, '=', readScalar(value)),
  '!=': (field, value) => equals(field, '!=', readScalar(value)),
  '<': (field, value) => compares(field, '<', readScalar(value)),
  '>': (field, value) => compares(field, '>', readScalar(value)),
  '<=': (field, value) => compares(field, '<=', readScalar(value)),
  '>=': (field, value) => compares(field, '>=', readScalar(value)),
  '~': (field, value) => resembles(field, '~', readScalar(value)),
  '!~': (field, value) => resembles(field, '!~', readScalar(value)),
  '^': (field, value) => resembles(field, '^', readScalar(value)),
  $: (field, value) => resembles(field, '$', readScalar(value)),
}

function isIn(field: SearchField, operator: 'IN' | 'NIN', value: unknown): Condition {
  if (!Array.isArray(value) || value.length === 0 || value.length > 100)
    throw invalid('value', `${operator} takes a list of 1 to 100 values.`)
  if (field.kind === 'day') throw invalid('operator', 'Dates take =, < and >.')
  const any = sql`(${sql.join(
    value.map((one: unknown) => equals(field, '=', readScalar(one))),
    sql` or `,
  )})`
  return operator === 'IN' ? any : sql`(not ${any} or ${field.column} is null)`
}

function equals({ kind, column }: SearchField, operator: '=' | '!=', value: Scalar): Condition {
  if (value === null) return operator === '=' ? sql`${column} is null` : sql`${column} is not null`
  if (kind === 'day' && operator === '!=') throw invalid('operator', 'Dates take =, < and >.')
  const same = isSame(kind, column, value)
  return operator === '=' ? same : sql`(not (${same}) or ${column} is null)`
}

function isSame(kind: SearchField['kind'], column: Condition, value: Scalar): Condition {
  if (kind === 'text') {
    const text = String(value)
    return sql`${column} in (${text}, ${text.toLowerCase()})`
  }
  if (kind === 'number') return sql`${column} = ${bound(value)}`
  if (kind === 'flag') return sql`${column} = ${value === true || value === 'true' ? 1 : 0}`
  const [from, until] = spanOf(kind, value)
  return sql`(${column} >= ${from} and ${column} < ${until})`
}

function compares({ kind, column }: SearchField, operator: '<' | '>' | '<=' | '>=', value: Scalar): Condition {
  if (kind === 'text' || kind === 'flag') throw invalid('operator', `${operator} compares numbers and dates.`)
  if (kind === 'number') return sql`${column} ${sql.raw(operator)} ${bound(value)}`
  const [from, until] = spanOf(kind, value)
  if (kind === 'second') return operator.startsWith('<') ? sql`${column} < ${until}` : sql`${column} >= ${from}`
  if (operator === '<') return sql`${column} < ${from}`
  if (operator === '>') return sql`${column} >= ${until}`
  throw invalid('operator', 'Dates take =, < and >.')
}

function resembles({ kind, column }: SearchField, operator: '~' | '!~' | '^' | '$', value: Scalar): Condition {
  if (kind !== 'text' || typeof value !== 'string') throw invalid('operator', `${operator} compares text.`)
  const text = value.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)
  const pattern = { '~': `%${text}%`, '!~': `%${text}%`, '^': `${text}%`, $: `%${text}` }[operator]
  const like = sql`lower(${column}) like ${pattern} escape '\\'`
  return operator === '!~' ? sql`(not (${like}) or ${column} is null)` : like
}

/** The moments a Unix second, or the UTC day around it, covers. */
function spanOf(kind: 'second' | 'day', value: Scalar): [number, number] {
  const at = Math.floor(readNumber(value)) * 1000
  if (kind === 'second') return [at, at + 1000]
  const from = Math.floor(at / DAY) * DAY
  return [from, from + DAY]
}

/** PostgreSQL would take a number's type from the column, and refuse 1.5 beside an integer. */
function bound(value: Scalar): Condition {
  return sql`cast(${readNumber(value)} as double precision)`
}

function readNumber(value: Scalar): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isFinite(number) || Math.abs(number) > Number.MAX_SAFE_INTEGER / 1000)
    throw invalid('value', 'The value must be a number.')
  return number
}

function readScalar(value: unknown): Scalar {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value
  if (typeof value === 'string' && value.length <= 1000) return value
  throw invalid('value', 'A value is text, a number, a boolean or null.')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function invalid(field: string, detail: string): Failure {
  return new Failure('parameter_invalid', { field, detail })
}
