import type { CompanyId, ContactId, Instant, Role, Source, WorkspaceId } from './columns.ts'

export interface ContactsTable {
  id: ContactId
  workspace_id: WorkspaceId
  role: Role
  external_id: string | null
  email: string | null
  /** `mail`: the address answered a mail of ours. */
  email_source: Source | 'mail' | null
  name: string | null
  name_source: Source | null
  phone: string | null
  phone_source: Source | null
  avatar_url: string | null
  avatar_url_source: Source | null
  language_override: string | null
  language_override_source: Source | null
  signed_up_at: Instant | null
  signed_up_at_source: Source | null
  blocked_at: Instant | null
  last_seen_at: Instant | null
  created_at: Instant
  updated_at: Instant
}

export type AttributeType = 'string' | 'number' | 'boolean' | 'date' | 'list'

/** `list` values are JSON text; dates are Unix milliseconds in `number_value`; booleans 0/1 there. */
export interface AttributeColumns {
  workspace_id: WorkspaceId
  name: string
  type: AttributeType
  text_value: string | null
  number_value: number | null
  source: Source
  updated_at: Instant
}

export interface CompaniesTable {
  id: CompanyId
  workspace_id: WorkspaceId
  company_id: string
  name: string | null
  plan: string | null
  signed_up_at: Instant | null
  created_at: Instant
  updated_at: Instant
}

export interface CompanyMembershipsTable {
  workspace_id: WorkspaceId
  contact_id: ContactId
  company_id: CompanyId
  source: Exclude<Source, 'messenger'>
  created_at: Instant
}

export interface ContactIdentitiesTable {
  workspace_id: WorkspaceId
  /** Who vouches: an https address, or `mailto:` where the subject is an address that answered a mail of ours. */
  issuer: string
  subject: string
  contact_id: ContactId
  created_at: Instant
  last_seen_at: Instant
}
