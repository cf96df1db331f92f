-- A user may be known by what an OpenID provider calls them, without an id in the app.
{{check}} contacts contacts_check: check ((role = 'user') = (external_id is not null)) becomes check (external_id is null or role = 'user');
-- "mail": the address answered a mail of ours.
{{check}} contacts contacts_email_source_check: check (email_source in ('token', 'api', 'teammate', 'messenger')) becomes check (email_source in ('token', 'api', 'teammate', 'messenger', 'mail'));
-- "lead": somebody whose address is proved, and nothing else.
{{check}} sessions sessions_kind_check: check (kind in ('visitor', 'claimed', 'user')) becomes check (kind in ('visitor', 'claimed', 'lead', 'user'));
{{check}} sessions sessions_check: check (kind <> 'user' or contact_id is not null) becomes check (kind not in ('lead', 'user') or contact_id is not null);

-- Who somebody is to whoever vouches for them. An issuer is an https address, or "mailto:", where the subject is an address that answered a mail of ours.
create table contact_identities (
  workspace_id bigint not null references workspaces (id),
  issuer text not null,
  subject text not null,
  contact_id text not null,
  created_at bigint not null,
  last_seen_at bigint not null,
  primary key (workspace_id, issuer, subject),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade
);
create index contact_identities_by_contact on contact_identities (workspace_id, contact_id);

alter table pending_logins add column issuer text;
alter table pending_logins add column subject text;
{{check}} pending_logins pending_logins_check: check ((user_id is null) <> (contact_id is null)) becomes check ((case when user_id is null then 0 else 1 end) + (case when contact_id is null then 0 else 1 end) + (case when subject is null then 0 else 1 end) = 1);
