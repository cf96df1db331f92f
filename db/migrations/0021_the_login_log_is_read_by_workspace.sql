create index login_log_by_workspace on login_log (workspace_id, id);
