-- A teammate without a password signs in nowhere; API tokens speak for them all the same.
alter table teammates add column role text not null default 'agent' check (role in ('owner', 'admin', 'agent', 'viewer'));
alter table teammates add column removed_at bigint;

-- Argon2id in PHC form. The parameters stand in it, so that they can grow.
create table teammate_passwords (
  workspace_id bigint not null,
  teammate_id bigint not null,
  password_hash text not null,
  changed_at bigint not null,
  primary key (workspace_id, teammate_id),
  foreign key (workspace_id, teammate_id) references teammates (workspace_id, id)
);
