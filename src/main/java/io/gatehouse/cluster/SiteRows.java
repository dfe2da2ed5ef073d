package io.gatehouse.cluster;

import io.gatehouse.platform.http.Conditions;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Listing;
import io.gatehouse.platform.http.Page;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The table {@code sites}. */
@Singleton
final class SiteRows {

    private static final int MOST_HOLDERS = 100;

    private static final String SELECT = """
            select s.id, s.name, s.internal_domain, host(lower(s.dhcp_range)) || '-' || host(upper(s.dhcp_range)) as dhcp_range,
                   host(s.subnet_mask) as subnet_mask, host(s.gateway) as gateway,
                   (select string_agg(host(address), ', ' order by place) from unnest(s.dns_forwarders) with ordinality f (address, place))
                       as dns_forwarders,
                   host(s.external_ip) as external_ip, s.revision, s.created_at, s.updated_at
            from sites s
            """;

    private static final Listing<Site> LISTING = Listing.of(SELECT, SiteRows::site)
            .key("s.id", Listing.Type.NUMBER, Site::id)
            .sort("name", "s.name", Listing.Type.TEXT, Site::name)
            .sort("id", "s.id", Listing.Type.NUMBER, Site::id)
            .sort("internalDomain", "s.internal_domain", Listing.Type.TEXT, Site::internalDomain)
            .sort("createdAt", "s.created_at", Listing.Type.TIME, Site::createdAt)
            .search("s.name", "s.internal_domain");

    Optional<Site> find(Handle handle, int id) {
        return handle.createQuery(SELECT + "where s.id = :id").bind("id", id).map(SiteRows::site).findOne();
    }

    Optional<Site> find(Handle handle, String name) {
        return handle.createQuery(SELECT + "where s.name = :name").bind("name", name).map(SiteRows::site).findOne();
    }

    Page<Site> list(Handle handle, ListRequest request, @Nullable String name) {
        return LISTING.page(handle, request, new Conditions().equal("s.name", name));
    }

    /** @return its id */
    int insert(Handle handle, SiteValues site) {
        return handle.createQuery("""
                        insert into sites (name, internal_domain, dhcp_range, subnet_mask, gateway, dns_forwarders, external_ip)
                        values (:name, :internalDomain, cast(:dhcpRange as inetrange), cast(:subnetMask as inet), cast(:gateway as inet),
                                cast(:dnsForwarders as inet[]), cast(:externalIp as inet))
                        returning id""")
                .bindMap(columns(site))
                .mapTo(int.class)
                .one();
    }

    void update(Handle handle, int id, SiteValues site) {
        handle.createUpdate("""
                        update sites set name = :name, internal_domain = :internalDomain, dhcp_range = cast(:dhcpRange as inetrange),
                               subnet_mask = cast(:subnetMask as inet), gateway = cast(:gateway as inet),
                               dns_forwarders = cast(:dnsForwarders as inet[]), external_ip = cast(:externalIp as inet)
                        where id = :id""")
                .bindMap(columns(site))
                .bind("id", id)
                .execute();
    }

    void delete(Handle handle, int id) {
        handle.execute("delete from sites where id = ?", id);
    }

    /** Nodes and external domains of the site. */
    List<String> holders(Handle handle, int id) {
        return handle.createQuery("""
                        (select 'node:' || name from nodes where site_id = :id order by name limit :most)
                        union all
                        (select 'external-domain:' || domain from external_domains where site_id = :id order by domain limit :most)""")
                .bind("id", id)
                .bind("most", MOST_HOLDERS)
                .mapTo(String.class)
                .list();
    }

    boolean hasRangeInCommon(Handle handle, int except, AddressRange range) {
        return handle.createQuery("select exists (select from sites where id <> :except and dhcp_range && cast(:range as inetrange))")
                .bind("except", except)
                .bind("range", range.sql())
                .mapTo(boolean.class)
                .one();
    }

    /** Whether the range holds the gateway of another site, or the gateway lies in the range of another. */
    boolean mixesGatewayAndRange(Handle handle, int except, SiteValues site) {
        return handle.createQuery("""
                        select exists (select from sites where id <> :except
                            and (dhcp_range @> cast(:gateway as inet) or cast(:dhcpRange as inetrange) @> gateway))""")
                .bind("except", except)
                .bindMap(columns(site))
                .mapTo(boolean.class)
                .one();
    }

    /** Whether containers of any site may be given the address. */
    boolean isInRange(Handle handle, IpAddress address) {
        return handle.createQuery("select exists (select from sites where dhcp_range @> cast(:address as inet))")
                .bind("address", address.toString())
                .mapTo(boolean.class)
                .one();
    }

    /** Who would lie outside of the network. */
    List<String> outside(Handle handle, int id, Network network) {
        return handle.createQuery("""
                        select holder from occupied_addresses
                        where site_id = :id and not is_host_of(network_of(cast(:member as inet), cast(:mask as inet)), address)
                        order by holder limit :most""")
                .bind("id", id)
                .bind("member", network.member().toString())
                .bind("mask", network.mask().toString())
                .bind("most", MOST_HOLDERS)
                .mapTo(String.class)
                .list();
    }

    /** Who has the address in the site. */
    List<String> occupants(Handle handle, int id, IpAddress address) {
        return handle.createQuery("select holder from occupied_addresses where site_id = :id and address = cast(:address as inet)")
                .bind("id", id)
                .bind("address", address.toString())
                .mapTo(String.class)
                .list();
    }

    /** Which nodes of any site have addresses in the range. */
    List<String> nodesIn(Handle handle, AddressRange range) {
        return handle.createQuery("""
                        select holder from occupied_addresses where not container and cast(:range as inetrange) @> address
                        order by holder limit :most""")
                .bind("range", range.sql())
                .bind("most", MOST_HOLDERS)
                .mapTo(String.class)
                .list();
    }

    private static Map<String, Object> columns(SiteValues site) {
        var columns = site.shown();
        columns.put("dhcpRange", site.dhcpRange() == null ? null : site.dhcpRange().sql());
        columns.put("dnsForwarders", site.dnsForwarders() == null ? null : "{" + site.dnsForwarders() + "}");
        return columns;
    }

    private static Site site(ResultSet row, StatementContext context) throws SQLException {
        return new Site(
                row.getInt("id"),
                row.getString("name"),
                row.getString("internal_domain"),
                row.getString("dhcp_range"),
                row.getString("subnet_mask"),
                row.getString("gateway"),
                row.getString("dns_forwarders"),
                row.getString("external_ip"),
                row.getLong("revision"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }
}
