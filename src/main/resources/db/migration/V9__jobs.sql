-- Work that takes longer than a request: what it is, how far it is, and what it says meanwhile.

create table jobs (
    id                  integer generated always as identity primary key,
    name                text not null constraint job_name_form check (length(name) <= 255 and is_printable(name)),
    -- What it is about, such as container:web1; it need not exist, before or after.
    associated_resource text constraint job_resource_form check (length(associated_resource) <= 255 and is_printable(associated_resource)),
    status              text not null default 'pending'
                        constraint job_status_form check (status in ('pending', 'running', 'success', 'failure', 'cancelled')),
    created_by          integer constraint job_creator references users on delete set null,
    started_at          timestamptz,
    ended_at            timestamptz,
    revision            bigint not null default nextval('revisions'),
    created_at          timestamptz not null default now(),
    updated_at          timestamptz not null default now(),
    constraint job_started check (status <> 'pending' or started_at is null),
    constraint job_ended check ((ended_at is not null) = (status in ('success', 'failure', 'cancelled')))
);
create index jobs_by_creation on jobs (created_at, id);
create index jobs_by_creator on jobs (created_by, id);
create index jobs_by_status on jobs (status, id);
create index jobs_by_resource on jobs (associated_resource, id);

create table job_statuses (
    -- Given by a trigger, so that a job's messages become visible in the order of their numbers.
    id         bigint primary key,
    job_id     integer not null constraint job_status_job references jobs on delete cascade,
    message    text not null constraint job_status_message_length check (octet_length(message) between 1 and 65536),
    created_at timestamptz not null
);
create index job_statuses_by_job on job_statuses (job_id, id);
create sequence job_status_ids owned by job_statuses.id;

alter table containers add constraint container_creation_job foreign key (creation_job_id) references jobs on delete set null;

create function check_job_status() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        if new.status <> 'pending' then
            raise exception 'a job begins as pending' using errcode = 'check_violation', constraint = 'job_status_transition';
        end if;
    elsif new.status <> old.status then
        if not (old.status = 'pending' and new.status in ('running', 'cancelled', 'failure')
                or old.status = 'running' and new.status in ('success', 'failure', 'cancelled')) then
            raise exception 'job % does not become % after %', old.id, new.status, old.status
                using errcode = 'check_violation', constraint = 'job_status_transition';
        end if;
        if new.status = 'running' then
            new.started_at := clock_timestamp();
        else
            new.ended_at := clock_timestamp();
        end if;
    end if;
    return new;
end $$;

-- The lock of the job makes those who write to it wait in one queue, and holds off its end.
create function number_job_status() returns trigger language plpgsql as $$
declare
    job jobs%rowtype;
begin
    select * into job from jobs where id = new.job_id for no key update;
    if job.ended_at is not null then
        raise exception 'job % has ended', new.job_id using errcode = 'check_violation', constraint = 'job_status_after_end';
    end if;
    new.id := nextval('job_status_ids');
    new.created_at := clock_timestamp();
    return new;
end $$;

create function refuse_job_status_change() returns trigger language plpgsql as $$
begin
    raise exception 'what a job has said stays' using errcode = 'restrict_violation', constraint = 'job_status_append_only';
end $$;

-- A message is a part of its job.
create function notify_job_status() returns trigger language plpgsql as $$
begin
    perform pg_notify('gatehouse', 'jobs:' || new.job_id);
    return null;
end $$;

create trigger b_stamp before insert or update on jobs for each row execute function stamp_revision();
create trigger c_status before insert or update on jobs for each row execute function check_job_status();
create trigger c_number before insert on job_statuses for each row execute function number_job_status();
create trigger c_append_only before update on job_statuses for each row execute function refuse_job_status_change();

create trigger e_notify after insert or update or delete on jobs for each row execute function notify_row_change('id');
create trigger e_notify after insert on job_statuses for each row execute function notify_job_status();
create trigger e_notify_truncate after truncate on jobs         for each statement execute function notify_truncate();
create trigger e_notify_truncate after truncate on job_statuses for each statement execute function notify_truncate();
