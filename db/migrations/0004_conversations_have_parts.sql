-- A ticket's thread is a conversation too (kind 'ticket'); the ticket itself stands in tickets.
create table conversations (
  id {{id}},
  workspace_id bigint not null references workspaces (id),
  kind text not null default 'chat' check (kind in ('chat', 'ticket')),
  contact_id text not null,
  title text,
  state text not null default 'open' check (state in ('open', 'closed', 'snoozed')),
  snoozed_until bigint,
  priority text not null default 'none' check (priority in ('none', 'low', 'medium', 'high', 'urgent')),
  admin_assignee_id bigint,
  initiated_by text not null check (initiated_by in ('contact', 'admin')),
  claimed_user_id text,
  last_sequence bigint not null default 0,
  contact_seen_sequence bigint not null default 0,
  admin_seen_sequence bigint not null default 0,
  waiting_since bigint,
  created_at bigint not null,
  updated_at bigint not null,
  unique (workspace_id, id),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, admin_assignee_id) references teammates (workspace_id, id)
);
create index conversations_by_contact on conversations (workspace_id, contact_id, updated_at);
create index conversations_by_update on conversations (workspace_id, updated_at);

-- Sequence 1 is the first message (the API's "source"); sequences have no gaps.
create table conversation_parts (
  id {{id}},
  workspace_id bigint not null,
  conversation_id bigint not null,
  sequence bigint not null,
  part_type text not null check (part_type in ('comment', 'note', 'open', 'close', 'assignment', 'ticket_state_updated_by_admin', 'ticket_state_updated_by_user')),
  body text,
  author_type text not null check (author_type in ('visitor', 'lead', 'user', 'admin', 'bot')),
  author_id text not null,
  client_id text,
  ticket_state_id bigint,
  previous_ticket_state_id bigint,
  created_at bigint not null,
  unique (workspace_id, id),
  unique (conversation_id, sequence),
  unique (conversation_id, author_id, client_id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade
);

-- The append-only log that live streams resume from.
create table events (
  id {{id}},
  workspace_id bigint not null references workspaces (id),
  topic text not null,
  contact_id text,
  conversation_id bigint,
  visible_to_contact integer not null check (visible_to_contact in (0, 1)),
  data text not null,
  created_at bigint not null
);
create index events_by_contact on events (workspace_id, contact_id, id);
create index events_by_workspace on events (workspace_id, id);

create table tracked_events (
  id {{id}},
  workspace_id bigint not null,
  contact_id text not null,
  event_name text not null,
  metadata text not null,
  created_at bigint not null,
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade
);
create index tracked_events_by_contact on tracked_events (workspace_id, contact_id, id);
