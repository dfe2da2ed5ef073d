-- Records of public names at the domains' DNS provider: what shall be there, and what is.

create table dns_records (
    name               text primary key constraint dns_record_name_form check (is_dns_name(name)),
    external_domain_id integer not null constraint external_domain_published references external_domains on delete restrict,
    -- Null: the record shall go.
    wanted             inet,
    -- Null: as far as is known there is no record of ours.
    published          inet,
    attempts           integer not null default 0,
    -- Why the last attempt failed; null if it did not.
    error              text,
    attempted_at       timestamptz,
    due_at             timestamptz not null default now()
);
create index dns_records_due on dns_records (due_at);
create index dns_records_by_domain on dns_records (external_domain_id);

-- Names of services at sites to which the records of their domain do not lead by themselves.
create view wanted_dns_records (name, external_domain_id, address) as
    select h.external_name, d.id, s.external_ip
    from http_services h
        join services v on v.id = h.service_id
        join containers c on c.id = v.container_id
        join nodes n on n.id = c.node_id
        join sites s on s.id = n.site_id
        join external_domains d on d.id = h.external_domain_id
    where d.cloudflare_api_key is not null and family(s.external_ip) = 4 and d.site_id is distinct from s.id;
