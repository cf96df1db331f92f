import type { IDToken } from 'openid-client'
import { Failure } from '#errors'
import { domainOf, readAddress } from '#platform/mail/addresses.ts'
import type { Identity } from '#domain/identity/identities.ts'
import type { Provider } from './providers.ts'

const MAX_SUBJECT = 255

/** Whom a provider vouches for, and what it says of them in the words of our claims. */
export interface Person {
  identity: Identity
  payload: ReadonlyMap<string, unknown>
}

/** An address counts only where the provider says that it is verified; nothing else of the token becomes an attribute. */
export function readPerson(provider: Provider, claims: IDToken | undefined): Person {
  if (!claims || claims.sub === '' || claims.sub.length > MAX_SUBJECT || /\p{Cc}/u.test(claims.sub))
    throw new Failure('provider_answer_invalid')
  const email = claims['email_verified'] === true && typeof claims['email'] === 'string' ? readAddress(claims['email']) : undefined
  refuseOtherDomains(provider, email)
  const payload = new Map<string, unknown>()
  if (email !== undefined) payload.set('email', email)
  const name = textOf(claims['name']) ?? textOf(claims['preferred_username'])
  if (name !== undefined) payload.set('name', name)
  const picture = textOf(claims['picture'])
  if (picture?.startsWith('https://')) payload.set('avatar', picture)
  for (const list of ['groups', 'roles'] as const) if (isTextList(claims[list])) payload.set(list, claims[list])
  return { identity: { issuer: claims.iss, subject: claims.sub }, payload }
}

function refuseOtherDomains({ email_domains }: Provider, email: string | undefined): void {
  if (email_domains === '') return
  if (email === undefined || !email_domains.split(' ').includes(domainOf(email))) throw new Failure('provider_email_not_allowed')
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' && value.length <= 1000 && !/\p{Cc}/u.test(value) && value.isWellFormed()
    ? value
    : undefined
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.length <= 500 && value.every((item) => textOf(item) !== undefined)
}
