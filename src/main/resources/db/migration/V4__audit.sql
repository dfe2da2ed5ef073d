-- Who did it, more exactly: what kind of somebody, by which API key, with what client, in which
-- request of the server's log.
alter table audit_events
    add column actor_type text not null default 'user'
        check (actor_type in ('user', 'service-account', 'container', 'system', 'anonymous')),
    add column actor_key  text,
    add column user_agent text check (length(user_agent) <= 256),
    add column correlation_id text check (length(correlation_id) <= 128);

alter table audit_events disable trigger append_only;
update audit_events set actor_type = actor where actor in ('system', 'anonymous');
alter table audit_events enable trigger append_only;
alter table audit_events alter column actor_type drop default;

create index audit_events_by_action on audit_events (action text_pattern_ops, id);
create index audit_events_by_address on audit_events (address, id) where address is not null;
create index audit_events_by_time on audit_events (at);
create index audit_events_of_failures on audit_events (id) where outcome = 'failure';

-- The chain: each event has a seal, whose hash covers the event and the hash before. Positions grow by one in the order of
-- commits. There is no foreign key to the event, since checking one takes a right to update that nobody shall have.
create table audit_seals (
    position bigint primary key check (position > 0),
    event_id bigint not null unique,
    previous bytea not null check (length(previous) = 32),
    hash     bytea not null unique check (length(hash) = 32)
);

-- Where the chain begins when older events were removed: position and hash of the last seal that was.
create table audit_checkpoints (
    position bigint primary key,
    hash     bytea not null,
    removed  bigint not null check (removed > 0),
    at       timestamptz not null default clock_timestamp()
);

-- How long events are kept; no row, or null: for good. A day is the least, so that nobody removes what he has just done.
create table audit_retention (
    single boolean primary key default true check (single),
    keep   interval check (keep >= interval '1 day')
);

-- What a hash covers of an event. The same for every session, whatever its time zone and formats.
create function audit_event_text(event audit_events) returns text language sql stable as $$
    select jsonb_build_array(event.id, to_char(event.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        event.actor_type, event.actor, event.actor_key, event.address, event.user_agent,
        event.correlation_id, event.action, event.target, event.outcome, event.detail)::text
$$;

-- At commit, so that the lock is the last one a transaction takes and is held for the commit only: no deadlock, and no
-- transaction waits for the work of another.
create function seal_audit_event() returns trigger language plpgsql security definer as $$
declare
    above audit_seals;
begin
    perform pg_advisory_xact_lock(hashtext('gatehouse.audit'));
    select * into above from audit_seals order by position desc limit 1;
    above.hash := coalesce(above.hash, decode(repeat('00', 32), 'hex'));
    insert into audit_seals (position, event_id, previous, hash)
    values (coalesce(above.position, 0) + 1, new.id, above.hash, sha256(above.hash || convert_to(audit_event_text(new), 'UTF8')));
    return null;
end $$;

-- What has been recorded so far.
do $$
declare
    event audit_events;
    place bigint := 0;
    above bytea := decode(repeat('00', 32), 'hex');
    below bytea;
begin
    for event in select * from audit_events order by id loop
        place := place + 1;
        below := sha256(above || convert_to(audit_event_text(event), 'UTF8'));
        insert into audit_seals (position, event_id, previous, hash) values (place, event.id, above, below);
        above := below;
    end loop;
end $$;

create constraint trigger seal after insert on audit_events deferrable initially deferred
    for each row execute function seal_audit_event();

-- Nothing is changed, and nothing removed but what a checkpoint covers.
drop trigger append_only on audit_events;

create function refuse_event_removal() returns trigger language plpgsql as $$
begin
    if exists (select from audit_seals where event_id = old.id) then
        raise exception 'the audit log is append-only' using errcode = 'restrict_violation';
    end if;
    return old;
end $$;

create function refuse_seal_removal() returns trigger language plpgsql as $$
begin
    if not exists (select from audit_checkpoints where position >= old.position) then
        raise exception 'the audit log is append-only' using errcode = 'restrict_violation';
    end if;
    return old;
end $$;

create trigger append_only before update or truncate on audit_events
    for each statement execute function refuse_audit_change();
create trigger append_only before update or truncate on audit_seals
    for each statement execute function refuse_audit_change();
create trigger append_only before update or delete or truncate on audit_checkpoints
    for each statement execute function refuse_audit_change();
create trigger append_only_rows before delete on audit_events for each row execute function refuse_event_removal();
create trigger append_only_rows before delete on audit_seals  for each row execute function refuse_seal_removal();

create function check_audit_checkpoint() returns trigger language plpgsql as $$
begin
    if not exists (select from audit_seals where position = new.position and hash = new.hash) then
        raise exception 'a checkpoint is a seal' using errcode = 'restrict_violation';
    end if;
    if new.position = (select max(position) from audit_seals) or exists (
            select from audit_seals join audit_events on id = event_id
            where position <= new.position and audit_events.at > clock_timestamp() - interval '1 day') then
        raise exception 'the newest event and those of the last day are kept' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger only_what_is_old before insert on audit_checkpoints for each row execute function check_audit_checkpoint();

-- Removes the oldest events that need not be kept, at most as many as asked for; null if there are none. It ends before an
-- event that is missing, which is for the verification to tell. Takes its right to delete for the moment, since nobody has it
-- otherwise.
create function apply_audit_retention(batch integer) returns audit_checkpoints language plpgsql security definer as $$
declare
    result audit_checkpoints;
    events bigint[];
begin
    perform pg_advisory_xact_lock(hashtext('gatehouse.roles'));
    select max(position) into result.position from (
        select position, bool_and(coalesce(audit_events.at < clock_timestamp() - keep, false)) over (order by position) as expired
        from (select * from audit_seals order by position limit batch) oldest
            left join audit_events on id = event_id cross join audit_retention
        where position < (select max(position) from audit_seals)) prefix
    where expired;
    if result.position is null then
        return null;
    end if;
    select count(*), array_agg(event_id) into result.removed, events from audit_seals where position <= result.position;
    select hash, clock_timestamp() into strict result.hash, result.at from audit_seals where position = result.position;
    insert into audit_checkpoints select (result).*;
    grant delete on audit_events, audit_seals to current_user;
    delete from audit_seals where position <= result.position;
    delete from audit_events where id = any (events);
    revoke delete on audit_events, audit_seals from current_user;
    return result;
end $$;
revoke execute on function apply_audit_retention from public;

-- What runs with the owner's rights must find the owner's tables only.
do $$ begin
    execute format('alter function seal_audit_event() set search_path = %I, pg_temp', current_schema());
    execute format('alter function apply_audit_retention(integer) set search_path = %I, pg_temp', current_schema());
end $$;
