import type { Generated } from 'kysely'
import type { Carrier, ContactId, Flag, HostId, Instant, Platform, SessionId, SigningKeyId, WorkspaceId } from './columns.ts'

export interface SessionsTable {
  id: Generated<SessionId>
  workspace_id: WorkspaceId
  secret_hash: string
  kind: 'visitor' | 'claimed' | 'lead' | 'user'
  contact_id: ContactId | null
  /** The id this browser's visitor has, and its contact will have once there is a first message. */
  visitor_id: ContactId
  claimed_user_id: string | null
  claimed_email: string | null
  claims_digest: string | null
  device: string
  platform: Platform
  door: string
  signing_key_id: SigningKeyId | null
  parent_session_id: SessionId | null
  carrier: Generated<Carrier>
  /** Where its secret counts; null: at every host, as door 5's, which a token's cookie is behind, and those from before this was noted. */
  hostname: string | null
  duration_ms: number
  created_at: Instant
  last_seen_at: Instant
  expires_at: Instant
  ends_at: Instant
}

export interface HandoffsTable {
  code_hash: string
  workspace_id: WorkspaceId
  /** The host that may take it. */
  host_id: HostId
  parent_session_id: SessionId
  return_to: string
  /** What the target host put into its cookie before it sent the browser here. */
  state: string | null
  from_frame: Flag
  expires_at: Instant
}
