-- Groups in groups. Whoever is in a group is in all groups that it is in, at any depth.

create table group_nestings (
    gid_number        integer not null references groups on delete cascade,
    member_gid_number integer not null references groups on delete cascade
                      -- Everybody is in ldapusers, so whatever it was in would be everybody's as well.
                      constraint group_nesting_of_everybody check (member_gid_number <> 2000),
    created_at        timestamptz not null default now(),
    primary key (gid_number, member_gid_number),
    constraint group_nesting_cycle check (gid_number <> member_gid_number)
);
create index group_nestings_by_member on group_nestings (member_gid_number);
create index administrators_groups on groups (gid_number) where is_administrator;

-- These groups, and all that they are in. An offset keeps the join a look into the index for each group: the planner has no idea of
-- how few groups a step of the recursion meets, and would hash the whole table for every one.
create function groups_above(gid_numbers integer[]) returns setof integer language sql stable rows 10 as $$
    with recursive above (gid_number) as (
        select unnest(gid_numbers)
        union
        select n.gid_number from above a
        cross join lateral (select g.gid_number from group_nestings g where g.member_gid_number = a.gid_number offset 0) n)
    select gid_number from above
$$;

-- These groups, and all that are in them.
create function groups_below(gid_numbers integer[]) returns setof integer language sql stable rows 10 as $$
    with recursive below (gid_number) as (
        select unnest(gid_numbers)
        union
        select n.member_gid_number from below b
        cross join lateral (select g.member_gid_number from group_nestings g where g.gid_number = b.gid_number offset 0) n)
    select gid_number from below
$$;

-- The groups whose members are administrators: those that say so, and all that are in them. A view, so that it becomes a part of the
-- queries for rights, which are asked with each request.
create view administering_groups as
    with recursive administering (gid_number) as (
        select gid_number from groups where is_administrator
        union
        select n.member_gid_number from administering a
        cross join lateral (select g.member_gid_number from group_nestings g where g.gid_number = a.gid_number offset 0) n)
    select gid_number from administering;

-- Writers of the directory come one after the other, so that each sees what the ones before it nested.
create function refuse_group_cycle() returns trigger language plpgsql as $$
begin
    if new.member_gid_number in (select groups_above(array[new.gid_number])) then
        raise exception 'group % would contain itself', new.gid_number using errcode = 'check_violation', constraint = 'group_nesting_cycle';
    end if;
    return null;
end $$;

create trigger a_lock before insert or update or delete on group_nestings for each statement execute function lock_directory_writes();
create trigger d_cycle after insert or update on group_nestings for each row execute function refuse_group_cycle();
create trigger e_notify_truncate after truncate on group_nestings for each statement execute function directory_truncated();

-- A nesting changes whom the outer groups list, and which groups everybody and everything below it is in.
create function touch_nestings(outer_groups integer[], inner_groups integer[]) returns void language plpgsql as $$
begin
    update users set usn = default where uid_number in (
        select uid_number from memberships where gid_number in (select groups_below(inner_groups)));
    update groups set usn = default where gid_number in (select groups_above(outer_groups) union select groups_below(inner_groups));
end $$;
create function group_nestings_inserted() returns trigger language plpgsql as $$
begin
    perform touch_nestings(array(select gid_number from new_rows), array(select member_gid_number from new_rows));
    return null;
end $$;
create function group_nestings_updated() returns trigger language plpgsql as $$
begin
    perform touch_nestings(array(select gid_number from old_rows union select gid_number from new_rows),
                           array(select member_gid_number from old_rows union select member_gid_number from new_rows));
    return null;
end $$;
create function group_nestings_deleted() returns trigger language plpgsql as $$
begin
    perform touch_nestings(array(select gid_number from old_rows), array(select member_gid_number from old_rows));
    return null;
end $$;
create trigger e_touch_insert after insert on group_nestings referencing new table as new_rows
    for each statement execute function group_nestings_inserted();
create trigger e_touch_update after update on group_nestings referencing old table as old_rows new table as new_rows
    for each statement execute function group_nestings_updated();
create trigger e_touch_delete after delete on group_nestings referencing old table as old_rows
    for each statement execute function group_nestings_deleted();

-- What changes the list of one group changes those of all groups that it is in.
create or replace function memberships_inserted() returns trigger language plpgsql as $$
begin
    update users  set usn = default where uid_number in (select uid_number from new_rows);
    update groups set usn = default where gid_number in (select groups_above(array(select gid_number from new_rows)));
    return null;
end $$;
create or replace function memberships_deleted() returns trigger language plpgsql as $$
begin
    update users  set usn = default where uid_number in (select uid_number from old_rows);
    update groups set usn = default where gid_number in (select groups_above(array(select gid_number from old_rows)));
    return null;
end $$;

create or replace function users_updated() returns trigger language plpgsql as $$
begin
    perform pg_notify('gatehouse', 'users:' || uid_number) from (select uid_number from old_rows union select uid_number from new_rows) changed;
    -- Whoever comes, goes or changes names changes the lists of members.
    if exists (select uid_number, username, status = 'active' from new_rows except select uid_number, username, status = 'active' from old_rows) then
        update groups set usn = default where gid_number in (select groups_above(array(
            select gid_number from memberships where uid_number in (
                select uid_number from (select uid_number, username, status = 'active' from new_rows
                                        except select uid_number, username, status = 'active' from old_rows) changed))));
    end if;
    return null;
end $$;

create or replace function groups_updated() returns trigger language plpgsql as $$
declare
    renamed integer[];
begin
    perform pg_notify('gatehouse', 'groups:' || gid_number) from (select gid_number from old_rows union select gid_number from new_rows) changed;
    renamed := array(select gid_number from (select gid_number, cn from new_rows except select gid_number, cn from old_rows) changed);
    if cardinality(renamed) > 0 then
        -- Everything below tells what it is in, and the groups right above tell what is in them.
        update users set usn = default where uid_number in (
            select uid_number from memberships where gid_number in (select groups_below(renamed)));
        update groups set usn = default where gid_number <> all (renamed) and gid_number in (
            select groups_below(renamed) union select gid_number from group_nestings where member_gid_number = any (renamed));
        perform touch_namesakes(array(select cn from old_rows union select cn from new_rows),
                                array(select gid_number from old_rows union select gid_number from new_rows));
    end if;
    return null;
end $$;
