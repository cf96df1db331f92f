-- As the product of migration 0025 wrote them, under an installation key of 32 bytes that are 7: Ada booted on the app and was
-- handed over to docs.acme.test, a visitor booted, Grace set her password and signed in.
insert into workspaces (app_id, name, action_color, created_at) values ('acme', 'Acme', '#0f766e', 1767603600000);
insert into hosts (workspace_id, host, origin, is_primary, created_at, proved_by)
values (1, 'help.acme.test', 'https://help.acme.test', 1, 1767603600000, 'operator'),
  (1, 'docs.acme.test', 'https://docs.acme.test', 0, 1767603600000, 'operator');
insert into origins (workspace_id, origin, created_at) values (1, 'https://app.acme.test', 1767603600000);
insert into signing_keys (workspace_id, kid, name, material, web, ios, android, created_at, last_used_at, kind, algorithm)
values (1, 'mk_174e31fb55bf', 'first', 'bGP7RaZSz8IZVyFUtD5ZB-8l_uKl94UEP7YQU8hMJSTU0RwAbcEdtmE91Ofiv9OAcdKtx64hR5Vjmrr1sRxqaoQ-M8Xfuoo', 1, 1, 1, 1767603600000, 1767603600000, 'secret', 'HS256');
insert into contacts (id, workspace_id, role, external_id, email, email_source, name, name_source, last_seen_at, created_at, updated_at)
values ('8d1d2c95d107dc30ec1c587b', 1, 'user', 'ada', 'ada@engines.test', 'token', 'Ada Lovelace', 'token', 1767603600000, 1767603600000, 1767603600000);
insert into contact_attributes (workspace_id, contact_id, name, type, text_value, source, updated_at)
values (1, '8d1d2c95d107dc30ec1c587b', 'plan', 'string', 'pro', 'token', 1767603600000);
insert into sessions (workspace_id, secret_hash, kind, contact_id, visitor_id, claims_digest, device, platform, door, signing_key_id, parent_session_id, duration_ms, created_at, last_seen_at, expires_at, ends_at, carrier)
values (1, 'fb8eb5c35ba14703958eed962f857b061d9e2eb5f582beb74ec031cb489f7945', 'user', '8d1d2c95d107dc30ec1c587b', 'd4416e3aff0404b9cfd91ea6', null, 'Unknown device', 'web', 'boot', 1, null, 604800000, 1767603600000, 1767603600000, 1768208400000, 1770195600000, 'cookie'),
  (1, 'f7df681a5c5195f0daeacf11b8d49418f74a8a61a65d9873c0b4257094e51114', 'visitor', null, '58545774638e6f6877cbe049', null, 'Unknown device', 'web', 'boot', null, null, 604800000, 1767603600000, 1767603600000, 1768208400000, 1770195600000, 'cookie'),
  (1, '3e6b45dc7c49f4d760b0dfb05745e0be13731aaa52b042a140ff2c507ae2c0f7', 'user', '8d1d2c95d107dc30ec1c587b', 'a711b2e7002ed7beff378f22', 'krkqP4Jol1mgD-8faoV3D5BpnPHeQxqDwwEg7jMJ40I', 'Unknown device', 'web', 'handoff', null, 1, 604800000, 1767603600000, 1767603600000, 1768208400000, 1770195600000, 'cookie');
insert into teammates (workspace_id, name, email, created_at, role) values (1, 'Grace', 'grace@acme.test', 1767603600000, 'owner');
insert into teammate_passwords (workspace_id, teammate_id, password_hash, changed_at)
values (1, 1, '$argon2id$v=19$m=19456,t=2,p=1$6MM2170S4kMFsVm3gw9Gsw$mWgpSabtaHHfjbleqkp1ooL68/X+0vRzETpWsiVqBRA', 1767603600000);
insert into teammate_sessions (workspace_id, teammate_id, secret_hash, device, address, password_checked_at, created_at, last_seen_at, expires_at, ends_at)
values (1, 1, '96e64cc681380c2439a0cafbeae43ad39ffc2a1a692f8c947686ce743aa6b4f9', 'Firefox on Linux', '192.0.2.1', 1767603600000, 1767603600000, 1767603600000, 1768208400000, 1770195600000);
