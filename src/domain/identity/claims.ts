import type { AttributeType } from '#db/contact-tables.ts'
import { shown } from './hint.ts'

const MAX_ATTRIBUTES = 200
const MAX_DEPTH = 8
const MAX_NAME = 255
const MAX_USER_ID = 255
/** An e-mail, a name, an address of a picture. */
const MAX_STANDARD = 1000
const STANDARD = ['email', 'name', 'phone', 'avatar', 'language_override'] as const
/** Registered by RFC 7519, or meaningful to the Messenger itself; never a custom attribute. */
const RESERVED = new Set<string>([
  ...STANDARD,
  'exp',
  'nbf',
  'iat',
  'iss',
  'aud',
  'jti',
  'sub',
  'user_id',
  'created_at',
  'company',
  'companies',
  'app_id',
  'user_hash',
  'intercom_user_jwt',
  'platform',
  'session_duration',
  'last_request_at',
  'page_title',
  'api_base',
  'installation_type',
  'auth_tokens',
  'alignment',
  'vertical_padding',
  'horizontal_padding',
  'z_index',
  'custom_launcher_selector',
  'hide_default_launcher',
  'hide_notifications',
  'theme_mode',
  'action_color',
  'background_color',
  'link_color',
  'messenger_style_id',
  'unsubscribed_from_emails',
  'role',
  'workspace_id',
  'id',
])

export interface AttributeValue {
  type: AttributeType
  text_value: string | null
  number_value: number | null
}

export interface CompanyClaim {
  company_id: string
  name: string | null
  plan: string | null
  signed_up_at: number | null
  attributes: Map<string, AttributeValue>
}

/** What somebody says about a contact, checked and typed; `undefined` is "says nothing". */
export interface Claims {
  standard: Map<(typeof STANDARD)[number], string>
  signed_up_at: number | undefined
  attributes: Map<string, AttributeValue>
  companies: CompanyClaim[]
  /** `companies` was given: what it does not name is no longer true. */
  companiesAreComplete: boolean
}

/** Undefined if a claim has a form that cannot be stored: too many, too deep, not text where text is meant, a NUL, an infinite number. */
export function readClaims(payload: Map<string, unknown>): Claims | undefined {
  if (payload.size > MAX_ATTRIBUTES || [...payload].some(([name, value]) => !isStorable(name, value))) return undefined
  const standard: Claims['standard'] = new Map()
  for (const name of STANDARD) {
    const value = name === 'avatar' ? imageUrl(payload.get(name)) : payload.get(name)
    if (isUnknown(value)) continue
    if (typeof value !== 'string' || value.length > MAX_STANDARD) return undefined
    standard.set(name, value)
  }
  const given = payload.get('companies')
  const listed: unknown[] = Array.isArray(given) ? given : []
  const companies = [...listed, payload.get('company')].flatMap((company) => readCompany(company) ?? [])
  return {
    standard,
    signed_up_at: instantOf(payload.get('created_at')),
    attributes: readAttributes(payload),
    companies,
    companiesAreComplete: Array.isArray(given),
  }
}

/** Says which of the claims cannot be stored. */
export function unstorable(payload: ReadonlyMap<string, unknown>): string {
  const odd = [...payload].filter(([name, value]) => readClaims(new Map([[name, value]])) === undefined).map(([name]) => name)
  if (odd.length === 0) return `It has ${payload.size} claims; ${MAX_ATTRIBUTES} are the most.`
  const isText = odd.some((name) => STANDARD.some((one) => one === name))
  return `Cannot be stored: ${odd.slice(0, 5).map(shown).join(', ')}.${isText ? ' E-mail, name and phone are text.' : ''}`
}

/**
 * The own member `user_id`: a non-blank string of at most 255 characters, or a whole number up to 2^53−1 as its decimal text.
 * Undefined if missing, null if it cannot be used.
 */
export function readUserId(payload: Map<string, unknown>, source?: { bytes: Uint8Array; name: string }): string | null | undefined {
  const value = payload.get('user_id')
  if (value === undefined || value === null) return undefined
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 && isWholeInSource(source) ? String(value) : null
  if (typeof value !== 'string') return null
  if (value === '') return undefined
  return isUsableText(value) && /[^\s\p{C}\p{Z}]/u.test(value) && [...value].length <= MAX_USER_ID ? value : null
}

