-- Made by bin/schema.ts from db/migrations/; do not edit.
CREATE TABLE migrations (name text primary key, applied_at bigint not null);

CREATE TABLE workspaces (
  id integer primary key autoincrement,
  app_id text not null unique,
  name text not null,
  enforcement_web text not null default 'enforce' check (enforcement_web in ('enforce', 'report', 'off')),
  enforcement_ios text not null default 'enforce' check (enforcement_ios in ('enforce', 'report', 'off')),
  enforcement_android text not null default 'enforce' check (enforcement_android in ('enforce', 'report', 'off')),
  require_exp integer not null default 0 check (require_exp in (0, 1)),
  test_mode integer not null default 0 check (test_mode in (0, 1)),
  login_url text,
  logout_url text,
  portal_on integer not null default 1 check (portal_on in (0, 1)),
  action_color text not null default '#0f766e',
  created_at bigint not null
, cookie_door integer not null default 0 check (cookie_door in (0, 1)), return_to_parameter text not null default 'return_to', email_links integer not null default 0 check (email_links in (0, 1)));

CREATE TABLE hosts (
  id integer primary key autoincrement,
  workspace_id bigint not null references workspaces (id),
  host text not null unique,
  origin text not null unique,
  is_primary integer not null default 1 check (is_primary in (0, 1)),
  created_at bigint not null
, proved_by text not null default 'operator' check (proved_by in ('operator', 'localhost', 'dns', 'file')));

CREATE INDEX hosts_by_workspace on hosts (workspace_id);

CREATE TABLE origins (
  workspace_id bigint not null references workspaces (id),
  origin text not null,
  created_at bigint not null,
  primary key (workspace_id, origin)
);

CREATE TABLE teammates (
  id integer primary key autoincrement,
  workspace_id bigint not null references workspaces (id),
  name text not null,
  email text not null,
  created_at bigint not null, role text not null default 'agent' check (role in ('owner', 'admin', 'agent', 'viewer')), removed_at bigint,
  unique (workspace_id, id),
  unique (workspace_id, email)
);

CREATE TABLE api_tokens (
  id integer primary key autoincrement,
  workspace_id bigint not null,
  teammate_id bigint not null,
  name text not null,
  token_hash text not null unique,
  hint text not null,
  scopes text not null,
  created_at bigint not null,
  last_used_at bigint,
  expires_at bigint,
  revoked_at bigint,
  foreign key (workspace_id, teammate_id) references teammates (workspace_id, id)
);

CREATE INDEX api_tokens_by_workspace on api_tokens (workspace_id);

CREATE TABLE contact_attributes (
  workspace_id bigint not null,
  contact_id text not null,
  name text not null,
  type text not null check (type in ('string', 'number', 'boolean', 'date', 'list')),
  text_value text,
  number_value double precision,
  source text not null check (source in ('token', 'api', 'teammate', 'messenger')),
  updated_at bigint not null,
  primary key (workspace_id, contact_id, name),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade
);

CREATE TABLE companies (
  id text primary key,
  workspace_id bigint not null references workspaces (id),
  company_id text not null,
  name text,
  plan text,
  signed_up_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  unique (workspace_id, id),
  unique (workspace_id, company_id)
);

CREATE TABLE company_attributes (
  workspace_id bigint not null,
  company_id text not null,
  name text not null,
  type text not null check (type in ('string', 'number', 'boolean', 'date', 'list')),
  text_value text,
  number_value double precision,
  source text not null check (source in ('token', 'api', 'teammate', 'messenger')),
  updated_at bigint not null,
  primary key (workspace_id, company_id, name),
  foreign key (workspace_id, company_id) references companies (workspace_id, id) on delete cascade
);

CREATE TABLE company_memberships (
  workspace_id bigint not null,
  contact_id text not null,
  company_id text not null,
  source text not null check (source in ('token', 'api', 'teammate')),
  created_at bigint not null,
  primary key (workspace_id, contact_id, company_id),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, company_id) references companies (workspace_id, id) on delete cascade
);

CREATE INDEX company_memberships_by_company on company_memberships (workspace_id, company_id);

