import { isReserved } from './claims.ts'

/** How the tokens of another product name what ours call otherwise. What a token says in our own words stands. */
export interface Dialect {
  /** The member that holds the company's own id of its user; never the e-mail. */
  userId: string
  /** Theirs to ours. */
  names: Readonly<Record<string, string>>
  /** A member whose own members are custom attributes. */
  attributesIn?: string
  /** Means nothing here, or nothing that a token may decide. */
  drops?: readonly string[]
  companies?: (payload: ReadonlyMap<string, unknown>) => { company?: object; companies?: object[] }
}

/** Account sign-on as Zendesk teaches it: `organization` is a name, `organization_id` the id behind it. */
export const zendesk: Dialect = {
  userId: 'external_id',
  names: { external_id: 'user_id', remote_photo_url: 'avatar', locale: 'language_override' },
  attributesIn: 'user_fields',
  drops: ['locale_id', 'custom_role_id', 'organization', 'organization_id', 'organizations', 'organization_ids'],
  companies(payload) {
    const ids = listOf(payload.get('organization_ids'))
    const names = listOf(payload.get('organizations'))
    const name = payload.get('organization')
    const id = payload.get('organization_id') ?? name
    const listed = ids.length > 0 ? ids.map((company_id) => ({ company_id })) : names.map((name) => ({ company_id: name, name }))
    const isListed = payload.has('organization_ids') || payload.has('organizations')
    return { ...(id !== undefined && { company: { company_id: id, name } }), ...(isListed && { companies: listed }) }
  },
}

export const featurebase: Dialect = {
  userId: 'userId',
  names: { userId: 'user_id', profilePicture: 'avatar', locale: 'language_override' },
  attributesIn: 'customFields',
}

/** Its `sub` is the e-mail, which is no identity here: `user_id` has to be added. */
export const helpScout: Dialect = { userId: 'user_id', names: { sub: 'email' } }

/** It knows its people by e-mail alone: `user_id` has to be added. */
export const feedLog: Dialect = { userId: 'user_id', names: { picture: 'avatar' } }

/** The same statements in our words. */
export function translate(payload: ReadonlyMap<string, unknown>, dialect: Dialect): Map<string, unknown> {
  const { names, attributesIn, drops = [], companies } = dialect
  const nested = attributesIn === undefined ? undefined : payload.get(attributesIn)
  // People fill in such fields themselves: none of them may say who somebody is.
  const stated = new Map<string, unknown>(isRecord(nested) ? Object.entries(nested).filter(([name]) => !isReserved(name)) : [])
  for (const [name, value] of Object.entries(companies?.(payload) ?? {})) stated.set(name, value)
  for (const [theirs, ours] of Object.entries(names)) {
    const value = payload.get(theirs)
    if (typeof value === 'string' || (ours === 'user_id' && payload.has(theirs))) stated.set(ours, value)
  }
  for (const [name, value] of payload) {
    if (!Object.hasOwn(names, name) && name !== attributesIn && !drops.includes(name)) stated.set(name, value)
  }
  return stated
}

/** Under which name the token itself holds what became `user_id`. */
export function userIdName(payload: ReadonlyMap<string, unknown>, dialect: Dialect | undefined): string {
  return dialect && !payload.has('user_id') ? dialect.userId : 'user_id'
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
