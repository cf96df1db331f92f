-- {{id}} is this database's identity column; everything else is portable SQL.
create table workspaces (
  id {{id}},
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
);

create table hosts (
  id {{id}},
  workspace_id bigint not null references workspaces (id),
  host text not null unique,
  origin text not null unique,
  is_primary integer not null default 1 check (is_primary in (0, 1)),
  created_at bigint not null
);
create index hosts_by_workspace on hosts (workspace_id);

create table origins (
  workspace_id bigint not null references workspaces (id),
  origin text not null,
  created_at bigint not null,
  primary key (workspace_id, origin)
);

create table teammates (
  id {{id}},
  workspace_id bigint not null references workspaces (id),
  name text not null,
  email text not null,
  created_at bigint not null,
  unique (workspace_id, id),
  unique (workspace_id, email)
);

create table api_tokens (
  id {{id}},
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
create index api_tokens_by_workspace on api_tokens (workspace_id);
