-- Mail to be sent, and what became of it. What a mail says is encrypted with the master key, and gone once it was sent or given up.
create table outbox (
    id         uuid primary key default gen_random_uuid(),
    recipient  text not null constraint outbox_recipient_form check (recipient ~ '^[!-~]{1,64}@[A-Za-z0-9.-]{1,253}$'),
    template   text not null check (template ~ '^[a-z][a-z-]{0,62}$'),
    content    bytea,
    state      text not null default 'pending' check (state in ('pending', 'sent', 'failed')),
    attempts   integer not null default 0,
    last_error text check (length(last_error) <= 512),
    due_at     timestamptz not null default now(),
    give_up_at timestamptz not null,
    created_at timestamptz not null default now(),
    ended_at   timestamptz,
    constraint outbox_content_while_pending check ((state = 'pending') = (content is not null)),
    constraint outbox_end check ((state = 'pending') = (ended_at is null))
);
create index outbox_due on outbox (due_at) where state = 'pending';
create index outbox_by_age on outbox (created_at);

create trigger e_notify after insert or update of due_at on outbox for each row execute function notify_row_change('id');
