-- Who may log in where, and run what as whom: policies, and the people whom a container's owner lets in.

create function all_match(items text[], pattern text) returns boolean immutable parallel safe language sql
    as $$ select coalesce(bool_and(coalesce(item ~ pattern, false)), true) from unnest(items) item $$;

create table policies (
    id           integer generated always as identity primary key,
    entry_uuid   uuid not null unique default gen_random_uuid(),
    -- It is a part of a DN, in which two blanks are one (RFC 4518 section 2.6.1).
    name         text not null constraint policy_name_form check (name ~ '^[A-Za-z0-9]+([ ._-][A-Za-z0-9]+)*$' and length(name) <= 64),
    description  text constraint policy_description_form check (length(description) between 1 and 1024 and is_printable(description)),
    -- The lowest number wins.
    priority     integer not null default 100 constraint policy_priority_range check (priority between 0 and 1000000),
    effect       text not null constraint policy_effect_form check (effect in ('allow', 'deny')),
    active       boolean not null default true,
    valid_from   timestamptz,
    valid_until  timestamptz,
    login        boolean not null default true,
    -- As sudoers(5) takes them, but nothing that matches more than it says: no negation, pattern, digest, folder. Null: the policy says
    -- nothing of sudo.
    sudo_commands text[] constraint policy_sudo_commands check (cardinality(sudo_commands) between 1 and 64)
                         constraint policy_sudo_commands_form check (all_match(sudo_commands,
                             '^(ALL|(?=.{1,255}$)(/(?!\.{1,2}(/| |$)|sudoedit( |$))[A-Za-z0-9._+@-]+)+( ""|( [A-Za-z0-9._/:=,+@%~-]+)*))$')),
    -- Users, and groups behind a percent sign; ALL for anybody.
    sudo_run_as  text[] not null default '{}' constraint policy_sudo_run_as check (cardinality(sudo_run_as) <= 64)
                         constraint policy_sudo_run_as_form check (all_match(sudo_run_as, '^(ALL|%?[a-z_][a-z0-9_.-]{0,31})$')),
    -- Whether the own password has to be given.
    sudo_authenticate boolean not null default true,
    -- Whether it counted when somebody last looked: access goes by the times, not by this.
    in_force     boolean not null,
    usn          bigint not null,
    revision     bigint not null default nextval('revisions'),
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),
    constraint policy_validity check (valid_from < valid_until),
    constraint policy_says_something check (login or sudo_commands is not null),
    constraint policy_run_as_needs_commands check (sudo_commands is not null or cardinality(sudo_run_as) = 0)
);
create unique index policy_name_unique on policies (lower(name));
create index policies_by_usn on policies (usn);

-- Whom a policy is about. A group that a policy names stays: without it the policy would say something else.
create table policy_targets (
    policy_id  integer not null references policies on delete cascade,
    uid_number integer constraint policy_target_user references users on delete cascade,
    gid_number integer constraint policy_target_group references groups on delete restrict,
    constraint policy_target_form check (num_nonnulls(uid_number, gid_number) = 1),
    constraint policy_target_user_unique unique (policy_id, uid_number),
    constraint policy_target_group_unique unique (policy_id, gid_number)
);
create index policy_targets_by_user on policy_targets (uid_number);
create index policy_targets_by_group on policy_targets (gid_number);

-- Where it counts. The network 0.0.0.0/0 is everywhere, also where there is no address.
create table policy_destinations (
    policy_id    integer not null references policies on delete cascade,
    site_id      integer constraint policy_destination_site references sites on delete cascade,
    node_id      integer constraint policy_destination_node references nodes on delete cascade,
    container_id integer constraint policy_destination_container references containers on delete cascade,
    network      cidr,
    constraint policy_destination_form check (num_nonnulls(site_id, node_id, container_id, network) = 1),
    constraint policy_destination_site_unique unique (policy_id, site_id),
    constraint policy_destination_node_unique unique (policy_id, node_id),
    constraint policy_destination_container_unique unique (policy_id, container_id),
    constraint policy_destination_network_unique unique (policy_id, network)
);
create index policy_destinations_by_site on policy_destinations (site_id);
create index policy_destinations_by_node on policy_destinations (node_id);
create index policy_destinations_by_container on policy_destinations (container_id);

create table container_collaborators (
    container_id integer not null constraint collaborator_container references containers on delete cascade,
    uid_number   integer not null constraint collaborator_user references users on delete cascade,
    created_at   timestamptz not null default now(),
    primary key (container_id, uid_number)
);
create index container_collaborators_by_user on container_collaborators (uid_number);

-- Whoever writes policies takes both locks, that of the cluster first. What changes with a user or a group does so while the directory's
-- lock is held, which comes second, and needs nothing of the cluster.
create function lock_policy_writes() returns trigger language plpgsql as $$
begin
    if pg_trigger_depth() = 1 then
        perform pg_advisory_xact_lock(hashtext('gatehouse.cluster'));
    end if;
    perform pg_advisory_xact_lock(hashtext('gatehouse.directory'));
    return null;
