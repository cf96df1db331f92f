import type {
  ArticleTranslationsTable,
  ArticlesTable,
  AudienceRulesTable,
  AudiencesTable,
  CollectionTranslationsTable,
  CollectionsTable,
  HelpCentersTable,
} from './article-tables.ts'
import type { AttributeColumns, CompaniesTable, CompanyMembershipsTable, ContactIdentitiesTable, ContactsTable } from './contact-tables.ts'
import type { ConversationPartsTable, ConversationsTable, EventsTable, TrackedEventsTable } from './conversation-tables.ts'
import type {
  AskedMailsTable,
  EmailLinksTable,
  LoginLinksTable,
  LoginLogTable,
  OidcLoginsTable,
  OidcProvidersTable,
  PendingLoginsTable,
  ProbesTable,
  SightingsTable,
  SigningKeysTable,
} from './login-tables.ts'
import type { HandoffsTable, SessionsTable } from './session-tables.ts'
import type {
  AuditLogTable,
  HalfSignInsTable,
  PasswordResetsTable,
  SecondStepsTable,
  TeammateInvitesTable,
  TeammateSessionsTable,
  TeammatesTable,
} from './teammate-tables.ts'
import type {
  TicketAttributeOptionsTable,
  TicketAttributeValuesTable,
  TicketStatesTable,
  TicketTypeAttributesTable,
  TicketTypesTable,
  TicketsTable,
} from './ticket-tables.ts'
import type { CompanyId, ContactId, HelpCenterId, Instant, TeammateId, WorkspaceId } from './columns.ts'
import type { ApiTokensTable, HostsTable, UnprovedHostsTable, WorkspacesTable } from './workspace-tables.ts'

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
