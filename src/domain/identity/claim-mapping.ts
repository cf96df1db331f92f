import { z } from 'zod'
import { isReserved } from './claims.ts'

/** Reserved names that a mapping may fill; the others (`exp`, `aud`, …) mean something already. */
const FILLABLE = ['user_id', 'email', 'name', 'phone', 'avatar', 'language_override', 'created_at', 'company', 'companies'] as const
/** What a provider's token says in the words of OpenID Connect (Core §5.1) or in ours. The rest of such a token is about the token. */
const OF_PROVIDERS = { user_id: 'sub', company: 'org', phone: 'phone_number', avatar: 'picture' }
const SAME_NAME = ['email', 'name', 'phone', 'avatar', 'language_override', 'companies']

/** Our name for a claim → the claim's name, or the path to it with dots. */
export const ClaimMapping = z
  .record(
    z
      .string()
      .min(1)
      .max(100)
      .refine((name) => !isReserved(name) || FILLABLE.some((one) => one === name), 'is a name that no claim can be mapped to'),
    z.string().min(1).max(200),
  )
  .refine((mapping) => Object.keys(mapping).length <= 50, 'has more than 50 claims')
export type ClaimMapping = z.output<typeof ClaimMapping>

/** A mapping as it is stored, completed with what goes without saying. */
export function readMapping(kind: 'public_key' | 'jwks', stored: string): ClaimMapping {
  const given = ClaimMapping.parse(JSON.parse(stored))
  return kind === 'jwks' ? { ...OF_PROVIDERS, ...given } : given
}

/**
 * What a public key's token says, in our words. A pasted key's token speaks like a messenger secret's, as the door reads it
 * (`base`); of a JWKS' token only what is known or mapped counts.
 */
export function mapClaims(
  said: ReadonlyMap<string, unknown>,
  { base = said, kind, mapping }: { base?: ReadonlyMap<string, unknown>; kind: 'public_key' | 'jwks'; mapping: ClaimMapping },
): Map<string, unknown> {
  const payload = kind === 'jwks' ? new Map([...said].filter(([name]) => SAME_NAME.includes(name))) : new Map(base)
  for (const [ours, path] of Object.entries(mapping)) {
    const value = shaped(ours, valueAt(said, path))
    if (value !== undefined) payload.set(ours, value)
    // A mapped user_id is that claim and no other.
    else if (ours === 'user_id') payload.delete(ours)
  }
  // The provider itself says that the address is not proved.
  if (said.get('email_verified') === false) payload.delete('email')
  return payload
}

/** First as one name, since names of claims may hold dots (`https://acme.com/plan`), then as a path. */
function valueAt(payload: ReadonlyMap<string, unknown>, path: string): unknown {
  if (payload.has(path)) return payload.get(path)
  const [first = '', ...rest] = path.split('.')
  return rest.reduce((value, name) => memberOf(value, name), payload.get(first))
}

function memberOf(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' ? new Map<string, unknown>(Object.entries(value)).get(name) : undefined
}

/** Providers name a company by its id alone. */
function shaped(ours: string, value: unknown): unknown {
  const company = (one: unknown) => (typeof one === 'string' || typeof one === 'number' ? { company_id: one } : one)
  if (ours === 'company') return company(value)
  return ours === 'companies' && Array.isArray(value) ? value.map(company) : value
}
