-- The physical layout: sites, the nodes in them, and the public domains they answer for.
--
-- Every rule is here as well as in the services: constraints and triggers have names, which the services turn into the same
-- refusals. Rules that look at several rows are checked by triggers under one lock of all writers of the layout.

-- A number for each state of a row, for ETags.
create sequence revisions;

create function stamp_revision() returns trigger language plpgsql as $$
begin
    new.revision := nextval('revisions');
    if tg_op = 'UPDATE' then
        new.updated_at := now();
    end if;
    return new;
end $$;

create function lock_cluster_writes() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtext('gatehouse.cluster'));
    return null;
end $$;

-- '<table>:<key>' of a written row; the argument names the column of the key.
create function notify_row_change() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        perform pg_notify('gatehouse', tg_table_name || ':' || (to_jsonb(old) ->> tg_argv[0]));
    end if;
    if tg_op <> 'DELETE' then
        perform pg_notify('gatehouse', tg_table_name || ':' || (to_jsonb(new) ->> tg_argv[0]));
    end if;
    return null;
end $$;

create function notify_truncate() returns trigger language plpgsql as $$
begin perform pg_notify('gatehouse', 'reload:' || tg_table_name); return null; end $$;

-- Functions below have their bodies parsed here, so that they do not depend on the search path of whoever restores a dump.

create function is_dns_name(name text) returns boolean immutable parallel safe
    return length(name) <= 253
        and name ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$'
        and name !~ '(^|\.)[0-9]+$';

-- Visible characters with single words' blanks between them: no control characters, no line ends, nothing that turns text round.
create function is_printable(value text) returns boolean immutable parallel safe
    return value !~ '[\u0001-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]' and value !~ '^\s|\s$' and value <> '';

create function is_mail_address(value text) returns boolean immutable parallel safe
    return length(value) <= 254 and value ~ '^[A-Za-z0-9.!#$%&''*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+$';

-- Scheme, host, port and path only.
create function is_web_address(value text) returns boolean immutable parallel safe
    return length(value) <= 2048
        and value ~ '^https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/[A-Za-z0-9._~!$&''()*+,;=:@%/-]*)?$';

-- One address, not a network, of a machine.
create function is_host_address(address inet) returns boolean immutable parallel safe
    return case family(address)
        when 4 then masklen(address) = 32
            and not address <<= inet '0.0.0.0/8' and not address <<= inet '127.0.0.0/8' and not address <<= inet '224.0.0.0/3'
        else masklen(address) = 128 and not address <<= inet '::/127' and not address <<= inet 'ff00::/8' end;

-- Null unless the mask is ones followed by zeros.
create function prefix_length(mask inet) returns integer immutable parallel safe
    return (select length from generate_series(0, case family(mask) when 4 then 32 else 128 end) length
            where host(netmask(set_masklen(case family(mask) when 4 then inet '0.0.0.0' else inet '::' end, length))) = host(mask));

create function network_of(address inet, mask inet) returns cidr immutable parallel safe
    return case when family(address) = family(mask) then network(set_masklen(address, prefix_length(mask))) end;

-- Whether a machine in the network may have the address.
create function is_host_of(network cidr, address inet) returns boolean immutable parallel safe
    return address <<= network
        and host(address) <> host(network) and (family(address) = 6 or host(address) <> host(broadcast(network)));

create function are_resolvers(addresses inet[]) returns boolean immutable parallel safe
    return cardinality(addresses) between 1 and 8
        and cardinality(addresses) = (select count(distinct address) from unnest(addresses) address
                                      where is_host_address(address) or host(address) ~ '^(127\.|::1$)' and address = host(address)::inet);

create type inetrange as range (subtype = inet);

alter table sites
    drop constraint sites_name_check,
    drop constraint sites_internal_domain_check,
    add column revision bigint not null default nextval('revisions'),
    alter column dhcp_range type inetrange using case when dhcp_range is not null then inetrange(
        split_part(translate(dhcp_range, ', ', '-'), '-', 1)::inet, split_part(translate(dhcp_range, ', ', '-'), '-', 2)::inet, '[]') end,
    alter column dns_forwarders type inet[] using string_to_array(replace(dns_forwarders, ' ', ''), ',')::inet[];

