create table teammate_sessions (
  id {{id}},
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
create index teammate_sessions_by_teammate on teammate_sessions (workspace_id, teammate_id);
create index teammate_sessions_by_expiry on teammate_sessions (expires_at);
