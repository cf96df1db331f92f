-- The host name that the secret was given at; at any other it is worth nothing. Cookies know no ports, so nor does this.
-- Null: at every host. So it is for a token in a cookie of the parent domain, which all hosts there see, and for sessions that
-- stand already: they are over within their 30 days.
alter table sessions add column hostname text;
