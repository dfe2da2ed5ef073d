-- People, groups and service accounts: what containers see over LDAP.
--
-- Two things travel with every change of these tables, made by triggers so that a change by plain SQL counts as well:
--   * a change number (usn, shown as entryUSN), which grows in commit order;
--   * a notification on channel `gatehouse`, '<table>:<key>', sent at commit.

create sequence directory_usn;

-- Change numbers are handed out under this lock and become visible with the commit that releases it. Without it a slow
-- transaction could publish a smaller number after a client had already seen a larger one and asked only for newer ones.
create function lock_directory_writes() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtext('gatehouse.directory'));
    return null;
end $$;

create function stamp_directory_row() returns trigger language plpgsql as $$
begin
    new.usn := nextval('directory_usn');
    new.updated_at := clock_timestamp();
    return new;
end $$;

create sequence user_uid_numbers as integer minvalue 2000 maxvalue 59999;
-- Away from the uid numbers, so that optional private groups (gid = uid) find their numbers free.
create sequence group_gid_numbers as integer minvalue 10000 maxvalue 59999;

create table groups (
    gid_number       integer primary key default nextval('group_gid_numbers') check (gid_number between 1000 and 2147483646),
    entry_uuid       uuid not null unique default gen_random_uuid(),
    cn               text not null constraint group_cn_unique unique
                     constraint group_cn_form check (cn ~ '^[a-z_][a-z0-9_.-]{0,31}$'),
    description      text check (length(description) between 1 and 1024),
    is_administrator boolean not null default false,
    usn              bigint not null,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now()
);

create table users (
    uid_number          integer primary key default nextval('user_uid_numbers') check (uid_number between 1000 and 2147483646),
    entry_uuid          uuid not null unique default gen_random_uuid(),
    username            text not null constraint user_username_unique unique
                        constraint user_username_form check (username ~ '^[a-z_][a-z0-9_.-]{0,31}$'),
    gid_number          integer not null default 2000 constraint user_primary_group references groups,
    cn                  text not null check (length(cn) between 1 and 256),
    sn                  text not null check (length(sn) between 1 and 256),
    given_name          text check (length(given_name) between 1 and 256),
    mail                text check (length(mail) between 3 and 254),
    gecos               text check (gecos ~ '^[ -9;-~]+$' and length(gecos) <= 256),
    home_directory      text not null check (home_directory ~ '^/[!-9;-~]{0,255}$'),
    login_shell         text not null default '/bin/bash' check (login_shell ~ '^/[!-9;-~]{1,255}$'),
    password_hash       text,
    password_changed_at timestamptz,
    status              text not null default 'pending' check (status in ('pending', 'active', 'suspended')),
    status_reason       text check (length(status_reason) <= 1024),
    usn                 bigint not null,
    created_at          timestamptz not null default now(),
    updated_at          timestamptz not null default now(),
    check ((password_hash is null) = (password_changed_at is null))
);
create unique index user_mail_unique on users (lower(mail));
create index users_by_gid_number on users (gid_number);

create table ssh_keys (
    uid_number  integer not null references users on delete cascade,
    fingerprint text not null check (fingerprint ~ '^SHA256:[A-Za-z0-9+/]{43}$'),
    type        text not null,
    key         text not null,
    comment     text not null default '',
    created_at  timestamptz not null default now(),
    constraint ssh_key_unique primary key (uid_number, fingerprint)
);

create table memberships (
    uid_number integer not null references users on delete cascade,
    gid_number integer not null references groups on delete cascade,
    created_at timestamptz not null default now(),
    primary key (uid_number, gid_number)
);
create index memberships_by_gid_number on memberships (gid_number);

create table service_accounts (
    name                text primary key constraint service_account_name_form check (name ~ '^[a-z_][a-z0-9_.-]{0,62}$'),
    entry_uuid          uuid not null unique default gen_random_uuid(),
    description         text check (length(description) between 1 and 1024),
    password_hash       text not null,
    password_changed_at timestamptz not null default now(),
    usn                 bigint not null,
    created_at          timestamptz not null default now(),
    updated_at          timestamptz not null default now()
);

-- A node reads what is newer than what it has.
create index users_by_usn on users (usn);
create index groups_by_usn on groups (usn);
create index service_accounts_by_usn on service_accounts (usn);

-- A uid or gid number that was ever given out is never given to somebody else: files outlive accounts.
create table retired_ids (
    kind   text not null check (kind in ('uid', 'gid')),
    number integer not null,
    name   text not null,
    at     timestamptz not null default now(),
    primary key (kind, number)
);

