alter table workspaces add column email_links integer not null default 0 check (email_links in (0, 1));

-- A link that was mailed and not yet used. The browser that asked for it needs no further question.
create table email_links (
  code_hash text primary key,
  workspace_id bigint not null references workspaces (id),
  email text not null,
  browser_hash text not null,
  return_to text not null,
  expires_at bigint not null
);
create index email_links_by_expiry on email_links (expires_at);

-- What was mailed to addresses that strangers typed, for a day: enough to count by, and no address in clear.
create table asked_mails (
  id {{id}},
  workspace_id bigint not null references workspaces (id),
  address_hash text not null,
  network_hash text not null,
  at bigint not null
);
create index asked_mails_by_time on asked_mails (workspace_id, at);
