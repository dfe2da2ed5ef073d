-- Who has asked for the account by himself. One that nobody approves ends after a while, since the name and the address that it keeps may be somebody else's;
-- one that an administrator made to wait does not.
alter table users add column registered boolean not null default false;
create index users_registered on users (updated_at) where registered and status = 'pending';

update users u set registered = true
where status = 'pending' and exists (select from audit_events where action = 'identity.user.registered' and target = 'user:' || u.username);

-- A member far below gives all groups above a new number, which may be a thousand. None of the other columns changes then, so without an index of the
-- numbers such a row stays on its page, if there is room, and no index is written. What is newer is found by reading the whole table, which is small.
drop index groups_by_usn;
alter table groups set (fillfactor = 50);

-- Numbers tell what is newer, so one notification is enough for all that is still there.
create or replace function groups_updated() returns trigger language plpgsql as $$
declare
    renamed integer[];
begin
    perform pg_notify('gatehouse', 'groups:' || gid_number) from (
        (select gid_number from old_rows except select gid_number from new_rows) union all (select gid_number from new_rows limit 1)) told;
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
