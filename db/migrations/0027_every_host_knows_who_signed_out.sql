-- Sessions that their person ended, so that a browser which still brings one of these secrets, at whatever host, is not signed
-- in again by itself. Of a family are those that ended together; whoever signs in by hand ends the pause of all of them.
create table signed_out_sessions (
  secret_hash text primary key,
  workspace_id bigint not null references workspaces (id),
  family text not null,
  expires_at bigint not null
);
create index signed_out_sessions_by_family on signed_out_sessions (workspace_id, family);
create index signed_out_sessions_by_expiry on signed_out_sessions (expires_at);
