-- Our clock less the token's iat, after a good signature: below zero the clock of the app that signed is ahead.
alter table login_log add column token_age_ms bigint;
