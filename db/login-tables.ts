import type { Generated } from 'kysely'
import type { ContactId, Flag, Instant, ProviderId, SessionId, SigningKeyId, WorkspaceId } from './columns.ts'

export type Algorithm = 'HS256' | 'RS256' | 'PS256' | 'ES256' | 'EdDSA'

export interface SigningKeysTable {
  id: Generated<SigningKeyId>
  workspace_id: WorkspaceId
  kid: string
  name: string
  kind: Generated<'secret' | 'public_key' | 'jwks'>
  algorithm: Generated<Algorithm>
  /** By kind: a sealed secret, a public JWK, the address of a JWKS. */
  material: string
  issuer: string | null
  audience: string | null
  /** JSON. */
  claim_mapping: Generated<string>
  asserts_user_id: Generated<Flag>
  web: Flag
  ios: Flag
  android: Flag
  /** JSON; of a JWKS, as last read. */
  published_keys: string | null
  fetched_at: Instant | null
  fetch_fault: string | null
  created_at: Instant
  last_used_at: Instant | null
  retired_at: Instant | null
}

export interface PendingLoginsTable {
  code_hash: string
  workspace_id: WorkspaceId
  door: string
  /** Whom the door vouches for: the app's id of a user, a contact that is known here, or an issuer's subject. */
  user_id: string | null
  contact_id: ContactId | null
  issuer: string | null
  subject: string | null
  claims: string | null
  signing_key_id: SigningKeyId | null
  parent_session_id: SessionId | null
  replay_key: string | null
  token_expires_at: Instant | null
  return_to: string
  state: string | null
  from_own_page: Flag
  expires_at: Instant
}

export interface EmailLinksTable {
  code_hash: string
  workspace_id: WorkspaceId
  email: string
  browser_hash: string
  return_to: string
  expires_at: Instant
}

export interface AskedMailsTable {
  id: Generated<number>
  workspace_id: WorkspaceId
  address_hash: string
  network_hash: string
  at: Instant
}

export interface OidcProvidersTable {
  id: Generated<ProviderId>
  workspace_id: WorkspaceId
  name: string
  issuer: string
  client_id: string
  client_secret_encrypted: string | null
  /** Separated by spaces, as are the domains. */
  scopes: string
  id_token_alg: 'RS256' | 'PS256' | 'ES256' | 'EdDSA'
  email_domains: string
  created_at: Instant
}

export interface OidcLoginsTable {
  state_hash: string
  workspace_id: WorkspaceId
  provider_id: ProviderId
  return_to: string
  expires_at: Instant
}

export interface LoginLinksTable {
  code_hash: string
  workspace_id: WorkspaceId
  contact_id: ContactId
  return_to: string
  created_at: Instant
  expires_at: Instant
}

export interface LoginLogTable {
  id: Generated<number>
  workspace_id: WorkspaceId
  at: Instant
  door: string
  origin: string | null
  platform: string
  kid: string | null
  user_id: string | null
  outcome: 'signed_in' | 'resumed' | 'visitor' | 'claimed' | 'waiting' | 'signed_out' | 'refused'
  code: string | null
  request_id: string | null
  /** Our clock less the token's `iat`, after a good signature; below zero the app's clock is ahead. */
  token_age_ms: number | null
  /** What most likely went wrong, in words: more than the code can say. */
  hint: string | null
}

export interface ProbesTable {
  reference_hash: string
  workspace_id: WorkspaceId
  host: string
  origin: string
  set_at: Instant
  returned_at: Instant | null
  /** The last attempt of the same browser. */
  last_at: Instant
  last_outcome: LoginLogTable['outcome']
  last_code: string | null
}

export interface SightingsTable {
  workspace_id: WorkspaceId
  kind: 'cookie_returned' | 'cookie_lost' | 'page_without_cookie'
  host: string
  /** A listed origin, or the host's own. */
  origin: string
  first_at: Instant
  last_at: Instant
  times: number
}