CREATE TABLE "signing_keys" (
  id integer primary key autoincrement,
  workspace_id bigint not null references workspaces (id),
  kid text not null,
  name text not null,
  material text not null,
  web integer not null check (web in (0, 1)),
  ios integer not null check (ios in (0, 1)),
  android integer not null check (android in (0, 1)),
  created_at bigint not null,
  last_used_at bigint,
  retired_at bigint, kind text not null default 'secret' check (kind in ('secret', 'public_key', 'jwks')), algorithm text not null default 'HS256' check (algorithm in ('HS256', 'RS256', 'PS256', 'ES256', 'EdDSA') and (kind = 'secret') = (algorithm = 'HS256')), issuer text check ((kind = 'secret') = (issuer is null)), audience text check ((kind = 'secret') = (audience is null)), claim_mapping text not null default '{}', asserts_user_id integer not null default 1 check (asserts_user_id in (0, 1) and (kind = 'jwks' or asserts_user_id = 1)), published_keys text, fetched_at bigint, fetch_fault text,
  unique (workspace_id, id),
  unique (workspace_id, kid)
);

CREATE TABLE used_tokens (
  workspace_id bigint not null references workspaces (id),
  replay_key text not null,
  expires_at bigint not null,
  primary key (workspace_id, replay_key)
);

CREATE INDEX used_tokens_by_expiry on used_tokens (expires_at);

CREATE TABLE login_log (
  id integer primary key autoincrement,
  workspace_id bigint not null references workspaces (id),
  at bigint not null,
  door text not null,
  origin text,
  platform text not null,
  kid text,
  user_id text,
  outcome text not null check (outcome in ('signed_in', 'resumed', 'visitor', 'claimed', 'waiting', 'signed_out', 'refused')),
  code text,
  request_id text
, token_age_ms bigint, hint text);

CREATE INDEX login_log_by_time on login_log (workspace_id, at);

CREATE TABLE conversations (
  id integer primary key autoincrement,
  workspace_id bigint not null references workspaces (id),
  kind text not null default 'chat' check (kind in ('chat', 'ticket')),
  contact_id text not null,
  title text,
  state text not null default 'open' check (state in ('open', 'closed', 'snoozed')),
  snoozed_until bigint,
  priority text not null default 'none' check (priority in ('none', 'low', 'medium', 'high', 'urgent')),
  admin_assignee_id bigint,
  initiated_by text not null check (initiated_by in ('contact', 'admin')),
  claimed_user_id text,
  last_sequence bigint not null default 0,
  contact_seen_sequence bigint not null default 0,
  admin_seen_sequence bigint not null default 0,
  waiting_since bigint,
  created_at bigint not null,
  updated_at bigint not null,
  unique (workspace_id, id),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, admin_assignee_id) references teammates (workspace_id, id)
);

CREATE INDEX conversations_by_contact on conversations (workspace_id, contact_id, updated_at);

CREATE INDEX conversations_by_update on conversations (workspace_id, updated_at);

