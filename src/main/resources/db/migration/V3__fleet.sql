-- What the nodes of one fleet share besides their data. Private parts are encrypted with the master key.

-- A known text: tells a node whether its master key is the one that everything here is encrypted with.
create table master_key_proof (
    single boolean primary key default true check (single),
    sealed bytea not null
);

-- The CA that issues the nodes' TLS certificates, so that clients need to trust one.
create table certificate_authority (
    single       boolean primary key default true check (single),
    certificates text not null,
    private_key  bytea not null,
    created_at   timestamptz not null default now()
);
