-- A person's second factor, the passwords for programs that cannot ask for one, and logins that are half done.

-- An authenticator (RFC 6238). The secret is encrypted with the master key. It counts from its confirmation on.
create table totp_factors (
    uid_number   integer primary key references users on delete cascade,
    secret       bytea not null,
    -- The newest code that was used, by its number since 1970: this and older ones are spent, on all nodes.
    last_step    bigint,
    confirmed_at timestamptz,
    created_at   timestamptz not null default now()
);

-- Only their SHA-256 is kept.
create table recovery_codes (
    uid_number integer not null references totp_factors on delete cascade,
    code_hash  bytea not null check (length(code_hash) = 32),
    used_at    timestamptz,
    primary key (uid_number, code_hash)
);

-- Passwords for LDAP only. They are random, so their SHA-256 is as good as a slow hash.
create table app_passwords (
    id                uuid primary key default gen_random_uuid(),
    uid_number        integer not null references users on delete cascade,
    name              text not null check (length(name) between 1 and 256),
    secret_hash       bytea not null unique check (length(secret_hash) = 32),
    expires_at        timestamptz check (isfinite(expires_at)),
    allowed_networks  cidr[] not null default '{}' check (cardinality(allowed_networks) <= 64),
    created_at        timestamptz not null default now(),
    last_used_at      timestamptz,
    last_used_address inet,
    constraint app_password_name_unique unique (uid_number, name)
);

-- Nodes check binds in memory: they hear of it at once when what they check by changes. Not of mere uses.
create function second_factor_written() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then perform pg_notify('gatehouse', 'users:' || old.uid_number); end if;
    if tg_op <> 'DELETE' then perform pg_notify('gatehouse', 'users:' || new.uid_number); end if;
    return null;
end $$;
create trigger e_notify after insert or delete or update of uid_number, confirmed_at on totp_factors
    for each row execute function second_factor_written();
create trigger e_notify after insert or delete or update of uid_number, secret_hash, expires_at, allowed_networks on app_passwords
    for each row execute function second_factor_written();
create trigger e_notify_truncate after truncate on totp_factors  for each statement execute function directory_truncated();
create trigger e_notify_truncate after truncate on app_passwords for each statement execute function directory_truncated();

-- Whoever had the old password may have made some of them.
create function drop_app_passwords() returns trigger language plpgsql as $$
begin
    delete from app_passwords where uid_number = new.uid_number;
    return null;
end $$;
create trigger f_new_password after update of password_changed_at on users for each row
    when (old.password_changed_at is distinct from new.password_changed_at) execute function drop_app_passwords();

-- Logins whose password was right, and whose second factor is still to come.
create table login_challenges (
    token_hash          bytea primary key check (length(token_hash) = 32),
    uid_number          integer not null references users on delete cascade,
    password_changed_at timestamptz not null,
    failures            integer not null default 0,
    created_at          timestamptz not null default now(),
    expires_at          timestamptz not null
);
create index login_challenges_by_user on login_challenges (uid_number);

-- How its owner proved who he is, named as in RFC 8176.
alter table sessions add column amr text[] not null default '{pwd}';

alter table settings add constraint setting_second_factor_required_form
    check (key <> 'second_factor_required_for_administrators' or value in ('true', 'false'));
