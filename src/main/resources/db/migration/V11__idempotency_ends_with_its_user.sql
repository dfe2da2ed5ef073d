-- A name may belong to somebody else one day, who must not get the answers of the one before.
create function forget_idempotency_keys() returns trigger language plpgsql as $$
begin
    delete from idempotency_keys where principal in (select username from old_rows);
    return null;
end $$;
create trigger f_forget after delete on users referencing old table as old_rows
    for each statement execute function forget_idempotency_keys();
