alter table login_log add column hint text;