create function retire_uid() returns trigger language plpgsql as $$
begin
    insert into retired_ids (kind, number, name) values ('uid', old.uid_number, old.username);
    return null;
end $$;

create function retire_gid() returns trigger language plpgsql as $$
begin
    insert into retired_ids (kind, number, name) values ('gid', old.gid_number, old.cn);
    return null;
end $$;

create function refuse_retired_uid() returns trigger language plpgsql as $$
begin
    if exists (select from retired_ids where kind = 'uid' and number = new.uid_number) then
        raise exception 'uid number % belonged to a deleted user and is never reused', new.uid_number
            using errcode = 'unique_violation', constraint = 'user_uid_retired';
    end if;
    return new;
end $$;

create function refuse_retired_gid() returns trigger language plpgsql as $$
begin
    if exists (select from retired_ids where kind = 'gid' and number = new.gid_number) then
        raise exception 'gid number % belonged to a deleted group and is never reused', new.gid_number
            using errcode = 'unique_violation', constraint = 'group_gid_retired';
    end if;
    return new;
end $$;

create function refuse_default_group_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or new.cn <> old.cn or new.gid_number <> old.gid_number or new.is_administrator <> old.is_administrator then
        raise exception 'group % is built in and keeps its name, number and role', old.cn
            using errcode = 'restrict_violation', constraint = 'group_built_in';
    end if;
    return new;
end $$;

-- Locks first, before any row is touched, so that two writers wait in one queue and cannot deadlock.
create trigger a_lock before insert or update or delete on users            for each statement execute function lock_directory_writes();
create trigger a_lock before insert or update or delete on groups           for each statement execute function lock_directory_writes();
create trigger a_lock before insert or update or delete on memberships      for each statement execute function lock_directory_writes();
create trigger a_lock before insert or update or delete on ssh_keys         for each statement execute function lock_directory_writes();
create trigger a_lock before insert or update or delete on service_accounts for each statement execute function lock_directory_writes();

create trigger b_stamp before insert or update on users            for each row execute function stamp_directory_row();
create trigger b_stamp before insert or update on groups           for each row execute function stamp_directory_row();
create trigger b_stamp before insert or update on service_accounts for each row execute function stamp_directory_row();

create trigger c_retired before insert or update of uid_number on users  for each row execute function refuse_retired_uid();
create trigger c_retired before insert or update of gid_number on groups for each row execute function refuse_retired_gid();
create trigger d_retire after delete on users  for each row execute function retire_uid();
create trigger d_retire after delete on groups for each row execute function retire_gid();
create trigger c_built_in before update or delete on groups for each row when (old.gid_number in (2000, 2001))
    execute function refuse_default_group_change();

-- What changed, told once a statement. A membership or a key is part of its user's entry, so it is the user that changed;
-- a membership changes the group's entry, too.
create function users_inserted() returns trigger language plpgsql as $$
begin perform pg_notify('gatehouse', 'users:' || uid_number) from new_rows; return null; end $$;
create function users_updated() returns trigger language plpgsql as $$
begin
    perform pg_notify('gatehouse', 'users:' || uid_number) from (select uid_number from old_rows union select uid_number from new_rows) changed;
    -- Whoever comes, goes or changes names changes the lists of members.
    if exists (select uid_number, username, status = 'active' from new_rows except select uid_number, username, status = 'active' from old_rows) then
        update groups set usn = default where gid_number in (
            select gid_number from memberships where uid_number in (
                select uid_number from (select uid_number, username, status = 'active' from new_rows
                                        except select uid_number, username, status = 'active' from old_rows) changed));
    end if;
    return null;
end $$;
create function users_deleted() returns trigger language plpgsql as $$
begin perform pg_notify('gatehouse', 'users:' || uid_number) from old_rows; return null; end $$;

create trigger e_notify_insert after insert on users referencing new table as new_rows
    for each statement execute function users_inserted();
create trigger e_notify_update after update on users referencing old table as old_rows new table as new_rows
    for each statement execute function users_updated();
create trigger e_notify_delete after delete on users referencing old table as old_rows
    for each statement execute function users_deleted();

-- With private groups switched on, a group of a person's name or number decides that person's primary group.
create function touch_namesakes(names text[], numbers integer[]) returns void language plpgsql as $$
begin
    if exists (select from users where username = any (names) or uid_number = any (numbers)) then
        update users set usn = default where username = any (names) or uid_number = any (numbers);
    end if;
