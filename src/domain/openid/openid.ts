import type { Instant } from '#db/columns.ts'
import type { Encryption } from '#platform/encryption/encryption.ts'
import type { HttpClient } from '#platform/http-client/http-client.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { Journey } from './oidc-logins.ts'
import type { Person } from './person.ts'
import type { Provider } from './providers.ts'

export interface Visit {
  workspace: Workspace
  provider: Provider
  journey: Journey
  now: Instant
}

/** The OpenID Connect code flow (Core 1.0 §3.1) with PKCE, state and nonce. Outgoing requests go through the checked client. */
export interface OpenId {
  /** Where the browser goes; it comes back to `redirectUri`. */
  authorizationUrl(visit: Visit, redirectUri: string): Promise<URL>
  /** Whom the provider vouches for, from the address that the browser came back to. */
  readAnswer(visit: Visit, address: URL): Promise<Person>
}

/** Most installations have no provider, so the library behind it is loaded with the first who asks. */
const load = () => import('./code-flow.ts')

export function openOpenId(httpClient: HttpClient, encryption: Encryption): OpenId {
  let opened: Promise<OpenId> | undefined
  const open = () => (opened ??= load().then(({ openCodeFlow }) => openCodeFlow(httpClient, encryption)))
  return {
    authorizationUrl: async (visit, redirectUri) => (await open()).authorizationUrl(visit, redirectUri),
    readAnswer: async (visit, address) => (await open()).readAnswer(visit, address),
  }
}

export type ProviderCheck = { ok: true; algorithms: readonly string[] } | { ok: false; detail: string }

/** Whether such a provider answers and signs in a way that is taken; a fault is a sentence for whoever entered it. */
export async function checkProvider(httpClient: HttpClient, provider: Pick<Provider, 'issuer' | 'client_id'>): Promise<ProviderCheck> {
  return (await load()).askProvider(httpClient, provider)
}
