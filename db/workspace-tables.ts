import type { Generated } from 'kysely'
import type { Enforcement, Flag, HostId, Instant, TeammateId, WorkspaceId } from './columns.ts'

export interface WorkspacesTable {
  id: Generated<WorkspaceId>
  app_id: string
  name: string
  enforcement_web: Generated<Enforcement>
  enforcement_ios: Generated<Enforcement>
  enforcement_android: Generated<Enforcement>
  require_exp: Generated<Flag>
  test_mode: Generated<Flag>
  login_url: string | null
  /** What the Login URL calls the address to come back to. */
  return_to_parameter: Generated<string>
  logout_url: string | null
  cookie_door: Generated<Flag>
  portal_on: Generated<Flag>
  /** Readers without an account may have a sign-in link mailed to them. */
  email_links: Generated<Flag>
  action_color: Generated<string>
  created_at: Instant
}

export interface HostsTable {
  id: Generated<HostId>
  workspace_id: WorkspaceId
  /** Host header as the browser sends it: name, and the port unless it is the scheme's own. */
  host: string
  /** Public address, e.g. `https://help.acme.com`; the only source of scheme and origin. */
  origin: string
  /** One per workspace: the host that the others ask who is signed in. */
  is_primary: Flag
  /** How it was shown to be the workspace's: `operator` is whoever holds the machine. */
  proved_by: Generated<'operator' | 'localhost' | 'dns' | 'file'>
  created_at: Instant
}

export interface UnprovedHostsTable {
  workspace_id: WorkspaceId
  host: string
  origin: string
  /** What the DNS record or the file has to say. */
  token: string
  /** What was found at the last look, as a sentence. */
  dns_answer: string | null
  file_answer: string | null
  checked_at: Instant | null
  created_at: Instant
}

export interface ApiTokensTable {
  id: Generated<number>
  workspace_id: WorkspaceId
  teammate_id: TeammateId
  name: string
  token_hash: string
  hint: string
  scopes: string
  created_at: Instant
  last_used_at: Instant | null
  expires_at: Instant | null
  revoked_at: Instant | null
}
