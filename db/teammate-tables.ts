import type { Generated } from 'kysely'
import type { Instant, InviteId, TeammateId, TeammateRole, TeammateSessionId, WorkspaceId } from './columns.ts'

export interface TeammatesTable {
  id: Generated<TeammateId>
  workspace_id: WorkspaceId
  name: string
  email: string
  role: Generated<TeammateRole>
  removed_at: Instant | null
  created_at: Instant
}

export interface TeammateSessionsTable {
  id: Generated<TeammateSessionId>
  workspace_id: WorkspaceId
  teammate_id: TeammateId
  secret_hash: string
  device: string
  address: string
  password_checked_at: Instant
  created_at: Instant
  last_seen_at: Instant
  expires_at: Instant
  ends_at: Instant
}

export interface TeammateInvitesTable {
  id: Generated<InviteId>
  workspace_id: WorkspaceId
  email: string
  role: TeammateRole
  code_hash: string
  /** Null: the command line. */
  invited_by: TeammateId | null
  created_at: Instant
  expires_at: Instant
}

export interface PasswordResetsTable {
  code_hash: string
  workspace_id: WorkspaceId
  teammate_id: TeammateId
  created_at: Instant
  expires_at: Instant
}

export interface SecondStepsTable {
  workspace_id: WorkspaceId
  teammate_id: TeammateId
  sealed_secret: string
  /** Unix time in steps of 30 seconds (RFC 6238). */
  last_step: number
  turned_on_at: Instant
}

export interface HalfSignInsTable {
  secret_hash: string
  workspace_id: WorkspaceId
  teammate_id: TeammateId
  created_at: Instant
  expires_at: Instant
}

export interface AuditLogTable {
  id: Generated<number>
  workspace_id: WorkspaceId
  at: Instant
  teammate_id: TeammateId | null
  action: string
  subject: string | null
  detail: string | null
  address: string | null
}