/** True of a name that no custom attribute can have. */
export function isReserved(name: string): boolean {
  return RESERVED.has(name)
}

export function isUnknown(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === 'undefined' || value === 'null'
}

/** A number that lost its fraction when it was parsed would make two users one. */
function isWholeInSource(source: { bytes: Uint8Array; name: string } | undefined): boolean {
  if (!source) return true
  const texts = new Map<unknown, string>()
  try {
    const payload: unknown = JSON.parse(
      Buffer.from(source.bytes).toString('utf8'),
      function (this: unknown, key, value: unknown, context?: { source?: string }) {
        if (key === source.name && typeof value === 'number') texts.set(this, context?.source ?? '')
        return value
      },
    )
    return /^(0|[1-9]\d*)(\.0+)?$/.test(texts.get(payload) ?? '')
  } catch {
    // Nested so deep that the reviver ran out of stack.
    return false
  }
}

function readAttributes(fields: Map<string, unknown>, reserved: ReadonlySet<string> = RESERVED): Map<string, AttributeValue> {
  const attributes = new Map<string, AttributeValue>()
  for (const [name, value] of fields) {
    const typed = reserved.has(name) || name === '__proto__' ? undefined : typeOf(name, value)
    if (typed) attributes.set(name, typed)
  }
  return attributes
}

function typeOf(name: string, value: unknown): AttributeValue | undefined {
  if (isUnknown(value)) return undefined
  if (typeof value === 'boolean') return { type: 'boolean', text_value: null, number_value: value ? 1 : 0 }
  if (typeof value === 'number' && name.endsWith('_at')) return { type: 'date', text_value: null, number_value: value * 1000 }
  if (typeof value === 'number') return { type: 'number', text_value: null, number_value: value }
  if (typeof value === 'string') return { type: 'string', text_value: value, number_value: null }
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return { type: 'list', text_value: JSON.stringify(value), number_value: null }
  return undefined
}

const COMPANY_RESERVED = new Set(['id', 'company_id', 'name', 'plan', 'created_at', 'remote_created_at', 'user_count', 'workspace_id'])

function readCompany(value: unknown): CompanyClaim | undefined {
  if (value === null || typeof value !== 'object') return undefined
  const fields = new Map<string, unknown>(Object.entries(value))
  const id = fields.get('company_id') ?? fields.get('id')
  if (!(typeof id === 'string' && id.trim() !== '' && id.length <= MAX_NAME) && !Number.isSafeInteger(id)) return undefined
  const text = (name: string) => (typeof fields.get(name) === 'string' && !isUnknown(fields.get(name)) ? String(fields.get(name)) : null)
  return {
    company_id: String(id),
    name: text('name'),
    plan: text('plan'),
    signed_up_at: instantOf(fields.get('remote_created_at') ?? fields.get('created_at')) ?? null,
    attributes: readAttributes(fields, COMPANY_RESERVED),
  }
}

function imageUrl(avatar: unknown): unknown {
  const url = avatar !== null && typeof avatar === 'object' && 'image_url' in avatar ? avatar.image_url : avatar
  return typeof url === 'string' && !url.startsWith('https://') ? undefined : url
}

/** Unix seconds, as a number or (Ruby signs text) its decimal text, to milliseconds. */
function instantOf(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof seconds === 'number' && Math.abs(seconds) < 1e11 ? Math.round(seconds * 1000) : undefined
}

function isStorable(name: string, value: unknown): boolean {
  return isUsableText(name) && name.length <= MAX_NAME && isStorableValue(value, 1)
}

function isStorableValue(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed()
  if (typeof value === 'number') return Number.isFinite(value)
  if (value === null || typeof value !== 'object') return true
  if (depth >= MAX_DEPTH) return false
  return Object.entries(value).every(([name, item]) => isUsableText(name) && isStorableValue(item, depth + 1))
}

function isUsableText(text: string): boolean {
  return text.isWellFormed() && !/\p{Cc}/u.test(text)
}
