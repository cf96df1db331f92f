import type { Audience, AudienceRule } from './audiences.ts'
import type { Attributes, AttributeValue, Reader } from './readers.ts'

/** No audience means everyone. All rules must hold; the company rules together for one and the same company. */
export function canRead(reader: Reader, audience: Audience | null): boolean {
  if (audience === null) return true
  if (audience[`${reader.role}s`] !== 1) return false
  const ofContact = audience.rules.filter((rule) => rule.subject === 'contact')
  const ofCompany = audience.rules.filter((rule) => rule.subject === 'company')
  return (
    allHold(ofContact, reader.attributes) && (ofCompany.length === 0 || reader.companies.some((company) => allHold(ofCompany, company)))
  )
}

function allHold(rules: readonly AudienceRule[], attributes: Attributes): boolean {
  return rules.every((rule) => holds(rule, attributes.get(rule.attribute)))
}

/** What is not known satisfies nothing, not even `!=`. */
function holds({ operator, value }: AudienceRule, actual: AttributeValue | undefined): boolean {
  if (actual === undefined) return false
  if (operator === '=') return isSame(actual, value)
  if (operator === '!=') return typeof actual === 'object' ? !actual.includes(value) : !isSame(actual, value)
  if (operator === 'contains') return contains(actual, value)
  return typeof actual === 'number' && compares(actual, operator, numberOf(value))
}

function isSame(actual: AttributeValue, value: string): boolean {
  if (typeof actual === 'number') return actual === numberOf(value)
  return typeof actual === 'object' ? actual.length === 1 && actual[0] === value : String(actual) === value
}

function contains(actual: AttributeValue, value: string): boolean {
  if (typeof actual === 'object') return actual.includes(value)
  return typeof actual === 'string' && actual.toLowerCase().includes(value.toLowerCase())
}

function compares(actual: number, operator: '<' | '>', value: number): boolean {
  return operator === '<' ? actual < value : actual > value
}

/** A number, or a date as ISO 8601: those are stored as Unix milliseconds. */
function numberOf(value: string): number {
  if (value.trim() === '') return Number.NaN
  return /^\d{4}-\d\d/.test(value) ? Date.parse(value) : Number(value)
}
