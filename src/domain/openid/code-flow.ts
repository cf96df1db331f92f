import { createHash } from 'node:crypto'
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  ClientSecretPost,
  clockSkew,
  clockTolerance,
  Configuration,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  getJwksCache,
  None,
  setJwksCache,
  type ClientAuth,
  type ExportedJWKSCache,
  type ServerMetadata,
} from 'openid-client'
import type { Instant } from '#db/columns.ts'
import { boundedCache } from '#platform/cache/bounded-cache.ts'
import type { Encryption } from '#platform/encryption/encryption.ts'
import { asFetch } from '#platform/http-client/as-fetch.ts'
import type { HttpClient } from '#platform/http-client/http-client.ts'
import type { Journey } from './oidc-logins.ts'
import type { OpenId, ProviderCheck, Visit } from './openid.ts'
import { readPerson } from './person.ts'
import { ProviderFailure } from './provider-failure.ts'
import { providerFailureOf } from './read-failure.ts'
import { clientSecretOf, type IdTokenAlgorithm, type Provider } from './providers.ts'

const METADATA_FRESH_MS = 10 * 60_000
const LEEWAY_SECONDS = 60
/** JWKS with many certificates are large. */
const MAX_BYTES = 256 * 1024

/** The flow itself; `openid.ts` loads it when somebody sets out. */
export function openCodeFlow(httpClient: HttpClient, encryption: Encryption): OpenId {
  const fetch = asFetch(httpClient, { maxBytes: MAX_BYTES })
  const known = boundedCache<string, { at: Instant; metadata: ServerMetadata; jwks?: ExportedJWKSCache }>(200)
  const discover = sharedDiscovery(fetch)

  async function configure({ workspace, provider, now }: Visit): Promise<Configuration> {
    const id = `${provider.id} ${provider.issuer}`
    const entry = known.get(id)
    const isFresh = entry !== undefined && Math.abs(now - entry.at) < METADATA_FRESH_MS
    const metadata = isFresh ? entry.metadata : await discover(id, provider)
    if (!isFresh) known.set(id, { at: now, metadata })
    const secret = clientSecretOf(encryption, workspace, provider)
    const client = {
      // The key's algorithm is ours to say, not the token's (RFC 8725 §3.1).
      id_token_signed_response_alg: provider.id_token_alg,
      [clockSkew]: Math.round((now - Date.now()) / 1000),
      [clockTolerance]: LEEWAY_SECONDS,
    }
    const config = new Configuration(metadata, provider.client_id, client, authenticationOf(metadata, secret))
    config[customFetch] = fetch
    // Through the back channel TLS alone would do; the signature is checked all the same.
    enableNonRepudiationChecks(config)
    // Deprecated only so that it stands out: for providers in one's own network.
    // oxlint-disable-next-line typescript/no-deprecated
    if (isPlain(provider.issuer)) allowInsecureRequests(config)
    if (entry?.jwks) setJwksCache(config, entry.jwks)
    return config
  }

  return {
    async authorizationUrl(visit, redirectUri) {
      const { provider, journey } = visit
      try {
        const config = await configure(visit)
        return buildAuthorizationUrl(config, {
          redirect_uri: redirectUri,
          scope: provider.scopes,
          state: journey.state,
          nonce: secretFor('nonce', journey),
          code_challenge: await calculatePKCECodeChallenge(secretFor('pkce', journey)),
          code_challenge_method: 'S256',
        })
      } catch (error) {
        throw providerFailureOf(error)
      }
    },
    async readAnswer(visit, address) {
      const { provider, journey } = visit
      try {
        const config = await configure(visit)
        const tokens = await authorizationCodeGrant(config, address, {
          expectedState: journey.state,
          expectedNonce: secretFor('nonce', journey),
          pkceCodeVerifier: secretFor('pkce', journey),
          idTokenExpected: true,
        })
        const entry = known.get(`${provider.id} ${provider.issuer}`)
        const jwks = getJwksCache(config)
        if (entry && jwks) entry.jwks = jwks
        return readPerson(provider, tokens.claims())
      } catch (error) {
        throw providerFailureOf(error)
      }
    },
  }
}

export async function askProvider(httpClient: HttpClient, provider: Pick<Provider, 'issuer' | 'client_id'>): Promise<ProviderCheck> {
  try {
    const metadata = await discoverMetadata(asFetch(httpClient, { maxBytes: MAX_BYTES }), provider)
    return { ok: true, algorithms: metadata.id_token_signing_alg_values_supported ?? ['RS256' satisfies IdTokenAlgorithm] }
  } catch (error) {
    const failure = providerFailureOf(error)
    return { ok: false, detail: failure instanceof ProviderFailure ? failure.cause : failure.code }
  }
}

/** Anybody can set out, so those who do at one time share one question. */
function sharedDiscovery(fetch: ReturnType<typeof asFetch>) {
  const asking = new Map<string, Promise<ServerMetadata>>()
  return (id: string, provider: Provider): Promise<ServerMetadata> => {
    const shared = asking.get(id) ?? discoverMetadata(fetch, provider).finally(() => asking.delete(id))
    asking.set(id, shared)
    return shared
  }
}

async function discoverMetadata(
  fetch: ReturnType<typeof asFetch>,
  { issuer, client_id }: Pick<Provider, 'issuer' | 'client_id'>,
): Promise<ServerMetadata> {
  // oxlint-disable-next-line typescript/no-deprecated -- as above
  const options = { [customFetch]: fetch, ...(isPlain(issuer) && { execute: [allowInsecureRequests] }) }
  const found = (await discovery(new URL(issuer), client_id, undefined, None(), options)).serverMetadata()
  const endpoint = URL.parse(found.authorization_endpoint ?? '')
  if (!endpoint || (endpoint.protocol !== 'https:' && !isPlain(issuer)))
    throw new ProviderFailure('provider_answer_invalid', 'The provider names no authorization endpoint that can be visited.')
  return found
}

/** How the provider wants to hear our secret; `client_secret_basic` unless it says otherwise (OpenID Connect Discovery 1.0 §3). */
function authenticationOf({ token_endpoint_auth_methods_supported: methods }: ServerMetadata, secret: string | undefined): ClientAuth {
  if (secret === undefined) return None()
  const isPost = methods !== undefined && !methods.includes('client_secret_basic') && methods.includes('client_secret_post')
  return isPost ? ClientSecretPost(secret) : ClientSecretBasic(secret)
}

/** Follows from what only this browser knows, so that nothing which could finish the login is stored (RFC 7636 §4.1: 43 characters). */
function secretFor(use: 'nonce' | 'pkce', { browser, state }: Journey): string {
  return createHash('sha256').update(`latchkey/${use}/${browser}/${state}`).digest('base64url')
}

/** A provider in one's own network or on this machine; the outgoing client says whether it may be asked. */
function isPlain(issuer: string): boolean {
  return issuer.startsWith('http:')
}