CREATE TABLE conversation_parts (
  id integer primary key autoincrement,
  workspace_id bigint not null,
  conversation_id bigint not null,
  sequence bigint not null,
  part_type text not null check (part_type in ('comment', 'note', 'open', 'close', 'assignment', 'ticket_state_updated_by_admin', 'ticket_state_updated_by_user')),
  body text,
  author_type text not null check (author_type in ('visitor', 'lead', 'user', 'admin', 'bot')),
  author_id text not null,
  client_id text,
  ticket_state_id bigint,
  previous_ticket_state_id bigint,
  created_at bigint not null,
  unique (workspace_id, id),
  unique (conversation_id, sequence),
  unique (conversation_id, author_id, client_id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade
);

CREATE TABLE events (
  id integer primary key autoincrement,
  workspace_id bigint not null references workspaces (id),
  topic text not null,
  contact_id text,
  conversation_id bigint,
  visible_to_contact integer not null check (visible_to_contact in (0, 1)),
  data text not null,
  created_at bigint not null
);

CREATE INDEX events_by_contact on events (workspace_id, contact_id, id);

CREATE INDEX events_by_workspace on events (workspace_id, id);

CREATE TABLE tracked_events (
  id integer primary key autoincrement,
  workspace_id bigint not null,
  contact_id text not null,
  event_name text not null,
  metadata text not null,
  created_at bigint not null,
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade
);

CREATE INDEX tracked_events_by_contact on tracked_events (workspace_id, contact_id, id);

CREATE TABLE ticket_types (
  id integer primary key autoincrement,
  workspace_id bigint not null references workspaces (id),
  name text not null,
  description text not null default '',
  icon text not null default '🎫',
  category text not null check (category in ('Customer', 'Back-office', 'Tracker')),
  archived integer not null default 0 check (archived in (0, 1)),
  created_at bigint not null,
  updated_at bigint not null,
  unique (workspace_id, id)
);

CREATE TABLE ticket_type_attributes (
  id integer primary key autoincrement,
  workspace_id bigint not null,
  ticket_type_id bigint not null,
  name text not null,
  description text not null default '',
  data_type text not null check (data_type in ('string', 'list', 'integer', 'decimal', 'boolean', 'datetime')),
  multiline integer not null default 0 check (multiline in (0, 1)),
  required_to_create integer not null default 0 check (required_to_create in (0, 1)),
  required_to_create_for_contacts integer not null default 0 check (required_to_create_for_contacts in (0, 1)),
  visible_on_create integer not null default 1 check (visible_on_create in (0, 1)),
  visible_to_contacts integer not null default 1 check (visible_to_contacts in (0, 1)),
  position bigint not null,
  archived integer not null default 0 check (archived in (0, 1)),
  created_at bigint not null,
  updated_at bigint not null,
  unique (workspace_id, id),
  unique (ticket_type_id, name),
  foreign key (workspace_id, ticket_type_id) references ticket_types (workspace_id, id) on delete cascade
);

CREATE TABLE ticket_attribute_options (
  id text primary key,
  workspace_id bigint not null,
  attribute_id bigint not null,
  label text not null,
  position bigint not null,
  foreign key (workspace_id, attribute_id) references ticket_type_attributes (workspace_id, id) on delete cascade
);

CREATE TABLE ticket_states (
  id integer primary key autoincrement,
  workspace_id bigint not null references workspaces (id),
  category text not null check (category in ('submitted', 'in_progress', 'waiting_on_customer', 'resolved')),
  internal_label text not null,
  external_label text not null,
  position bigint not null,
  archived integer not null default 0 check (archived in (0, 1)),
  unique (workspace_id, id),
  unique (workspace_id, internal_label)
);

CREATE TABLE tickets (
  id integer primary key autoincrement,
  workspace_id bigint not null,
  ticket_number bigint not null,
  ticket_type_id bigint not null,
  ticket_state_id bigint not null,
  previous_ticket_state_id bigint,
  conversation_id bigint not null unique,
  contact_id text not null,
  company_id text,
  title text not null,
  description text not null,
  is_shared integer not null default 1 check (is_shared in (0, 1)),
  created_at bigint not null,
  updated_at bigint not null,
  unique (workspace_id, id),
  unique (workspace_id, ticket_number),
  foreign key (workspace_id, ticket_type_id) references ticket_types (workspace_id, id),
  foreign key (workspace_id, ticket_state_id) references ticket_states (workspace_id, id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade,
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, company_id) references companies (workspace_id, id)
);

CREATE INDEX tickets_by_contact on tickets (workspace_id, contact_id, updated_at);

CREATE INDEX tickets_by_company on tickets (workspace_id, company_id, updated_at);

CREATE TABLE ticket_attribute_values (
  workspace_id bigint not null,
  ticket_id bigint not null,
  attribute_id bigint not null,
  text_value text,
  number_value double precision,
  primary key (workspace_id, ticket_id, attribute_id),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade,
  foreign key (workspace_id, attribute_id) references ticket_type_attributes (workspace_id, id)
);

CREATE TABLE audiences (
  id integer primary key autoincrement,
  workspace_id bigint not null references workspaces (id),
  name text not null,
  visitors integer not null check (visitors in (0, 1)),
  leads integer not null check (leads in (0, 1)),
  users integer not null check (users in (0, 1)),
  unique (workspace_id, id),
  unique (workspace_id, name)
);

CREATE TABLE audience_rules (
  id integer primary key autoincrement,
  workspace_id bigint not null,
  audience_id bigint not null,
  subject text not null check (subject in ('contact', 'company')),
  attribute text not null,
  operator text not null check (operator in ('=', '!=', '<', '>', 'contains')),
  value text not null,
  foreign key (workspace_id, audience_id) references audiences (workspace_id, id) on delete cascade
);

CREATE TABLE help_centers (
  id integer primary key autoincrement,
  workspace_id bigint not null references workspaces (id),
  name text not null,
  default_locale text not null,
  created_at bigint not null,
  updated_at bigint not null,
  unique (workspace_id, id)
);

CREATE TABLE help_center_locales (
  workspace_id bigint not null,
  help_center_id bigint not null,
  locale text not null,
  position bigint not null,
  primary key (help_center_id, locale),
  foreign key (workspace_id, help_center_id) references help_centers (workspace_id, id) on delete cascade
);

CREATE TABLE collections (
  id integer primary key autoincrement,
  workspace_id bigint not null,
  help_center_id bigint not null,
  parent_id bigint,
  position bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  unique (workspace_id, id),
  foreign key (workspace_id, help_center_id) references help_centers (workspace_id, id) on delete cascade,
  foreign key (workspace_id, parent_id) references collections (workspace_id, id)
);

CREATE TABLE collection_translations (
  workspace_id bigint not null,
  collection_id bigint not null,
  locale text not null,
  name text not null,
  description text not null default '',
  slug text not null,
  primary key (collection_id, locale),
  foreign key (workspace_id, collection_id) references collections (workspace_id, id) on delete cascade
);

CREATE TABLE articles (
  id integer primary key autoincrement,
  workspace_id bigint not null,
  collection_id bigint,
  audience_id bigint,
  author_id bigint,
  position bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  unique (workspace_id, id),
  foreign key (workspace_id, collection_id) references collections (workspace_id, id),
  foreign key (workspace_id, audience_id) references audiences (workspace_id, id),
  foreign key (workspace_id, author_id) references teammates (workspace_id, id)
);

CREATE INDEX articles_by_collection on articles (workspace_id, collection_id, position);

CREATE TABLE article_translations (
  workspace_id bigint not null,
  article_id bigint not null,
  locale text not null,
  title text not null,
  description text not null default '',
  slug text not null,
  markdown text not null,
  html text not null,
  state text not null check (state in ('draft', 'published')),
  published_at bigint,
  updated_at bigint not null,
  primary key (article_id, locale),
  foreign key (workspace_id, article_id) references articles (workspace_id, id) on delete cascade
);

CREATE UNIQUE INDEX signing_keys_one_jwks_asserts_user_id on signing_keys (workspace_id) where kind = 'jwks' and asserts_user_id = 1 and retired_at is null;

CREATE TABLE login_links (
  code_hash text primary key,
  workspace_id bigint not null references workspaces (id),
  contact_id text not null,
  return_to text not null,
  created_at bigint not null,
  expires_at bigint not null,
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade
);

CREATE INDEX login_links_by_expiry on login_links (expires_at);

CREATE UNIQUE INDEX hosts_primary on hosts (workspace_id) where is_primary = 1;

CREATE UNIQUE INDEX hosts_by_workspace_and_id on hosts (workspace_id, id);

CREATE TABLE handoffs (
  code_hash text primary key,
  workspace_id bigint not null references workspaces (id),
  host_id bigint not null,
  parent_session_id bigint not null,
  return_to text not null,
  state text,
  from_frame integer not null check (from_frame in (0, 1)),
  expires_at bigint not null,
  foreign key (workspace_id, host_id) references hosts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, parent_session_id) references sessions (workspace_id, id) on delete cascade
);

