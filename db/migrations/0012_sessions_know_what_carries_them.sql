-- cookie: the first-party cookie, every surface. On another site, and for the Messenger alone: embedded is the partitioned
-- cookie, bearer a token in the page's memory; a session is the latter until that cookie was seen to come back.
alter table sessions add column carrier text not null default 'cookie' check (carrier in ('cookie', 'embedded', 'bearer'));
