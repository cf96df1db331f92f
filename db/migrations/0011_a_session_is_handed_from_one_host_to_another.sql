-- One host per workspace is the primary one: the others ask it who is signed in. So far every host was; the oldest stays.
update hosts set is_primary = 0 where id not in (select min(id) from hosts group by workspace_id);
create unique index hosts_primary on hosts (workspace_id) where is_primary = 1;
create unique index hosts_by_workspace_and_id on hosts (workspace_id, id);

-- A code that carries a session to another host, once and within a minute; it is gone with the session and with the host.
create table handoffs (
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
create index handoffs_by_session on handoffs (workspace_id, parent_session_id);
create index handoffs_by_expiry on handoffs (expires_at);
