create table oidc_providers (
  id {{id}},
  workspace_id bigint not null references workspaces (id),
  name text not null,
  issuer text not null,
  client_id text not null,
  client_secret_encrypted text,
  scopes text not null,
  id_token_alg text not null check (id_token_alg in ('RS256', 'PS256', 'ES256', 'EdDSA')),
  email_domains text not null,
  created_at bigint not null,
  unique (workspace_id, id),
  unique (workspace_id, issuer, client_id)
);

-- Somebody who is at a provider now. Nonce and PKCE verifier follow from the state and a cookie, so neither stands here.
create table oidc_logins (
  state_hash text primary key,
  workspace_id bigint not null references workspaces (id),
  provider_id bigint not null,
  return_to text not null,
  expires_at bigint not null,
  foreign key (workspace_id, provider_id) references oidc_providers (workspace_id, id) on delete cascade
);
create index oidc_logins_by_provider on oidc_logins (workspace_id, provider_id);
create index oidc_logins_by_expiry on oidc_logins (expires_at);
