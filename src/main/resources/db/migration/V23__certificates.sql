-- With which certificates gateways answer for external domains, and where people sign in before they see a service.

alter table external_domains
    add column auth_server text constraint external_domain_auth_server_form
        check (is_web_address(auth_server) and auth_server !~ '\$' and length(auth_server) <= 1024);

alter table http_services add column auth_required boolean not null default false;

-- The one certificate of a domain; it is for this name, and goes when the domain gets another one.
create table domain_certificates (
    external_domain_id integer primary key constraint domain_certificate_domain references external_domains on delete cascade,
    -- SHA-256 of the first certificate in DER.
    id                 text not null constraint domain_certificate_id_form check (id ~ '^[0-9a-f]{64}$'),
    -- Of the authority that issued it; null if somebody has uploaded it.
    acme_directory     text constraint domain_certificate_directory_form check (is_web_address(acme_directory)),
    names              text[] not null constraint domain_certificate_has_names check (cardinality(names) > 0),
    issuer             text not null,
    not_before         timestamptz not null,
    not_after          timestamptz not null,
    -- PEM.
    chain              text not null,
    -- Encrypted.
    private_key        bytea not null,
    -- Set when the end has come, so that whoever shows it is told.
    expired            boolean not null default false,
    constraint domain_certificate_lasts check (not_before < not_after)
);

-- What is to be obtained from certificate authorities, and how it goes.
create table certificate_renewals (
    external_domain_id integer primary key constraint certificate_renewal_domain references external_domains on delete cascade,
    attempts           integer not null default 0,
    -- Why the last attempt failed; null if it did not.
    error              text,
    attempted_at       timestamptz,
    due_at             timestamptz not null default now(),
    -- Of the node that is at it. No lock, which would hold a connection for as long as an authority takes; its end is there for a node that dies.
    claim              uuid,
    claimed_until      timestamptz,
    constraint certificate_renewal_claim_whole check ((claim is null) = (claimed_until is null))
);
create index certificate_renewals_due on certificate_renewals (due_at);

create table acme_accounts (
    directory   text not null,
    -- Empty for none.
    email       text not null,
    public_key  bytea not null,
    -- Encrypted.
    private_key bytea not null,
    created_at  timestamptz not null default now(),
    primary key (directory, email)
);

create function forget_domain_certificate() returns trigger language plpgsql as $$
begin
    delete from domain_certificates where external_domain_id = new.id;
    return null;
end $$;

-- Those in service.
create view served_certificates (external_domain_id, id, not_after, chain, private_key) as
    select external_domain_id, id, not_after, chain, private_key from domain_certificates where not expired;

-- The external domains whose certificates are obtained over ACME: nobody has brought one.
create view acme_domains (external_domain_id, domain, directory, email, changed_at) as
    select d.id, d.domain, d.acme_directory, d.acme_email, d.updated_at
    from external_domains d
    where d.acme_directory is not null and d.cloudflare_api_key is not null
        and not exists (select from domain_certificates c where c.external_domain_id = d.id and c.acme_directory is null);

-- The external domains that a site's gateway answers for.
create view site_domains (site_id, external_domain_id) as
    select site_id, id from external_domains where site_id is not null
    union
    select n.site_id, h.external_domain_id
    from http_services h
        join services s on s.id = h.service_id
        join containers c on c.id = s.container_id
        join nodes n on n.id = c.node_id;

create trigger c_forget_certificate after update of domain on external_domains
    for each row when (new.domain <> old.domain) execute function forget_domain_certificate();
create trigger e_notify after insert or update or delete on domain_certificates
    for each row execute function notify_row_change('external_domain_id');
create trigger e_notify_truncate after truncate on domain_certificates for each statement execute function notify_truncate();
