-- What a request of a real browser proved about the way between it and us: one row per kind, host and listed origin.
create table sightings (
  workspace_id bigint not null references workspaces (id),
  kind text not null check (kind in ('cookie_returned', 'cookie_lost', 'page_without_cookie')),
  host text not null,
  origin text not null,
  first_at bigint not null,
  last_at bigint not null,
  times bigint not null,
  primary key (workspace_id, kind, host, origin)
);
