-- What runs on the nodes, and what of it can be reached from outside.

create table containers (
    id              integer generated always as identity primary key,
    hostname        text not null constraint container_hostname_unique unique
                    constraint container_hostname_form check (hostname ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    owner           integer not null constraint container_owner references users on delete restrict,
    status          text not null default 'pending'
                    constraint container_status_form check (status in ('pending', 'creating', 'running', 'failed')),
    template        text constraint container_template_form check (length(template) <= 255 and is_printable(template)),
    node_id         integer not null constraint container_node references nodes on delete restrict,
    -- Proxmox VE's range of VMIDs.
    container_id    integer constraint container_vmid_form check (container_id between 100 and 999999999),
    mac_address     macaddr not null constraint container_mac_unique unique
                    constraint container_mac_form check (
                        mac_address & macaddr '01:00:00:00:00:00' = macaddr '00:00:00:00:00:00'
                        and mac_address <> macaddr '00:00:00:00:00:00'),
    ipv4_address    inet constraint container_address_unique unique
                    constraint container_address_form check (family(ipv4_address) = 4 and is_host_address(ipv4_address)),
    ai_container    text not null default 'N' constraint container_ai_form check (ai_container in ('Y', 'N')),
    creation_job_id integer,
    revision        bigint not null default nextval('revisions'),
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),
    constraint container_vmid_unique unique (node_id, container_id)
);
create index containers_by_owner on containers (owner);
create index containers_by_creation_job on containers (creation_job_id);
create index containers_by_creation on containers (created_at, id);
create index containers_by_status on containers (status, id);

create or replace view occupied_addresses (holder, site_id, node_id, container, address) as
    select 'node:' || name, site_id, id, false, ipv4_address from nodes where ipv4_address is not null
    union all
    select 'container:' || c.hostname, n.site_id, n.id, true, c.ipv4_address
    from containers c join nodes n on n.id = c.node_id where c.ipv4_address is not null;

create function check_container_address() returns trigger language plpgsql as $$
begin
    if exists (select from nodes n join sites s on s.id = n.site_id
               where n.id = new.node_id and not is_host_of(s.network, new.ipv4_address)) then
        raise exception 'the address of container % is not one of its site', new.hostname
            using errcode = 'check_violation', constraint = 'container_address_in_network';
    end if;
    if exists (select from sites where gateway = new.ipv4_address) then
        raise exception 'the address of container % is that of a gateway', new.hostname
            using errcode = 'check_violation', constraint = 'container_address_gateway';
    end if;
    if exists (select from nodes where ipv4_address = new.ipv4_address) then
        raise exception 'the address of container % is that of a node', new.hostname
            using errcode = 'check_violation', constraint = 'container_address_of_node';
    end if;
    return null;
end $$;

-- A service is a row here and one row, of the same type, in the table of its type.
create table services (
    id             integer generated always as identity primary key,
    container_id   integer not null constraint service_container references containers on delete cascade,
    type           text not null constraint service_type_form check (type in ('http', 'transport', 'dns')),
    container_port integer not null constraint service_container_port_form check (container_port between 1 and 65535),
    revision       bigint not null default nextval('revisions'),
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),
    constraint service_type_key unique (id, type)
);
create index services_by_container on services (container_id, id);

create table http_services (
    service_id         integer primary key,
    type               text not null default 'http' check (type = 'http'),
    -- Below the domain; @ is the domain itself (RFC 1035 section 5.1).
    external_hostname  text not null constraint http_service_hostname_form check (external_hostname = '@' or is_dns_name(external_hostname || '.a')),
    external_domain_id integer not null constraint http_service_domain references external_domains on delete restrict,
    -- Both together, kept by a trigger: a.b + example.org is the same place as a + b.example.org.
    external_name      text not null constraint http_service_name_unique unique
                       constraint http_service_name_form check (is_dns_name(external_name)),
    constraint http_service_base foreign key (service_id, type) references services (id, type) on delete cascade,
    constraint http_service_unique unique (external_hostname, external_domain_id)
);
create index http_services_by_domain on http_services (external_domain_id);

