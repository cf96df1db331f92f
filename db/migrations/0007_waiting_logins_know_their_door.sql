-- Nothing in here lives longer than five minutes, so the table is made anew.
drop table pending_logins;

-- A verified login, from any door, that waits for its person to press Continue; claims holds the checked claims as JSON, never the token.
create table pending_logins (
  code_hash text primary key,
  workspace_id bigint not null references workspaces (id),
  door text not null,
  user_id text,
  contact_id text,
  claims text,
  messenger_secret_id bigint,
  parent_session_id bigint,
  replay_key text,
  token_expires_at bigint,
  return_to text not null,
  state text,
  from_own_page integer not null check (from_own_page in (0, 1)),
  expires_at bigint not null,
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, messenger_secret_id) references messenger_secrets (workspace_id, id),
  foreign key (workspace_id, parent_session_id) references sessions (workspace_id, id) on delete cascade,
  check ((user_id is null) <> (contact_id is null)),
  check ((replay_key is null) = (token_expires_at is null))
);
create index pending_logins_by_expiry on pending_logins (expires_at);
