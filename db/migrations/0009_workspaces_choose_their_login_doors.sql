alter table workspaces add column cookie_door integer not null default 0 check (cookie_door in (0, 1));
alter table workspaces add column return_to_parameter text not null default 'return_to';
