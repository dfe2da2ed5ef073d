-- A session tells where it was seen last, and ends when it has not been seen for long.
alter table sessions
    add column user_agent   text check (length(user_agent) <= 256),
    add column last_seen_at timestamptz not null default now(),
    add column last_address text;
update sessions set last_address = address;

-- A signing key is published some time before it signs.
alter table signing_keys add column signs_from timestamptz not null default now();
update signing_keys set signs_from = created_at;

-- Keys for programs. Only the SHA-256 of the secret part is kept; the prefix names the key.
create table api_keys (
    id                uuid primary key default gen_random_uuid(),
    prefix            text not null constraint api_key_prefix_unique unique check (prefix ~ '^[0-9a-z]{8}$'),
    secret_hash       bytea not null check (length(secret_hash) = 32),
    description       text not null check (length(description) between 1 and 1024),
    uid_number        integer references users on delete cascade,
    service_account   text constraint api_key_service_account references service_accounts on delete cascade on update cascade,
    scopes            text[] not null check (cardinality(scopes) between 1 and 32),
    expires_at        timestamptz,
    allowed_networks  cidr[] not null default '{}' check (cardinality(allowed_networks) <= 64),
    rate_limit        integer not null check (rate_limit between 1 and 1000000),
    created_at        timestamptz not null default now(),
    created_by        text not null,
    last_used_at      timestamptz,
    last_used_address inet,
    revision          bigint not null default 1,
    constraint api_key_owner check (num_nonnulls(uid_number, service_account) = 1)
);
create index api_keys_by_user on api_keys (uid_number);
create index api_keys_by_service_account on api_keys (service_account);

-- How often each key was used in its present minute. Not worth a write-ahead log: after a crash it begins anew.
create unlogged table api_key_usage (
    key_id       uuid primary key references api_keys on delete cascade,
    window_start timestamptz not null,
    used         integer not null
);
