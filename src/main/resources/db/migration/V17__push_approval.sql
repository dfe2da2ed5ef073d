-- Logins that somebody approves on a phone.

-- At most one prompt a person, on all nodes: the service that asks knows only one. It is over when the service says so, or with time,
-- so that a node that dies leaves none behind. Those that were not approved are counted, from a moment on.
create table push_prompts (
    uid_number   integer primary key references users on delete cascade,
    prompt       uuid not null,
    open_until   timestamptz not null,
    counted_from timestamptz not null,
    rejected     integer not null default 0 check (rejected >= 0),
    unanswered   integer not null default 0 check (unanswered >= 0)
);

alter table settings add constraint setting_push_notification_client_id_form
    check (key <> 'push_notification_client_id' or value ~ '^[A-Za-z0-9._:@/-]{0,253}$');