CREATE INDEX handoffs_by_session on handoffs (workspace_id, parent_session_id);

CREATE INDEX handoffs_by_expiry on handoffs (expires_at);

CREATE TABLE "contacts" (
  id text primary key,
  workspace_id bigint not null references workspaces (id),
  role text not null check (role in ('visitor', 'lead', 'user')),
  external_id text,
  email text,
  email_source text check (email_source in ('token', 'api', 'teammate', 'messenger', 'mail')),
  name text,
  name_source text check (name_source in ('token', 'api', 'teammate', 'messenger')),
  phone text,
  phone_source text check (phone_source in ('token', 'api', 'teammate', 'messenger')),
  avatar_url text,
  avatar_url_source text check (avatar_url_source in ('token', 'api', 'teammate', 'messenger')),
  language_override text,
  language_override_source text check (language_override_source in ('token', 'api', 'teammate', 'messenger')),
  signed_up_at bigint,
  signed_up_at_source text check (signed_up_at_source in ('token', 'api', 'teammate', 'messenger')),
  blocked_at bigint,
  last_seen_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  unique (workspace_id, id),
  unique (workspace_id, external_id),
  check (external_id is null or role = 'user')
);

CREATE INDEX contacts_by_email on contacts (workspace_id, email);

CREATE INDEX contacts_by_update on contacts (workspace_id, updated_at);

