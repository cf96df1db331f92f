/** What the teammates' app and its server say to each other, as JSON below `/app`. Times are Unix milliseconds. */

export type TeammateRole = 'owner' | 'admin' | 'agent' | 'viewer'

export type Permission =
  | 'teammates:read'
  | 'settings:read'
  | 'conversations:read'
  | 'conversations:write'
  | 'settings:write'
  | 'secrets:write'
  | 'teammates:write'
  | 'audit:read'
  | 'owners:write'

export interface AtWorkAnswer {
  teammate: { id: number; name: string; email: string; role: TeammateRole }
  workspace: { app_id: string; name: string }
  permissions: Permission[]
}

export interface TeammateRow {
  id: number
  name: string
  email: string
  role: TeammateRole
  is_you: boolean
  /** Has a password; without one they speak through the API only. */
  can_sign_in: boolean
  last_seen_at: number | null
  /** Null where you may not know. */
  has_second_step: boolean | null
  /** Whether you may change their role and remove them. */
  can_change: boolean
}

export interface InviteRow {
  id: number
  email: string
  role: TeammateRole
  expires_at: number
  is_expired: boolean
}

export interface TeammatesAnswer {
  teammates: TeammateRow[]
  invites: InviteRow[]
  /** Roles you may give. */
  roles: TeammateRole[]
}

/** A link that is shown once. */
export interface LinkAnswer {
  link: string
  email: string
  /** It went out by mail as well. */
  is_mailed: boolean
}

export interface SessionRow {
  id: number
  device: string
  address: string
  is_current: boolean
  created_at: number
  last_seen_at: number
}

export interface SessionsAnswer {
  sessions: SessionRow[]
}

export interface SecondStepAnswer {
  /** Null: the password is enough. */
  turned_on_at: number | null
  recovery_codes_left: number
}

/** A second step that is not on yet: its secret is shown this once. */
export interface SecondStepDraft {
  /** To be sent back with the first code. */
  draft: string
  /** Base32, for whoever types it. */
  secret: string
  uri: string
  /** The path of the dark modules, in a square of so many units a side. */
  qr: { size: number; path: string }
}

/** Shown this once. */
export interface RecoveryCodesAnswer {
  recovery_codes: string[]
}

export interface AuditRow {
  id: number
  at: number
  /** Null: nobody known, or the command line. */
  teammate: string | null
  action: string
  subject: string | null
  detail: string | null
  address: string | null
}

export interface AuditAnswer {
  entries: AuditRow[]
  /** Ask again with `before` for the lines before these. */
  before: number | null
}
