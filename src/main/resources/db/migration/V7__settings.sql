-- What administrators can change while the servers run. What is not here has its default.

create function is_port_range(value text) returns boolean immutable parallel safe
    return case when value ~ '^[1-9][0-9]{0,4}-[1-9][0-9]{0,4}$'
        then split_part(value, '-', 1)::integer <= split_part(value, '-', 2)::integer and split_part(value, '-', 2)::integer <= 65535
        else false end;

create table settings (
    key        text primary key constraint setting_key_form check (key ~ '^[a-z][a-z0-9_]{0,62}$'),
    -- Secrets are encrypted, in Base64.
    value      text not null constraint setting_value_length check (length(value) <= 8192),
    revision   bigint not null default nextval('revisions'),
    updated_at timestamptz not null default now(),
    updated_by text not null,
    constraint setting_push_notification_url_form check (key <> 'push_notification_url' or value = '' or is_web_address(value)),
    constraint setting_push_notification_enabled_form check (key <> 'push_notification_enabled' or value in ('true', 'false')),
    constraint setting_port_range_form check (key not in ('tcp_port_range', 'udp_port_range') or is_port_range(value))
);

create function lock_settings() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtext('gatehouse.settings'));
    return null;
end $$;

create function check_settings() returns trigger language plpgsql as $$
begin
    if exists (select from settings where key = 'push_notification_enabled' and value = 'true')
       and not exists (select from settings where key = 'push_notification_url' and value <> '') then
        raise exception 'push notifications cannot be enabled without an address'
            using errcode = 'check_violation', constraint = 'setting_push_notification_needs_url';
    end if;
    return null;
end $$;

create trigger a_lock before insert or update or delete on settings for each statement execute function lock_settings();
create trigger b_stamp before insert or update on settings for each row execute function stamp_revision();
-- At the commit, so that several settings can change together.
create constraint trigger c_together after insert or update or delete on settings
    deferrable initially deferred for each row execute function check_settings();
create trigger e_notify after insert or update or delete on settings for each row execute function notify_row_change('key');
create trigger e_notify_truncate after truncate on settings for each statement execute function notify_truncate();
