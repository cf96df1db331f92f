-- One standing invite per address: a new one replaces it, and its use deletes it. Without an inviter: from the command line.
create table teammate_invites (
  id {{id}},
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

create table password_resets (
  code_hash text primary key,
  workspace_id bigint not null,
  teammate_id bigint not null,
  created_at bigint not null,
  expires_at bigint not null,
  unique (workspace_id, teammate_id),
  foreign key (workspace_id, teammate_id) references teammates (workspace_id, id)
);