CREATE TABLE "sessions" (
  id integer primary key autoincrement,
  workspace_id bigint not null references workspaces (id),
  secret_hash text not null unique,
  kind text not null check (kind in ('visitor', 'claimed', 'lead', 'user')),
  contact_id text,
  visitor_id text not null,
  claimed_user_id text,
  claimed_email text,
  claims_digest text,
  device text not null,
  platform text not null check (platform in ('web', 'ios', 'android')),
  door text not null,
  signing_key_id bigint,
  parent_session_id bigint,
  duration_ms bigint not null,
  created_at bigint not null,
  last_seen_at bigint not null,
  expires_at bigint not null,
  ends_at bigint not null, carrier text not null default 'cookie' check (carrier in ('cookie', 'embedded', 'bearer')), hostname text,
  unique (workspace_id, id),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, signing_key_id) references "signing_keys" (workspace_id, id),
  foreign key (workspace_id, parent_session_id) references sessions (workspace_id, id) on delete cascade,
  check (kind not in ('lead', 'user') or contact_id is not null)
);

CREATE INDEX sessions_by_contact on sessions (workspace_id, contact_id);

CREATE INDEX sessions_by_key on sessions (workspace_id, signing_key_id);

CREATE INDEX sessions_by_parent on sessions (workspace_id, parent_session_id);

CREATE INDEX sessions_by_expiry on sessions (expires_at);

CREATE TABLE contact_identities (
  workspace_id bigint not null references workspaces (id),
  issuer text not null,
  subject text not null,
  contact_id text not null,
  created_at bigint not null,
  last_seen_at bigint not null,
  primary key (workspace_id, issuer, subject),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade
);

CREATE INDEX contact_identities_by_contact on contact_identities (workspace_id, contact_id);

CREATE TABLE "pending_logins" (
  code_hash text primary key,
  workspace_id bigint not null references workspaces (id),
  door text not null,
  user_id text,
  contact_id text,
  claims text,
  signing_key_id bigint,
  parent_session_id bigint,
  replay_key text,
  token_expires_at bigint,
  return_to text not null,
  state text,
  from_own_page integer not null check (from_own_page in (0, 1)),
  expires_at bigint not null, issuer text, subject text,
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, signing_key_id) references "signing_keys" (workspace_id, id),
  foreign key (workspace_id, parent_session_id) references sessions (workspace_id, id) on delete cascade,
  check ((case when user_id is null then 0 else 1 end) + (case when contact_id is null then 0 else 1 end) + (case when subject is null then 0 else 1 end) = 1),
  check ((replay_key is null) = (token_expires_at is null))
);

CREATE INDEX pending_logins_by_expiry on pending_logins (expires_at);

CREATE TABLE email_links (
  code_hash text primary key,
  workspace_id bigint not null references workspaces (id),
  email text not null,
  browser_hash text not null,
  return_to text not null,
  expires_at bigint not null
);

CREATE INDEX email_links_by_expiry on email_links (expires_at);

CREATE TABLE asked_mails (
  id integer primary key autoincrement,
  workspace_id bigint not null references workspaces (id),
  address_hash text not null,
  network_hash text not null,
  at bigint not null
);

CREATE INDEX asked_mails_by_time on asked_mails (workspace_id, at);

CREATE TABLE oidc_providers (
  id integer primary key autoincrement,
  workspace_id bigint not null references workspaces (id),
  name text not null,
  issuer text not null,
  client_id text not null,
  client_secret_encrypted text,
  scopes text not null,
  id_token_alg text not null check (id_token_alg in ('RS256', 'PS256', 'ES256', 'EdDSA')),
  email_domains text not null,
  created_at bigint not null,
  unique (workspace_id, id),
  unique (workspace_id, issuer, client_id)
);

CREATE TABLE oidc_logins (
  state_hash text primary key,
  workspace_id bigint not null references workspaces (id),
  provider_id bigint not null,
  return_to text not null,
  expires_at bigint not null,
  foreign key (workspace_id, provider_id) references oidc_providers (workspace_id, id) on delete cascade
);

CREATE INDEX oidc_logins_by_provider on oidc_logins (workspace_id, provider_id);

CREATE INDEX oidc_logins_by_expiry on oidc_logins (expires_at);

CREATE TABLE teammate_passwords (
  workspace_id bigint not null,
  teammate_id bigint not null,
  password_hash text not null,
  changed_at bigint not null,
  primary key (workspace_id, teammate_id),
  foreign key (workspace_id, teammate_id) references teammates (workspace_id, id)
);