create table transport_services (
    service_id    integer primary key,
    type          text not null default 'transport' check (type = 'transport'),
    protocol      text not null constraint transport_service_protocol_form check (protocol in ('tcp', 'udp')),
    external_port integer not null constraint transport_service_port_form check (external_port between 1 and 65535),
    use_tls       boolean not null default false,
    constraint transport_service_base foreign key (service_id, type) references services (id, type) on delete cascade,
    constraint transport_service_unique unique (protocol, external_port),
    constraint transport_service_tls check (protocol = 'tcp' or not use_tls),
    -- HTTP, HTTPS and HTTP/3 are the gateway's own.
    constraint transport_service_port_of_gateway check (external_port <> 443 and (protocol, external_port) <> ('tcp', 80))
);

create table dns_services (
    service_id   integer primary key,
    type         text not null default 'dns' check (type = 'dns'),
    record_type  text not null default 'SRV' constraint dns_service_record_form check (record_type = 'SRV'),
    -- RFC 2782.
    service_name text not null constraint dns_service_name_form
                 check (service_name ~ '^_[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?\._(tcp|udp|sctp|dccp|tls)$'),
    constraint dns_service_base foreign key (service_id, type) references services (id, type) on delete cascade
);

create function name_http_service() returns trigger language plpgsql as $$
begin
    select case new.external_hostname when '@' then domain else new.external_hostname || '.' || domain end
        into new.external_name from external_domains where id = new.external_domain_id;
    if not found then
        raise exception 'there is no such external domain' using errcode = 'foreign_key_violation', constraint = 'http_service_domain';
    end if;
    return new;
end $$;

create function rename_http_services() returns trigger language plpgsql as $$
begin
    update http_services set external_name = default where external_domain_id = new.id;
    return null;
end $$;

create function check_service_whole() returns trigger language plpgsql as $$
declare
    service integer;
begin
    if tg_table_name = 'services' then service := new.id; else service := old.service_id; end if;
    if exists (select from services where id = service)
       and not exists (select from http_services where service_id = service
                       union all select from transport_services where service_id = service
                       union all select from dns_services where service_id = service) then
        raise exception 'service % lacks its row of its type', service
            using errcode = 'check_violation', constraint = 'service_whole';
    end if;
    return null;
end $$;

create function touch_service() returns trigger language plpgsql as $$
begin
    update services set revision = default where id = new.service_id;
    return null;
end $$;

create trigger a_lock before insert or update or delete on containers         for each statement execute function lock_cluster_writes();
create trigger a_lock before insert or update or delete on services           for each statement execute function lock_cluster_writes();
create trigger a_lock before insert or update or delete on http_services      for each statement execute function lock_cluster_writes();
create trigger a_lock before insert or update or delete on transport_services for each statement execute function lock_cluster_writes();
create trigger a_lock before insert or update or delete on dns_services       for each statement execute function lock_cluster_writes();

create trigger b_stamp before insert or update on containers for each row execute function stamp_revision();
create trigger b_stamp before insert or update on services   for each row execute function stamp_revision();

create trigger c_address after insert or update of ipv4_address, node_id on containers
    for each row when (new.ipv4_address is not null) execute function check_container_address();
create trigger c_name before insert or update on http_services for each row execute function name_http_service();
create trigger c_rename after update of domain on external_domains
    for each row when (new.domain <> old.domain) execute function rename_http_services();

create constraint trigger c_whole after insert or update on services
    deferrable initially deferred for each row execute function check_service_whole();
create constraint trigger c_whole after delete or update of service_id on http_services
    deferrable initially deferred for each row execute function check_service_whole();
create constraint trigger c_whole after delete or update of service_id on transport_services
    deferrable initially deferred for each row execute function check_service_whole();
create constraint trigger c_whole after delete or update of service_id on dns_services
    deferrable initially deferred for each row execute function check_service_whole();

create trigger d_touch after update on http_services      for each row execute function touch_service();
create trigger d_touch after update on transport_services for each row execute function touch_service();
create trigger d_touch after update on dns_services       for each row execute function touch_service();

create trigger e_notify after insert or update or delete on containers for each row execute function notify_row_change('id');
create trigger e_notify after insert or update or delete on services   for each row execute function notify_row_change('id');
create trigger e_notify_truncate after truncate on containers for each statement execute function notify_truncate();
create trigger e_notify_truncate after truncate on services   for each statement execute function notify_truncate();