update sites set internal_domain = lower(internal_domain);

alter table sites
    add column network cidr generated always as (network_of(coalesce(gateway, lower(dhcp_range)), subnet_mask)) stored,
    add constraint site_name_form check (length(name) <= 255 and is_printable(name)),
    add constraint site_internal_domain_form check (is_dns_name(internal_domain)),
    add constraint site_subnet_mask_form check (
        coalesce(prefix_length(subnet_mask) between 8 and case family(subnet_mask) when 4 then 30 else 126 end, subnet_mask is null)),
    add constraint site_gateway_form check (is_host_address(gateway)),
    add constraint site_gateway_needs_mask check (gateway is null or subnet_mask is not null),
    add constraint site_gateway_in_network check (gateway is null or subnet_mask is null or coalesce(is_host_of(network, gateway), false)),
    add constraint site_dhcp_range_form check (dhcp_range is null or coalesce(
        lower_inc(dhcp_range) and upper_inc(dhcp_range) and family(lower(dhcp_range)) = family(upper(dhcp_range))
        and is_host_address(lower(dhcp_range)) and is_host_address(upper(dhcp_range)), false)),
    add constraint site_dhcp_range_needs_mask check (dhcp_range is null or subnet_mask is not null),
    add constraint site_dhcp_range_in_network check (dhcp_range is null or subnet_mask is null
        or coalesce(is_host_of(network, lower(dhcp_range)) and is_host_of(network, upper(dhcp_range)), false)),
    add constraint site_dhcp_range_gateway check (not dhcp_range @> gateway),
    add constraint site_dns_forwarders_form check (are_resolvers(dns_forwarders)),
    add constraint site_external_ip_form check (is_host_address(external_ip)),
    -- An address belongs to one container in the whole cluster.
    add constraint site_dhcp_range_overlap exclude using gist (dhcp_range with &&);

create table nodes (
    id                           integer generated always as identity primary key,
    site_id                      integer not null constraint node_site references sites on delete restrict,
    name                         text not null constraint node_name_form check (name ~ '^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$'),
    ipv4_address                 inet constraint node_address_unique unique
                                 constraint node_address_form check (family(ipv4_address) = 4 and is_host_address(ipv4_address)),
    api_url                      text constraint node_api_url_form check (is_web_address(api_url)),
    api_token_id_or_username     text constraint node_api_user_form check (api_token_id_or_username ~ '^[!-~]{1,255}$'),
    -- Encrypted.
    api_token_secret_or_password bytea,
    disable_tls_verification     boolean not null default false,
    image_storage                text not null default 'local'
                                 constraint node_image_storage_form check (image_storage ~ '^[A-Za-z][A-Za-z0-9._-]{0,98}[A-Za-z0-9]$'),
    volume_storage               text not null default 'local-lvm'
                                 constraint node_volume_storage_form check (volume_storage ~ '^[A-Za-z][A-Za-z0-9._-]{0,98}[A-Za-z0-9]$'),
    revision                     bigint not null default nextval('revisions'),
    created_at                   timestamptz not null default now(),
    updated_at                   timestamptz not null default now()
);
create unique index node_name_unique on nodes (lower(name));
create index nodes_by_site on nodes (site_id);

create table external_domains (
    id                   integer generated always as identity primary key,
    domain               text not null constraint external_domain_unique unique
                         constraint external_domain_form check (is_dns_name(domain) and domain like '%.%'),
    acme_email           text constraint external_domain_acme_email_form check (is_mail_address(acme_email)),
    acme_directory       text constraint external_domain_acme_directory_form check (is_web_address(acme_directory) and acme_directory ~ '^https:'),
    -- Encrypted.
    cloudflare_api_email bytea,
    cloudflare_api_key   bytea,
    -- The site that is assumed to answer for the domain without further DNS records.
    site_id              integer constraint external_domain_site references sites on delete restrict,
    revision             bigint not null default nextval('revisions'),
    created_at           timestamptz not null default now(),
    updated_at           timestamptz not null default now(),
    constraint external_domain_cloudflare_whole check ((cloudflare_api_email is null) = (cloudflare_api_key is null))
);
create index external_domains_by_site on external_domains (site_id);