CREATE TABLE teammate_sessions (
  id integer primary key autoincrement,
  workspace_id bigint not null,
  teammate_id bigint not null,
  secret_hash text not null unique,
  device text not null,
  address text not null,
  -- When the password was last given in this session.
  password_checked_at bigint not null,
  created_at bigint not null,
  last_seen_at bigint not null,
  expires_at bigint not null,
  ends_at bigint not null,
  unique (workspace_id, id),
  foreign key (workspace_id, teammate_id) references teammates (workspace_id, id)
);

CREATE INDEX teammate_sessions_by_teammate on teammate_sessions (workspace_id, teammate_id);

CREATE INDEX teammate_sessions_by_expiry on teammate_sessions (expires_at);

CREATE TABLE teammate_invites (
  id integer primary key autoincrement,
  workspace_id bigint not null,
  email text not null,
  role text not null check (role in ('owner', 'admin', 'agent', 'viewer')),
  code_hash text not null unique,
  invited_by bigint,
  created_at bigint not null,
  expires_at bigint not null,
  unique (workspace_id, id),
  unique (workspace_id, email),
  foreign key (workspace_id, invited_by) references teammates (workspace_id, id)
);

CREATE TABLE password_resets (
  code_hash text primary key,
  workspace_id bigint not null,
  teammate_id bigint not null,
  created_at bigint not null,
  expires_at bigint not null,
  unique (workspace_id, teammate_id),
  foreign key (workspace_id, teammate_id) references teammates (workspace_id, id)
);

CREATE TABLE audit_log (
  id integer primary key autoincrement,
  workspace_id bigint not null references workspaces (id),
  at bigint not null,
  teammate_id bigint,
  action text not null,
  subject text,
  detail text,
  address text,
  foreign key (workspace_id, teammate_id) references teammates (workspace_id, id)
);

CREATE INDEX audit_log_by_time on audit_log (workspace_id, id);

CREATE TABLE unproved_hosts (
  workspace_id bigint not null references workspaces (id),
  host text not null,
  origin text not null,
  token text not null,
  dns_answer text,
  file_answer text,
  checked_at bigint,
  created_at bigint not null,
  primary key (workspace_id, host)
);

CREATE INDEX login_log_by_workspace on login_log (workspace_id, id);

CREATE TABLE probes (
  reference_hash text primary key,
  workspace_id bigint not null references workspaces (id),
  host text not null,
  origin text not null,
  set_at bigint not null,
  returned_at bigint,
  last_at bigint not null,
  last_outcome text not null,
  last_code text
);

CREATE INDEX probes_by_time on probes (workspace_id, set_at);

CREATE TABLE sightings (
  workspace_id bigint not null references workspaces (id),
  kind text not null check (kind in ('cookie_returned', 'cookie_lost', 'page_without_cookie')),
  host text not null,
  origin text not null,
  first_at bigint not null,
  last_at bigint not null,
  times bigint not null,
  primary key (workspace_id, kind, host, origin)
);

CREATE TABLE signed_out_sessions (
  secret_hash text primary key,
  workspace_id bigint not null references workspaces (id),
  family text not null,
  expires_at bigint not null
);

CREATE INDEX signed_out_sessions_by_family on signed_out_sessions (workspace_id, family);

CREATE INDEX signed_out_sessions_by_expiry on signed_out_sessions (expires_at);

CREATE TABLE second_steps (
  workspace_id bigint not null,
  teammate_id bigint not null,
  sealed_secret text not null,
  last_step bigint not null,
  turned_on_at bigint not null,
  primary key (workspace_id, teammate_id),
  foreign key (workspace_id, teammate_id) references teammates (workspace_id, id)
);

CREATE TABLE recovery_codes (
  workspace_id bigint not null,
  teammate_id bigint not null,
  code_hash text not null,
  created_at bigint not null,
  primary key (workspace_id, teammate_id, code_hash),
  foreign key (workspace_id, teammate_id) references second_steps (workspace_id, teammate_id)
);

CREATE TABLE half_sign_ins (
  secret_hash text primary key,
  workspace_id bigint not null,
  teammate_id bigint not null,
  created_at bigint not null,
  expires_at bigint not null,
  foreign key (workspace_id, teammate_id) references second_steps (workspace_id, teammate_id)
);

CREATE INDEX half_sign_ins_by_teammate on half_sign_ins (workspace_id, teammate_id);

CREATE INDEX half_sign_ins_by_expiry on half_sign_ins (expires_at);
