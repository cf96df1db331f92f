-- The secret is sealed under a key of its own use. `last_step` is the time step of the last code that was taken: none works twice.
create table second_steps (
  workspace_id bigint not null,
  teammate_id bigint not null,
  sealed_secret text not null,
  last_step bigint not null,
  turned_on_at bigint not null,
  primary key (workspace_id, teammate_id),
  foreign key (workspace_id, teammate_id) references teammates (workspace_id, id)
);

-- Each signs in once in place of a code, and is deleted by its use.
create table recovery_codes (
  workspace_id bigint not null,
  teammate_id bigint not null,
  code_hash text not null,
  created_at bigint not null,
  primary key (workspace_id, teammate_id, code_hash),
  foreign key (workspace_id, teammate_id) references second_steps (workspace_id, teammate_id)
);

-- The password was right, and a code is awaited: no session yet.
create table half_sign_ins (
  secret_hash text primary key,
  workspace_id bigint not null,
  teammate_id bigint not null,
  created_at bigint not null,
  expires_at bigint not null,
  foreign key (workspace_id, teammate_id) references second_steps (workspace_id, teammate_id)
);
create index half_sign_ins_by_teammate on half_sign_ins (workspace_id, teammate_id);
create index half_sign_ins_by_expiry on half_sign_ins (expires_at);