end $$;

create function covers_now(valid_from timestamptz, valid_until timestamptz) returns boolean volatile parallel safe
    return coalesce(valid_from <= clock_timestamp(), true) and coalesce(clock_timestamp() < valid_until, true);

create function stamp_policy() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' or (old.valid_from, old.valid_until) is distinct from (new.valid_from, new.valid_until) then
        new.in_force := covers_now(new.valid_from, new.valid_until);
    end if;
    new.usn := nextval('directory_usn');
    new.revision := nextval('revisions');
    new.updated_at := clock_timestamp();
    return new;
end $$;

create function touch_policy() returns trigger language plpgsql as $$
begin
    update policies set usn = default where id = case tg_op when 'DELETE' then old.policy_id else new.policy_id end;
    return null;
end $$;

-- Its entry shows their names.
create function touch_policies_of_user() returns trigger language plpgsql as $$
begin
    update policies set usn = default where id in (select policy_id from policy_targets where uid_number = new.uid_number);
    return null;
end $$;
create function touch_policies_of_group() returns trigger language plpgsql as $$
begin
    update policies set usn = default where id in (select policy_id from policy_targets where gid_number = new.gid_number);
    return null;
end $$;

-- A container that comes, goes, moves or gets another name changes the hosts of all policies that may cover it.
create function touch_policies_of_container() returns trigger language plpgsql as $$
begin
    if exists (select from policies) then
        update policies set usn = default where id in (select policy_id from policy_destinations where container_id = coalesce(new.id, old.id))
            or sudo_commands is not null and id in (select policy_id from policy_destinations where container_id is null);
    end if;
    return null;
end $$;

create function touch_policies_of_node() returns trigger language plpgsql as $$
begin
    if exists (select from policies) then
        update policies set usn = default where id in (select policy_id from policy_destinations where node_id = new.id)
            or sudo_commands is not null and id in (select policy_id from policy_destinations where site_id in (old.site_id, new.site_id));
    end if;
    return null;
end $$;

create function touch_policies_of_site() returns trigger language plpgsql as $$
begin
    if exists (select from policies) then
        update policies set usn = default where id in (select policy_id from policy_destinations where site_id = new.id)
            or sudo_commands is not null and old.internal_domain <> new.internal_domain;
    end if;
    return null;
end $$;

-- Told, not touched: who deletes a user holds the directory's lock, and must not ask for that of the cluster.
create function collaborators_written() returns trigger language plpgsql as $$
begin
    perform pg_notify('gatehouse', 'containers:' || case tg_op when 'DELETE' then old.container_id else new.container_id end);
    return null;
end $$;

create trigger a_lock before insert or update or delete on policies            for each statement execute function lock_policy_writes();
create trigger a_lock before insert or update or delete on policy_targets      for each statement execute function lock_policy_writes();
create trigger a_lock before insert or update or delete on policy_destinations for each statement execute function lock_policy_writes();
create trigger a_lock before insert or update on container_collaborators       for each statement execute function lock_cluster_writes();

create trigger b_stamp before insert or update on policies for each row execute function stamp_policy();

create trigger d_touch after insert or update or delete on policy_targets          for each row execute function touch_policy();
create trigger d_touch after insert or update or delete on policy_destinations     for each row execute function touch_policy();
create trigger d_touch_policies after update of username, status on users
    for each row when (old.username <> new.username or (old.status = 'active') <> (new.status = 'active')) execute function touch_policies_of_user();
create trigger d_touch_policies after update of cn on groups
    for each row when (old.cn <> new.cn) execute function touch_policies_of_group();
create trigger d_touch_policies_come_and_go after insert or delete on containers for each row execute function touch_policies_of_container();
create trigger d_touch_policies after update of hostname, node_id, ipv4_address on containers
    for each row when (old.hostname <> new.hostname or old.node_id <> new.node_id or old.ipv4_address is distinct from new.ipv4_address)
    execute function touch_policies_of_container();
create trigger d_touch_policies after update of name, site_id on nodes
    for each row when (old.name <> new.name or old.site_id <> new.site_id) execute function touch_policies_of_node();
create trigger d_touch_policies after update of name, internal_domain on sites
    for each row when (old.name <> new.name or old.internal_domain <> new.internal_domain) execute function touch_policies_of_site();

create trigger e_notify after insert or update or delete on policies for each row execute function notify_row_change('id');
create trigger e_notify after insert or update or delete on container_collaborators for each row execute function collaborators_written();
create trigger e_notify_truncate after truncate on policies                for each statement execute function directory_truncated();
create trigger e_notify_truncate after truncate on policy_targets          for each statement execute function directory_truncated();
create trigger e_notify_truncate after truncate on policy_destinations     for each statement execute function directory_truncated();
create trigger e_notify_truncate after truncate on container_collaborators for each statement execute function directory_truncated();

alter table settings add constraint setting_access_default_form check (key <> 'access_default' or value in ('open', 'closed'));
