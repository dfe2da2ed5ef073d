-- People and groups may come with numbers of their own, from another system: the sequences pass over those.
create function next_uid_number() returns integer language plpgsql as $$
declare candidate integer;
begin
    loop
        candidate := nextval('user_uid_numbers');
        exit when not exists (select from users where uid_number = candidate)
              and not exists (select from retired_ids where kind = 'uid' and number = candidate);
    end loop;
    return candidate;
end $$;

create function next_gid_number() returns integer language plpgsql as $$
declare candidate integer;
begin
    loop
        candidate := nextval('group_gid_numbers');
        exit when not exists (select from groups where gid_number = candidate)
              and not exists (select from retired_ids where kind = 'gid' and number = candidate);
    end loop;
    return candidate;
end $$;

alter table users  alter column uid_number set default next_uid_number();
alter table groups alter column gid_number set default next_gid_number();
