-- Containers that have joined the directory: each has an account of its own there, its entry below ou=hosts, which travels as the
-- other entries do, by change number and notification.

-- Who writes machine accounts takes both locks, that of the cluster's writers first. A writer of containers who changes what a
-- host's entry shows takes the second one, too, before any row: a user that is being deleted under it may be the owner's.
create function lock_machine_account_writes() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtext('gatehouse.cluster'));
    perform pg_advisory_xact_lock(hashtext('gatehouse.directory'));
    return null;
end $$;

create table machine_accounts (
    container_id      integer primary key constraint machine_account_container references containers on delete cascade,
    entry_uuid        uuid not null unique default gen_random_uuid(),
    -- The name that the container's own configuration has; after a rename not the container's any more.
    joined_as         text not null constraint machine_account_name_form check (joined_as ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    -- SHA-256: the secret has so many random bits that a slow hash would protect nothing.
    secret_hash       bytea not null constraint machine_account_secret_unique unique check (length(secret_hash) = 32),
    secret_changed_at timestamptz not null default clock_timestamp(),
    joined_at         timestamptz not null default clock_timestamp(),
    usn               bigint not null,
    created_at        timestamptz not null default now(),
    updated_at        timestamptz not null default now()
);
create index machine_accounts_by_usn on machine_accounts (usn);

-- One for a container: a new one takes the place of the old one. It stays when it was redeemed, so that its script can tell.
create table join_tokens (
    container_id integer primary key constraint join_token_container references containers on delete cascade,
    token_hash   bytea not null constraint join_token_unique unique check (length(token_hash) = 32),
    expires_at   timestamptz not null,
    redeemed_at  timestamptz
);

create function machine_accounts_written() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then perform pg_notify('gatehouse', 'machine_accounts:' || old.container_id); end if;
    if tg_op <> 'DELETE' then perform pg_notify('gatehouse', 'machine_accounts:' || new.container_id); end if;
    return null;
end $$;

-- The container shows when it joined.
create function touch_joined_container() returns trigger language plpgsql as $$
begin
    update containers set revision = default
    where id = case tg_op when 'DELETE' then old.container_id else new.container_id end;
    return null;
end $$;

-- The entry shows the container's name and address.
create function touch_machine_account() returns trigger language plpgsql as $$
begin
    if exists (select from machine_accounts where container_id = new.id) then
        update machine_accounts set usn = default where container_id = new.id;
    end if;
    return null;
end $$;

create trigger a_lock before insert or update or delete on machine_accounts for each statement execute function lock_machine_account_writes();
create trigger b_stamp before insert or update on machine_accounts for each row execute function stamp_directory_row();
create trigger d_touch after insert or delete or update of joined_at on machine_accounts for each row execute function touch_joined_container();
create trigger e_notify after insert or update or delete on machine_accounts for each row execute function machine_accounts_written();
create trigger e_notify_truncate after truncate on machine_accounts for each statement execute function directory_truncated();

create trigger d_touch after update of hostname, ipv4_address on containers
    for each row when (old.hostname <> new.hostname or old.ipv4_address is distinct from new.ipv4_address)
    execute function touch_machine_account();
