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
  logout_url: string | null
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

export interface KeyRow {
  kid: string
  name: string
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
