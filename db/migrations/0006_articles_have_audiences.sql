-- An audience says who a piece of content is meant for; no audience means everyone.
create table audiences (
  id {{id}},
  workspace_id bigint not null references workspaces (id),
  name text not null,
  visitors integer not null check (visitors in (0, 1)),
  leads integer not null check (leads in (0, 1)),
  users integer not null check (users in (0, 1)),
  unique (workspace_id, id),
  unique (workspace_id, name)
);

-- Every rule of an audience must hold, besides the role; unsigned values never satisfy one.
create table audience_rules (
  id {{id}},
  workspace_id bigint not null,
  audience_id bigint not null,
  subject text not null check (subject in ('contact', 'company')),
  attribute text not null,
  operator text not null check (operator in ('=', '!=', '<', '>', 'contains')),
  value text not null,
  foreign key (workspace_id, audience_id) references audiences (workspace_id, id) on delete cascade
);

create table help_centers (
  id {{id}},
  workspace_id bigint not null references workspaces (id),
  name text not null,
  default_locale text not null,
  created_at bigint not null,
  updated_at bigint not null,
  unique (workspace_id, id)
);

create table help_center_locales (
  workspace_id bigint not null,
  help_center_id bigint not null,
  locale text not null,
  position bigint not null,
  primary key (help_center_id, locale),
  foreign key (workspace_id, help_center_id) references help_centers (workspace_id, id) on delete cascade
);

create table collections (
  id {{id}},
  workspace_id bigint not null,
  help_center_id bigint not null,
  parent_id bigint,
  position bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  unique (workspace_id, id),
  foreign key (workspace_id, help_center_id) references help_centers (workspace_id, id) on delete cascade,
  foreign key (workspace_id, parent_id) references collections (workspace_id, id)
);

create table collection_translations (
  workspace_id bigint not null,
  collection_id bigint not null,
  locale text not null,
  name text not null,
  description text not null default '',
  slug text not null,
  primary key (collection_id, locale),
  foreign key (workspace_id, collection_id) references collections (workspace_id, id) on delete cascade
);

create table articles (
  id {{id}},
  workspace_id bigint not null,
  collection_id bigint,
  audience_id bigint,
  author_id bigint,
  position bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  unique (workspace_id, id),
  foreign key (workspace_id, collection_id) references collections (workspace_id, id),
  foreign key (workspace_id, audience_id) references audiences (workspace_id, id),
  foreign key (workspace_id, author_id) references teammates (workspace_id, id)
);
create index articles_by_collection on articles (workspace_id, collection_id, position);

create table article_translations (
  workspace_id bigint not null,
  article_id bigint not null,
  locale text not null,
  title text not null,
  description text not null default '',
  slug text not null,
  markdown text not null,
  html text not null,
  state text not null check (state in ('draft', 'published')),
  published_at bigint,
  updated_at bigint not null,
  primary key (article_id, locale),
  foreign key (workspace_id, article_id) references articles (workspace_id, id) on delete cascade
);
