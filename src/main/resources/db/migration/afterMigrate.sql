-- What the server's role may do, said again after every migration. ${application} owns everything itself where no other owner
-- is configured; an owner can give up rights of his own, too.
do $$
declare
    application constant name := '${application}';
    room        constant name := current_schema();
    routine     regprocedure;
begin
    perform pg_advisory_xact_lock(hashtext('gatehouse.roles'));
    if application <> current_user then
        execute format('grant usage on schema %I to %I', room, application);
        execute format('grant select, insert, update, delete on all tables in schema %I to %I', room, application);
        execute format('grant usage, select on all sequences in schema %I to %I', room, application);
        -- Constructors of range types belong to the superuser, and everybody may use them.
        for routine in select oid::regprocedure from pg_proc where pronamespace = room::regnamespace and pg_has_role(proowner, 'usage') loop
            execute format('grant execute on function %s to %I', routine, application);
        end loop;
        execute format('revoke insert, update, delete on %I, audit_retention from %I', '${history}', application);
        execute format('revoke all on audit_events, audit_seals, audit_checkpoints from %I', application);
        execute format('grant select on audit_events, audit_seals, audit_checkpoints to %I', application);
        execute format('grant insert (actor_type, actor, actor_key, address, user_agent, correlation_id, action, target, outcome,
                detail) on audit_events to %I', application);
        -- Before PostgreSQL 15, everybody could create things in the schema public.
        if (select pg_has_role(nspowner, 'usage') from pg_namespace where nspname = room) then
            execute format('revoke create on schema %I from public', room);
        end if;
    end if;
    revoke update, delete, truncate on audit_events, audit_seals, audit_checkpoints from current_user;
end $$;
