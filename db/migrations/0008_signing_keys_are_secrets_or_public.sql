alter table messenger_secrets rename to signing_keys;
-- What the key is made of: a secret sealed with the installation's key, a public key as a JWK, or the https address of a JWKS.
alter table signing_keys rename column secret_encrypted to material;
alter table signing_keys add column kind text not null default 'secret' check (kind in ('secret', 'public_key', 'jwks'));
-- A key has one algorithm. HS256 is for secrets and nothing else, so a public key can never be taken for one.
alter table signing_keys add column algorithm text not null default 'HS256' check (algorithm in ('HS256', 'RS256', 'PS256', 'ES256', 'EdDSA') and (kind = 'secret') = (algorithm = 'HS256'));
alter table signing_keys add column issuer text check ((kind = 'secret') = (issuer is null));
alter table signing_keys add column audience text check ((kind = 'secret') = (audience is null));
-- JSON: what we call it → the name or path of the claim that says it.
alter table signing_keys add column claim_mapping text not null default '{}';
-- 0: it vouches for (issuer, subject) pairs and never for a user_id.
alter table signing_keys add column asserts_user_id integer not null default 1 check (asserts_user_id in (0, 1) and (kind = 'jwks' or asserts_user_id = 1));
-- Of a JWKS: the usable keys that were last read there, as JSON, and how the last attempt went.
alter table signing_keys add column published_keys text;
alter table signing_keys add column fetched_at bigint;
alter table signing_keys add column fetch_fault text;
create unique index signing_keys_one_jwks_asserts_user_id on signing_keys (workspace_id) where kind = 'jwks' and asserts_user_id = 1 and retired_at is null;

alter table sessions rename column messenger_secret_id to signing_key_id;
alter table pending_logins rename column messenger_secret_id to signing_key_id;
