create table messenger_secrets (
  id {{id}},
  workspace_id bigint not null references workspaces (id),
  kid text not null,
  name text not null,
  secret_encrypted text not null,
  web integer not null check (web in (0, 1)),
  ios integer not null check (ios in (0, 1)),
  android integer not null check (android in (0, 1)),
  created_at bigint not null,
  last_used_at bigint,
  retired_at bigint,
  unique (workspace_id, id),
  unique (workspace_id, kid)
);

create table sessions (
  id {{id}},
  workspace_id bigint not null references workspaces (id),
  secret_hash text not null unique,
  kind text not null check (kind in ('visitor', 'claimed', 'user')),
  contact_id text,
  visitor_id text not null,
  claimed_user_id text,
  claimed_email text,
  claims_digest text,
  device text not null,
  platform text not null check (platform in ('web', 'ios', 'android')),
  door text not null,
  messenger_secret_id bigint,
  parent_session_id bigint,
  duration_ms bigint not null,
  created_at bigint not null,
  last_seen_at bigint not null,
  expires_at bigint not null,
  ends_at bigint not null,
  unique (workspace_id, id),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, messenger_secret_id) references messenger_secrets (workspace_id, id),
  foreign key (workspace_id, parent_session_id) references sessions (workspace_id, id) on delete cascade,
  check (kind <> 'user' or contact_id is not null)
);
create index sessions_by_contact on sessions (workspace_id, contact_id);
create index sessions_by_key on sessions (workspace_id, messenger_secret_id);
create index sessions_by_parent on sessions (workspace_id, parent_session_id);
create index sessions_by_expiry on sessions (expires_at);

-- A one-time token is remembered here until it could no longer be presented.
create table used_tokens (
  workspace_id bigint not null references workspaces (id),
  replay_key text not null,
  expires_at bigint not null,
  primary key (workspace_id, replay_key)
);
create index used_tokens_by_expiry on used_tokens (expires_at);

-- A verified login that waits for its person to press Continue; claims holds the checked claims as JSON, never the token.
create table pending_logins (
  code_hash text primary key,
  workspace_id bigint not null references workspaces (id),
  claims text not null,
  replay_key text not null,
  token_expires_at bigint not null,
  messenger_secret_id bigint not null,
  door text not null,
  return_to text not null,
  expires_at bigint not null,
  foreign key (workspace_id, messenger_secret_id) references messenger_secrets (workspace_id, id)
);
create index pending_logins_by_expiry on pending_logins (expires_at);

create table login_log (
  id {{id}},
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
);
create index login_log_by_time on login_log (workspace_id, at);
