import type { Generated } from 'kysely'

type Brand<T, Name extends string> = T & { readonly __is: Name }

export type WorkspaceId = Brand<number, 'workspace'>
export type TeammateId = Brand<number, 'teammate'>
/** 24 hex digits, as the clients of the REST API expect. */
export type ContactId = Brand<string, 'contact'>
/** 24 hex digits; not the `company_id` that the customer's own system uses. */
export type CompanyId = Brand<string, 'company'>
export type HostId = Brand<number, 'host'>
export type SigningKeyId = Brand<number, 'signing key'>
export type ProviderId = Brand<number, 'provider'>
export type SessionId = Brand<number, 'session'>
export type TeammateSessionId = Brand<number, 'teammate session'>
export type InviteId = Brand<number, 'invite'>
export type ConversationId = Brand<number, 'conversation'>
export type PartId = Brand<number, 'part'>
export type TicketId = Brand<number, 'ticket'>
export type TicketTypeId = Brand<number, 'ticket type'>
export type TicketStateId = Brand<number, 'ticket state'>
export type TicketAttributeId = Brand<number, 'ticket attribute'>
export type HelpCenterId = Brand<number, 'help center'>
export type CollectionId = Brand<number, 'collection'>
export type ArticleId = Brand<number, 'article'>
export type AudienceId = Brand<number, 'audience'>

export type Platform = 'web' | 'ios' | 'android'
export type Enforcement = 'enforce' | 'report' | 'off'
/** Who stated a value; only `messenger` is unsigned. */
export type Source = 'token' | 'api' | 'teammate' | 'messenger'
/** What brings a session's secret: only `cookie` opens more than the Messenger. */
export type Carrier = 'cookie' | 'embedded' | 'bearer'
export type Role = 'visitor' | 'lead' | 'user'
export type TeammateRole = 'owner' | 'admin' | 'agent' | 'viewer'
/** Unix milliseconds, UTC. */
export type Instant = number
export type Flag = 0 | 1

export interface Schema {
  workspaces: WorkspacesTable
  hosts: HostsTable
  unproved_hosts: UnprovedHostsTable
  origins: { workspace_id: WorkspaceId; origin: string; created_at: Instant }
  teammates: TeammatesTable
  teammate_passwords: { workspace_id: WorkspaceId; teammate_id: TeammateId; password_hash: string; changed_at: Instant }
  teammate_sessions: TeammateSessionsTable
  teammate_invites: TeammateInvitesTable
  password_resets: PasswordResetsTable
  second_steps: SecondStepsTable
  recovery_codes: { workspace_id: WorkspaceId; teammate_id: TeammateId; code_hash: string; created_at: Instant }
  half_sign_ins: HalfSignInsTable
  audit_log: AuditLogTable
  api_tokens: ApiTokensTable
  contacts: ContactsTable
  contact_attributes: AttributeColumns & { contact_id: ContactId }
  companies: CompaniesTable
  company_attributes: AttributeColumns & { company_id: CompanyId }
  company_memberships: CompanyMembershipsTable
  contact_identities: ContactIdentitiesTable
  signing_keys: SigningKeysTable
  sessions: SessionsTable
  signed_out_sessions: { secret_hash: string; workspace_id: WorkspaceId; family: string; expires_at: Instant }
  used_tokens: { workspace_id: WorkspaceId; replay_key: string; expires_at: Instant }
  pending_logins: PendingLoginsTable
  handoffs: HandoffsTable
  email_links: EmailLinksTable
  asked_mails: AskedMailsTable
  oidc_providers: OidcProvidersTable
  oidc_logins: OidcLoginsTable
  login_links: LoginLinksTable
  login_log: LoginLogTable
  probes: ProbesTable
  sightings: SightingsTable
  conversations: ConversationsTable
  conversation_parts: ConversationPartsTable
  events: EventsTable
  tracked_events: TrackedEventsTable
  ticket_types: TicketTypesTable
  ticket_type_attributes: TicketTypeAttributesTable
  ticket_attribute_options: TicketAttributeOptionsTable
  ticket_states: TicketStatesTable
  tickets: TicketsTable
  ticket_attribute_values: TicketAttributeValuesTable
  audiences: AudiencesTable
  audience_rules: AudienceRulesTable
  help_centers: HelpCentersTable
  help_center_locales: { workspace_id: WorkspaceId; help_center_id: HelpCenterId; locale: string; position: number }
  collections: CollectionsTable
  collection_translations: CollectionTranslationsTable
  articles: ArticlesTable
  article_translations: ArticleTranslationsTable
}

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

export interface ConversationsTable {
  id: Generated<ConversationId>
  workspace_id: WorkspaceId
  kind: Generated<'chat' | 'ticket'>
  contact_id: ContactId
  title: string | null
  state: Generated<'open' | 'closed' | 'snoozed'>
  snoozed_until: Instant | null
  priority: Generated<'none' | 'low' | 'medium' | 'high' | 'urgent'>
  admin_assignee_id: TeammateId | null
  initiated_by: 'contact' | 'admin'
  claimed_user_id: string | null
  last_sequence: Generated<number>
  contact_seen_sequence: Generated<number>
  admin_seen_sequence: Generated<number>
  waiting_since: Instant | null
  created_at: Instant
  updated_at: Instant
}

