alter table hosts add column proved_by text not null default 'operator' check (proved_by in ('operator', 'localhost', 'dns', 'file'));

-- A host that is wanted and not yet proved is no row of hosts, so nothing can serve it by mistake.
create table unproved_hosts (
  workspace_id bigint not null references workspaces (id),
  host text not null,
  origin text not null,
  token text not null,
  dns_answer text,
  file_answer text,
  checked_at bigint,
  created_at bigint not null,
  primary key (workspace_id, host)
);
