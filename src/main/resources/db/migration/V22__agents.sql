-- Agents of sites: the keys they come with, and what they told last.

alter table audit_events
    drop constraint audit_events_actor_type_check,
    add constraint audit_events_actor_type_check check (actor_type in ('user', 'service-account', 'container', 'agent', 'system', 'anonymous'));

create table agent_keys (
    id               uuid primary key default gen_random_uuid(),
    site_id          integer not null constraint agent_key_site references sites on delete cascade,
    name             text not null constraint agent_key_name_form check (length(name) <= 255 and is_printable(name)),
    -- SHA-256: the key has so many random bits that a slow hash would protect nothing.
    secret_hash      bytea not null constraint agent_key_secret_unique unique check (length(secret_hash) = 32),
    expires_at       timestamptz,
    allowed_networks cidr[] not null default '{}' check (cardinality(allowed_networks) <= 64),
    created_at       timestamptz not null default now(),
    created_by       text not null,
    constraint agent_key_name_unique unique (site_id, name)
);

-- Every node keeps all keys in memory, and forgets one that is deleted.
create trigger e_notify after insert or update or delete on agent_keys for each row execute function notify_row_change('id');
create trigger e_notify_truncate after truncate on agent_keys for each statement execute function notify_truncate();

-- Written often: nobody is notified.
create table agents (
    id              uuid primary key default gen_random_uuid(),
    site_id         integer not null constraint agent_site references sites on delete cascade,
    host            text not null constraint agent_host_form check (host ~ '^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$'),
    key_id          uuid constraint agent_key references agent_keys on delete set null,
    agent_version   text not null check (length(agent_version) <= 64),
    nginx_version   text check (length(nginx_version) <= 64),
    dnsmasq_version text check (length(dnsmasq_version) <= 64),
    -- The files it works with, by their entity tag; null: none yet.
    applied         text check (applied ~ '^[0-9a-f]{64}$'),
    nginx_error     text check (length(nginx_error) <= 8192),
    dnsmasq_error   text check (length(dnsmasq_error) <= 8192),
    left_out        jsonb not null default '[]',
    address         inet,
    first_seen_at   timestamptz not null default now(),
    seen_at         timestamptz not null default now(),
    -- Since when it could not apply what it was given; null: it could.
    failing_since   timestamptz,
    constraint agent_host_unique unique (site_id, host)
);
create index agents_by_key on agents (key_id);
