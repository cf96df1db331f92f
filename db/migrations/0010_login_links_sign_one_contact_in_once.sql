create table login_links (
  code_hash text primary key,
  workspace_id bigint not null references workspaces (id),
  contact_id text not null,
  return_to text not null,
  created_at bigint not null,
  expires_at bigint not null,
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade
);
create index login_links_by_expiry on login_links (expires_at);