end $$;

create function groups_inserted() returns trigger language plpgsql as $$
begin
    perform pg_notify('gatehouse', 'groups:' || gid_number) from new_rows;
    perform touch_namesakes(array(select cn from new_rows), array(select gid_number from new_rows));
    return null;
end $$;
create function groups_updated() returns trigger language plpgsql as $$
begin
    perform pg_notify('gatehouse', 'groups:' || gid_number) from (select gid_number from old_rows union select gid_number from new_rows) changed;
    if exists (select gid_number, cn from new_rows except select gid_number, cn from old_rows) then
        update users set usn = default where uid_number in (
            select uid_number from memberships where gid_number in (
                select gid_number from (select gid_number, cn from new_rows except select gid_number, cn from old_rows) changed));
        perform touch_namesakes(array(select cn from old_rows union select cn from new_rows),
                                array(select gid_number from old_rows union select gid_number from new_rows));
    end if;
    return null;
end $$;
create function groups_deleted() returns trigger language plpgsql as $$
begin
    perform pg_notify('gatehouse', 'groups:' || gid_number) from old_rows;
    perform touch_namesakes(array(select cn from old_rows), array(select gid_number from old_rows));
    return null;
end $$;

create trigger e_notify_insert after insert on groups referencing new table as new_rows
    for each statement execute function groups_inserted();
create trigger e_notify_update after update on groups referencing old table as old_rows new table as new_rows
    for each statement execute function groups_updated();
create trigger e_notify_delete after delete on groups referencing old table as old_rows
    for each statement execute function groups_deleted();

create function service_accounts_written() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then perform pg_notify('gatehouse', 'service_accounts:' || old.name); end if;
    if tg_op <> 'DELETE' then perform pg_notify('gatehouse', 'service_accounts:' || new.name); end if;
    return null;
end $$;
create trigger e_notify after insert or update or delete on service_accounts for each row execute function service_accounts_written();

create function memberships_inserted() returns trigger language plpgsql as $$
begin
    update users  set usn = default where uid_number in (select uid_number from new_rows);
    update groups set usn = default where gid_number in (select gid_number from new_rows);
    return null;
end $$;
create function memberships_deleted() returns trigger language plpgsql as $$
begin
    update users  set usn = default where uid_number in (select uid_number from old_rows);
    update groups set usn = default where gid_number in (select gid_number from old_rows);
    return null;
end $$;
create trigger e_touch_insert after insert on memberships referencing new table as new_rows
    for each statement execute function memberships_inserted();
create trigger e_touch_delete after delete on memberships referencing old table as old_rows
    for each statement execute function memberships_deleted();

create function ssh_keys_inserted() returns trigger language plpgsql as $$
begin update users set usn = default where uid_number in (select uid_number from new_rows); return null; end $$;
create function ssh_keys_updated() returns trigger language plpgsql as $$
begin
    update users set usn = default
    where uid_number in (select uid_number from old_rows union select uid_number from new_rows);
    return null;
end $$;
create function ssh_keys_deleted() returns trigger language plpgsql as $$
begin update users set usn = default where uid_number in (select uid_number from old_rows); return null; end $$;
create trigger e_touch_insert after insert on ssh_keys referencing new table as new_rows
    for each statement execute function ssh_keys_inserted();
create trigger e_touch_update after update on ssh_keys referencing old table as old_rows new table as new_rows
    for each statement execute function ssh_keys_updated();
create trigger e_touch_delete after delete on ssh_keys referencing old table as old_rows
    for each statement execute function ssh_keys_deleted();

-- A truncate has no rows to tell of: everybody reloads.
create function directory_truncated() returns trigger language plpgsql as $$
begin perform pg_notify('gatehouse', 'reload:' || tg_table_name); return null; end $$;
create trigger e_notify_truncate after truncate on users            for each statement execute function directory_truncated();
create trigger e_notify_truncate after truncate on groups           for each statement execute function directory_truncated();
create trigger e_notify_truncate after truncate on memberships      for each statement execute function directory_truncated();
create trigger e_notify_truncate after truncate on ssh_keys         for each statement execute function directory_truncated();
create trigger e_notify_truncate after truncate on service_accounts for each statement execute function directory_truncated();

insert into groups (gid_number, cn, description, is_administrator) values
    (2000, 'ldapusers', 'Everybody in the directory', false),
    (2001, 'sysadmins', 'Administrators of the cluster', true);
