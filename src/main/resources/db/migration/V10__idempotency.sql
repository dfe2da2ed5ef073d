-- What was answered to requests with an Idempotency-Key, for 24 hours, so that the same request is not carried out twice.
-- A row becomes visible together with the change that it stands for. The answer is encrypted with the master key.
create table idempotency_keys (
    principal   text not null,
    key         text not null,
    fingerprint bytea not null,
    answer      bytea,
    created_at  timestamptz not null default now(),
    primary key (principal, key)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);
