-- Never a secret, a token or a password: who, what, about what, when. A null teammate is nobody known, or the command line.
create table audit_log (
  id {{id}},
  workspace_id bigint not null references workspaces (id),
  at bigint not null,
  teammate_id bigint,
  action text not null,
  subject text,
  detail text,
  address text,
  foreign key (workspace_id, teammate_id) references teammates (workspace_id, id)
);
create index audit_log_by_time on audit_log (workspace_id, id);