-- Every address in use besides gateways, and who has it.
create view occupied_addresses (holder, site_id, node_id, container, address) as
    select 'node:' || name, site_id, id, false, ipv4_address from nodes where ipv4_address is not null;

create function check_site_addresses() returns trigger language plpgsql as $$
begin
    if exists (select from occupied_addresses where site_id = new.id and not is_host_of(new.network, address)) then
        raise exception 'addresses in use lie outside of the network of site %', new.id
            using errcode = 'check_violation', constraint = 'site_network_in_use';
    end if;
    if exists (select from occupied_addresses where site_id = new.id and address = new.gateway) then
        raise exception 'the gateway of site % has the address of something else', new.id
            using errcode = 'check_violation', constraint = 'site_gateway_in_use';
    end if;
    if exists (select from occupied_addresses where not container and new.dhcp_range @> address) then
        raise exception 'the DHCP range of site % holds the address of a node', new.id
            using errcode = 'check_violation', constraint = 'site_dhcp_range_in_use';
    end if;
    if exists (select from sites where id <> new.id and (dhcp_range @> new.gateway or new.dhcp_range @> gateway)) then
        raise exception 'a gateway lies in the DHCP range of another site'
            using errcode = 'check_violation', constraint = 'site_dhcp_range_gateway_of_other';
    end if;
    return null;
end $$;

create function check_node_address() returns trigger language plpgsql as $$
declare
    site sites%rowtype;
begin
    select * into site from sites where id = new.site_id;
    if not is_host_of(site.network, new.ipv4_address) then
        raise exception 'the address of node % is not one of its site', new.name
            using errcode = 'check_violation', constraint = 'node_address_in_network';
    end if;
    if new.ipv4_address = site.gateway then
        raise exception 'the address of node % is that of the gateway', new.name
            using errcode = 'check_violation', constraint = 'node_address_gateway';
    end if;
    if exists (select from sites where dhcp_range @> new.ipv4_address) then
        raise exception 'the address of node % lies in a DHCP range', new.name
            using errcode = 'check_violation', constraint = 'node_address_in_dhcp_range';
    end if;
    if exists (select from occupied_addresses where container and address = new.ipv4_address) then
        raise exception 'the address of node % is that of a container', new.name
            using errcode = 'check_violation', constraint = 'node_address_of_container';
    end if;
    -- What runs on a node moves with it.
    if exists (select from occupied_addresses where node_id = new.id and container and not is_host_of(site.network, address)) then
        raise exception 'containers of node % lie outside of the network of its site', new.name
            using errcode = 'check_violation', constraint = 'node_site_containers';
    end if;
    return null;
end $$;

-- Locks first, before any row is touched, so that writers wait in one queue and cannot deadlock.
create trigger a_lock before insert or update or delete on sites            for each statement execute function lock_cluster_writes();
create trigger a_lock before insert or update or delete on nodes            for each statement execute function lock_cluster_writes();
create trigger a_lock before insert or update or delete on external_domains for each statement execute function lock_cluster_writes();

create trigger b_stamp before insert or update on sites            for each row execute function stamp_revision();
create trigger b_stamp before insert or update on nodes            for each row execute function stamp_revision();
create trigger b_stamp before insert or update on external_domains for each row execute function stamp_revision();

create trigger c_addresses after insert or update on sites for each row execute function check_site_addresses();
create trigger c_address after insert or update on nodes for each row execute function check_node_address();

create trigger e_notify after insert or update or delete on sites            for each row execute function notify_row_change('id');
create trigger e_notify after insert or update or delete on nodes            for each row execute function notify_row_change('id');
create trigger e_notify after insert or update or delete on external_domains for each row execute function notify_row_change('id');
create trigger e_notify_truncate after truncate on sites            for each statement execute function notify_truncate();
create trigger e_notify_truncate after truncate on nodes            for each statement execute function notify_truncate();
create trigger e_notify_truncate after truncate on external_domains for each statement execute function notify_truncate();
