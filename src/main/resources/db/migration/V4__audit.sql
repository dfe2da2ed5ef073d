-- Who did it, more exactly: what kind of somebody, by which API key, with what client.
alter table audit_events
    add column actor_type text not null default 'user'
        check (actor_type in ('user', 'service-account', 'container', 'system', 'anonymous')),
    add column actor_key  text,
    add column user_agent text check (length(user_agent) <= 256);
