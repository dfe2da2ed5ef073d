-- Who has asked for the account by himself. One that nobody approves ends after a while, since the name and the address that it keeps may be somebody else's;
-- one that an administrator made to wait does not.
alter table users add column registered boolean not null default false;
create index users_registered on users (updated_at) where registered and status = 'pending';

update users u set registered = true
where status = 'pending' and exists (select from audit_events where action = 'identity.user.registered' and target = 'user:' || u.username);
