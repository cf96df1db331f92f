create table ticket_types (
  id {{id}},
  workspace_id bigint not null references workspaces (id),
  name text not null,
  description text not null default '',
  icon text not null default '🎫',
  category text not null check (category in ('Customer', 'Back-office', 'Tracker')),
  archived integer not null default 0 check (archived in (0, 1)),
  created_at bigint not null,
  updated_at bigint not null,
  unique (workspace_id, id)
);

create table ticket_type_attributes (
  id {{id}},
  workspace_id bigint not null,
  ticket_type_id bigint not null,
  name text not null,
  description text not null default '',
  data_type text not null check (data_type in ('string', 'list', 'integer', 'decimal', 'boolean', 'datetime')),
  multiline integer not null default 0 check (multiline in (0, 1)),
  required_to_create integer not null default 0 check (required_to_create in (0, 1)),
  required_to_create_for_contacts integer not null default 0 check (required_to_create_for_contacts in (0, 1)),
  visible_on_create integer not null default 1 check (visible_on_create in (0, 1)),
  visible_to_contacts integer not null default 1 check (visible_to_contacts in (0, 1)),
  position bigint not null,
  archived integer not null default 0 check (archived in (0, 1)),
  created_at bigint not null,
  updated_at bigint not null,
  unique (workspace_id, id),
  unique (ticket_type_id, name),
  foreign key (workspace_id, ticket_type_id) references ticket_types (workspace_id, id) on delete cascade
);

create table ticket_attribute_options (
  id text primary key,
  workspace_id bigint not null,
  attribute_id bigint not null,
  label text not null,
  position bigint not null,
  foreign key (workspace_id, attribute_id) references ticket_type_attributes (workspace_id, id) on delete cascade
);

create table ticket_states (
  id {{id}},
  workspace_id bigint not null references workspaces (id),
  category text not null check (category in ('submitted', 'in_progress', 'waiting_on_customer', 'resolved')),
  internal_label text not null,
  external_label text not null,
  position bigint not null,
  archived integer not null default 0 check (archived in (0, 1)),
  unique (workspace_id, id),
  unique (workspace_id, internal_label)
);

create table tickets (
  id {{id}},
  workspace_id bigint not null,
  ticket_number bigint not null,
  ticket_type_id bigint not null,
  ticket_state_id bigint not null,
  previous_ticket_state_id bigint,
  conversation_id bigint not null unique,
  contact_id text not null,
  company_id text,
  title text not null,
  description text not null,
  is_shared integer not null default 1 check (is_shared in (0, 1)),
  created_at bigint not null,
  updated_at bigint not null,
  unique (workspace_id, id),
  unique (workspace_id, ticket_number),
  foreign key (workspace_id, ticket_type_id) references ticket_types (workspace_id, id),
  foreign key (workspace_id, ticket_state_id) references ticket_states (workspace_id, id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade,
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, company_id) references companies (workspace_id, id)
);
create index tickets_by_contact on tickets (workspace_id, contact_id, updated_at);
create index tickets_by_company on tickets (workspace_id, company_id, updated_at);

create table ticket_attribute_values (
  workspace_id bigint not null,
  ticket_id bigint not null,
  attribute_id bigint not null,
  text_value text,
  number_value double precision,
  primary key (workspace_id, ticket_id, attribute_id),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade,
  foreign key (workspace_id, attribute_id) references ticket_type_attributes (workspace_id, id)
);
