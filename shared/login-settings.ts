/** What Settings → Login and its server say to each other, as JSON below `/app/login`. Times are Unix milliseconds. */

export type LoginPlatform = 'web' | 'ios' | 'android'
export type EnforcementLevel = 'enforce' | 'report' | 'off'

export interface LoginSettings {
  app_id: string
  /** Origin of the workspace's first support host, where it has one. */
  help_url: string | null
  enforcement: Record<LoginPlatform, EnforcementLevel>
  require_exp: boolean
  test_mode: boolean
  portal_on: boolean
  login_url: string | null
  /** What the Login URL calls the address to come back to. */
  return_to_parameter: string
  logout_url: string | null
  /** Ways in besides the app's own tokens. */
  email_links: boolean
  can_mail: boolean
  cookie_door: boolean
  origins: OriginRow[]
  hosts: HostRow[]
}

export interface OriginRow {
  origin: string
  created_at: number
}

export interface HostRow {
  host: string
  origin: string
  created_at: number
  /** The one that the others ask who is signed in. */
  is_primary: boolean
  /** How it was proved; null while it is not, and not served. */
  proved_by: 'operator' | 'localhost' | 'dns' | 'file' | null
  /** What proves it, and what was found at the last look. */
  proof: HostProofRow | null
}

export interface HostProofRow {
  txt_name: string
  txt_value: string
  file_url: string
  file_text: string
  dns_answer: string | null
  file_answer: string | null
  checked_at: number | null
}

export type KeyAlgorithm = 'HS256' | 'RS256' | 'PS256' | 'ES256' | 'EdDSA'

export interface KeyRow {
  kid: string
  name: string
  kind: 'secret' | 'public_key' | 'jwks'
  algorithm: KeyAlgorithm
  /** Of a public key: whose tokens it checks, and for whom they are meant. */
  issuer: string | null
  audience: string | null
  /** Of a JWKS: its address, whether it may say user_ids, and how it was last read. */
  jwks: { url: string; asserts_user_id: boolean; fetched_at: number | null; fault: string | null } | null
  platforms: LoginPlatform[]
  created_at: number
  last_used_at: number | null
  retired_at: number | null
}

export interface KeysAnswer {
  keys: KeyRow[]
}

/** The secret, shown this once. */
export interface NewKeyAnswer {
  key: KeyRow
  secret: string
}

export interface RetiredKeyAnswer {
  sessions_ended: number
}

export interface CountRow {
  of: string | null
  times: number
}

export interface EnforcementAnswer {
  platform: LoginPlatform
  boots: number
  since: number | null
  proved: number
  unnamed: number
  refused: number
  reasons: (CountRow & { sentence: string; cure: string; origins: CountRow[] })[]
  origins: CountRow[]
}

export interface LoginLogRow {
  id: number
  at: number
  door: string
  origin: string | null
  platform: string
  kid: string | null
  user_id: string | null
  outcome: string
  code: string | null
  sentence: string | null
  /** What most likely went wrong. */
  hint: string | null
  cure: string | null
}

export interface LoginLogAnswer {
  /** The newest first. */
  rows: LoginLogRow[]
  /** There are older ones: ask again with `before` the last id. */
  hasMore: boolean
}

/** What occurs in the log, to choose from. */
export interface LoginLogFacets {
  door: string[]
  outcome: string[]
  code: string[]
  origin: string[]
  kid: string[]
}

export interface TokenTestAnswer {
  accepted: boolean
  user_id: string | null
  kid: string | null
  key_name: string | null
  code: string | null
  sentence: string | null
  cure: string | null
  rules: { rule: string; says: string; state: 'passed' | 'failed' | 'not_reached' }[]
  hints: string[]
  advice: string[]
}

export interface TestTokenAnswer {
  token: string
  expires_at: number
  kid: string
}

export interface LoginLinkAnswer {
  url: string
  expires_at: number
}

export interface SnippetAnswer {
  stack: string
  name: string
  is_run: boolean
  files: { path: string; language: string; says: string; code: string }[]
}

export interface StacksAnswer {
  stacks: { stack: string; name: string }[]
}

export interface ProviderRow {
  id: number
  name: string
  issuer: string
  client_id: string
  has_secret: boolean
  id_token_alg: Exclude<KeyAlgorithm, 'HS256'>
  scopes: string
  email_domains: string[]
  created_at: number
}

export interface ProvidersAnswer {
  providers: ProviderRow[]
  /** To be registered with each provider. */
  redirect_urls: string[]
}
