-- The append-only event log.
create table audit_events (
    id      bigint generated always as identity primary key,
    at      timestamptz not null default clock_timestamp(),
    actor   text not null,
    address text,
    action  text not null,
    target  text,
    outcome text not null check (outcome in ('success', 'failure')),
    detail  jsonb not null default '{}'
);
create index audit_events_by_target on audit_events (target, id);
create index audit_events_by_actor on audit_events (actor, id);

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is append-only' using errcode = 'restrict_violation';
end $$;
create trigger append_only before update or delete or truncate on audit_events
    for each statement execute function refuse_audit_change();

-- Keys that sign access tokens. The private half is encrypted with the master key.
create table signing_keys (
    id          uuid primary key default gen_random_uuid(),
    public_jwk  jsonb not null,
    private_key bytea not null,
    created_at  timestamptz not null default now()
);

-- All nodes take up a new key at once.
create function signing_keys_changed() returns trigger language plpgsql as $$
begin perform pg_notify('gatehouse', 'signing_keys:'); return null; end $$;
create trigger notify_change after insert or update or delete on signing_keys
    for each statement execute function signing_keys_changed();

-- A session lasts from a login until it expires or is deleted, which also ends what was issued for it.
create table sessions (
    id         uuid primary key default gen_random_uuid(),
    uid_number integer not null references users on delete cascade,
    address    text,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);
create index sessions_by_user on sessions (uid_number);

-- Refresh tokens; only their SHA-256 is kept. A spent one stays as long as its session, so that its reuse is recognised.
create table refresh_tokens (
    token_hash bytea primary key,
    session_id uuid not null references sessions on delete cascade,
    created_at timestamptz not null default now(),
    spent_at   timestamptz
);
create index refresh_tokens_by_session on refresh_tokens (session_id);

-- The physical layout starts with sites.
create table sites (
    id              integer generated always as identity primary key,
    name            text not null constraint site_name_unique unique check (length(name) between 1 and 255),
    internal_domain text not null check (length(internal_domain) between 1 and 253),
    dhcp_range      text,
    subnet_mask     inet,
    gateway         inet,
    dns_forwarders  text,
    external_ip     inet,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now()
);
