-- A boot's probe cookie: whether a page load of the same browser brought it back, and how that browser's last attempt ended.
create table probes (
  reference_hash text primary key,
  workspace_id bigint not null references workspaces (id),
  host text not null,
  origin text not null,
  set_at bigint not null,
  returned_at bigint,
  last_at bigint not null,
  last_outcome text not null,
  last_code text
);
create index probes_by_time on probes (workspace_id, set_at);
