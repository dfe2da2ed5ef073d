-- A suspension may end by itself.
alter table users
    add column status_until timestamptz check (isfinite(status_until)),
    -- Whether nobody had approved the account when it was suspended: it goes back to that.
    add column suspended_unapproved boolean not null default false,
    add constraint user_suspension check (status = 'suspended' or status_until is null and not suspended_unapproved);
create index users_by_status_until on users (status_until) where status_until is not null;
