-- Tokens for people who have no session. Only their SHA-256 is kept.
create table invitations (
    id         uuid primary key default gen_random_uuid(),
    token_hash bytea not null constraint invitation_token_unique unique check (length(token_hash) = 32),
    mail       text not null check (length(mail) between 3 and 254),
    invited_by text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);
create unique index invitation_mail_unique on invitations (lower(mail));
create index invitations_by_end on invitations (expires_at);

create table invitation_groups (
    invitation_id uuid not null references invitations on delete cascade,
    gid_number    integer not null references groups on delete cascade on update cascade,
    primary key (invitation_id, gid_number)
);
create index invitation_groups_by_gid_number on invitation_groups (gid_number);

-- One for each user: a new one makes the old one void.
create table password_resets (
    uid_number integer primary key references users on delete cascade,
    token_hash bytea not null constraint password_reset_token_unique unique check (length(token_hash) = 32),
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);
create index password_resets_by_end on password_resets (expires_at);

-- A token that went to an old address, or was made before the present password, is good for nothing any more.
create function void_password_resets() returns trigger language plpgsql as $$
begin
    delete from password_resets where uid_number = new.uid_number;
    return null;
end $$;

create trigger d_void_password_resets after update on users for each row
    when (old.mail is distinct from new.mail or old.password_changed_at is distinct from new.password_changed_at or old.status <> new.status)
    execute function void_password_resets();
