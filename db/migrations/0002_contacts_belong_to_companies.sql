-- The source says who stated a value: token (signed claim), api, teammate, messenger (unsigned).
create table contacts (
  id text primary key,
  workspace_id bigint not null references workspaces (id),
  role text not null check (role in ('visitor', 'lead', 'user')),
  external_id text,
  email text,
  email_source text check (email_source in ('token', 'api', 'teammate', 'messenger')),
  name text,
  name_source text check (name_source in ('token', 'api', 'teammate', 'messenger')),
  phone text,
  phone_source text check (phone_source in ('token', 'api', 'teammate', 'messenger')),
  avatar_url text,
  avatar_url_source text check (avatar_url_source in ('token', 'api', 'teammate', 'messenger')),
  language_override text,
  language_override_source text check (language_override_source in ('token', 'api', 'teammate', 'messenger')),
  signed_up_at bigint,
  signed_up_at_source text check (signed_up_at_source in ('token', 'api', 'teammate', 'messenger')),
  blocked_at bigint,
  last_seen_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  unique (workspace_id, id),
  unique (workspace_id, external_id),
  check ((role = 'user') = (external_id is not null))
);
create index contacts_by_email on contacts (workspace_id, email);
create index contacts_by_update on contacts (workspace_id, updated_at);

create table contact_attributes (
  workspace_id bigint not null,
  contact_id text not null,
  name text not null,
  type text not null check (type in ('string', 'number', 'boolean', 'date', 'list')),
  text_value text,
  number_value double precision,
  source text not null check (source in ('token', 'api', 'teammate', 'messenger')),
  updated_at bigint not null,
  primary key (workspace_id, contact_id, name),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade
);

create table companies (
  id text primary key,
  workspace_id bigint not null references workspaces (id),
  company_id text not null,
  name text,
  plan text,
  signed_up_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  unique (workspace_id, id),
  unique (workspace_id, company_id)
);

create table company_attributes (
  workspace_id bigint not null,
  company_id text not null,
  name text not null,
  type text not null check (type in ('string', 'number', 'boolean', 'date', 'list')),
  text_value text,
  number_value double precision,
  source text not null check (source in ('token', 'api', 'teammate', 'messenger')),
  updated_at bigint not null,
  primary key (workspace_id, company_id, name),
  foreign key (workspace_id, company_id) references companies (workspace_id, id) on delete cascade
);

create table company_memberships (
  workspace_id bigint not null,
  contact_id text not null,
  company_id text not null,
  source text not null check (source in ('token', 'api', 'teammate')),
  created_at bigint not null,
  primary key (workspace_id, contact_id, company_id),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, company_id) references companies (workspace_id, id) on delete cascade
);
create index company_memberships_by_company on company_memberships (workspace_id, company_id);