export type PartType =
  | 'comment'
  | 'note'
  | 'open'
  | 'close'
  | 'assignment'
  | 'ticket_state_updated_by_admin'
  | 'ticket_state_updated_by_user'

export interface ConversationPartsTable {
  id: Generated<PartId>
  workspace_id: WorkspaceId
  conversation_id: ConversationId
  sequence: number
  part_type: PartType
  body: string | null
  author_type: Role | 'admin' | 'bot'
  author_id: string
  client_id: string | null
  ticket_state_id: TicketStateId | null
  previous_ticket_state_id: TicketStateId | null
  created_at: Instant
}

export interface EventsTable {
  id: Generated<number>
  workspace_id: WorkspaceId
  topic: string
  contact_id: ContactId | null
  conversation_id: ConversationId | null
  visible_to_contact: Flag
  data: string
  created_at: Instant
}

export interface TrackedEventsTable {
  id: Generated<number>
  workspace_id: WorkspaceId
  contact_id: ContactId
  event_name: string
  metadata: string
  created_at: Instant
}

export interface TicketTypesTable {
  id: Generated<TicketTypeId>
  workspace_id: WorkspaceId
  name: string
  description: Generated<string>
  icon: Generated<string>
  category: 'Customer' | 'Back-office' | 'Tracker'
  archived: Generated<Flag>
  created_at: Instant
  updated_at: Instant
}

export type TicketDataType = 'string' | 'list' | 'integer' | 'decimal' | 'boolean' | 'datetime'

export interface TicketTypeAttributesTable {
  id: Generated<TicketAttributeId>
  workspace_id: WorkspaceId
  ticket_type_id: TicketTypeId
  name: string
  description: Generated<string>
  data_type: TicketDataType
  multiline: Generated<Flag>
  required_to_create: Generated<Flag>
  required_to_create_for_contacts: Generated<Flag>
  visible_on_create: Generated<Flag>
  visible_to_contacts: Generated<Flag>
  position: number
  archived: Generated<Flag>
  created_at: Instant
  updated_at: Instant
}

export interface TicketAttributeOptionsTable {
  id: string
  workspace_id: WorkspaceId
  attribute_id: TicketAttributeId
  label: string
  position: number
}

export type TicketStateCategory = 'submitted' | 'in_progress' | 'waiting_on_customer' | 'resolved'

export interface TicketStatesTable {
  id: Generated<TicketStateId>
  workspace_id: WorkspaceId
  category: TicketStateCategory
  internal_label: string
  external_label: string
  position: number
  archived: Generated<Flag>
}

export interface TicketsTable {
  id: Generated<TicketId>
  workspace_id: WorkspaceId
  ticket_number: number
  ticket_type_id: TicketTypeId
  ticket_state_id: TicketStateId
  previous_ticket_state_id: TicketStateId | null
  conversation_id: ConversationId
  contact_id: ContactId
  company_id: CompanyId | null
  title: string
  description: string
  is_shared: Generated<Flag>
  created_at: Instant
  updated_at: Instant
}

/** List attributes keep the option's id; booleans and dates are numbers. */
export interface TicketAttributeValuesTable {
  workspace_id: WorkspaceId
  ticket_id: TicketId
  attribute_id: TicketAttributeId
  text_value: string | null
  number_value: number | null
}

export interface AudiencesTable {
  id: Generated<AudienceId>
  workspace_id: WorkspaceId
  name: string
  visitors: Flag
  leads: Flag
  users: Flag
}

export interface AudienceRulesTable {
  id: Generated<number>
  workspace_id: WorkspaceId
  audience_id: AudienceId
  subject: 'contact' | 'company'
  attribute: string
  operator: '=' | '!=' | '<' | '>' | 'contains'
  value: string
}

export interface HelpCentersTable {
  id: Generated<HelpCenterId>
  workspace_id: WorkspaceId
  name: string
  default_locale: string
  created_at: Instant
  updated_at: Instant
}

export interface CollectionsTable {
  id: Generated<CollectionId>
  workspace_id: WorkspaceId
  help_center_id: HelpCenterId
  parent_id: CollectionId | null
  position: number
  created_at: Instant
  updated_at: Instant
}

export interface CollectionTranslationsTable {
  workspace_id: WorkspaceId
  collection_id: CollectionId
  locale: string
  name: string
  description: Generated<string>
  slug: string
}

export interface ArticlesTable {
  id: Generated<ArticleId>
  workspace_id: WorkspaceId
  collection_id: CollectionId | null
  audience_id: AudienceId | null
  author_id: TeammateId | null
  position: number
  created_at: Instant
  updated_at: Instant
}

export interface ArticleTranslationsTable {
  workspace_id: WorkspaceId
  article_id: ArticleId
  locale: string
  title: string
  description: Generated<string>
  slug: string
  markdown: string
  html: string
  state: 'draft' | 'published'
  published_at: Instant | null
  updated_at: Instant
}
