package io.gatehouse.gateway;

import io.gatehouse.cluster.ContainerStatus;
import io.gatehouse.cluster.TransportProtocol;
import io.gatehouse.gateway.SiteSnapshot.Certificate;
import io.gatehouse.gateway.SiteSnapshot.Container;
import io.gatehouse.gateway.SiteSnapshot.DnsService;
import io.gatehouse.gateway.SiteSnapshot.Domain;
import io.gatehouse.gateway.SiteSnapshot.HttpService;
import io.gatehouse.gateway.SiteSnapshot.Node;
import io.gatehouse.gateway.SiteSnapshot.Range;
import io.gatehouse.gateway.SiteSnapshot.Service;
import io.gatehouse.gateway.SiteSnapshot.Site;
import io.gatehouse.gateway.SiteSnapshot.TransportService;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;

/** Reads all that concerns sites. Whatever has no order of its own is put into the order of bytes, which is the same in every database. */
@Singleton
final class SnapshotRows {

    private static final String SITES = """
            select s.id, s.name, s.internal_domain, host(lower(s.dhcp_range)) as range_first, host(upper(s.dhcp_range)) as range_last,
                   host(s.subnet_mask) as subnet_mask, host(s.gateway) as gateway, host(s.external_ip) as external_ip,
                   array(select host(address) from unnest(s.dns_forwarders) with ordinality f (address, place) order by place) as dns_forwarders
            from sites s where :all or s.id = any(:sites) order by s.id""";

    private static final String NODES = """
            select n.site_id, n.id, n.name, host(n.ipv4_address) as ipv4_address
            from nodes n where :all or n.site_id = any(:sites) order by n.name collate "C", n.id""";

    private static final String CONTAINERS = """
            select n.site_id, c.id, c.hostname, c.status, c.mac_address::text as mac_address, host(c.ipv4_address) as ipv4_address
            from containers c join nodes n on n.id = c.node_id
            where :all or n.site_id = any(:sites) order by c.hostname collate "C" """;

    private static final String SERVICES = """
            select v.container_id, v.id, v.type, v.container_port, h.external_name, h.external_domain_id, h.auth_required,
                   t.protocol, t.external_port, t.use_tls, d.record_type, d.service_name
            from services v
                join containers c on c.id = v.container_id
                join nodes n on n.id = c.node_id
                left join http_services h on h.service_id = v.id
                left join transport_services t on t.service_id = v.id
                left join dns_services d on d.service_id = v.id
            where (:all or n.site_id = any(:sites)) and num_nonnulls(h.service_id, t.service_id, d.service_id) = 1 order by v.id""";

    private static final String DOMAINS = """
            select l.site_id, d.id, d.domain, d.site_id is not distinct from l.site_id as default_here, d.auth_server,
                   k.id as certificate, k.not_after
            from external_domains d
                join site_domains l on l.external_domain_id = d.id
                left join served_certificates k on k.external_domain_id = d.id
            where :all or l.site_id = any(:sites) order by d.domain collate "C" """;

    private static final String CONCERNED = """
            select id from sites where id = any(:sites)
            union select site_id from nodes where id = any(:nodes)
            union select n.site_id from nodes n join containers c on c.node_id = n.id where c.id = any(:containers)
            union select n.site_id from nodes n join containers c on c.node_id = n.id join services v on v.container_id = c.id
                  where v.id = any(:services)
            union select site_id from external_domains where id = any(:domains) and site_id is not null
            union select n.site_id from nodes n join containers c on c.node_id = n.id join services v on v.container_id = c.id
                      join http_services h on h.service_id = v.id
                  where h.external_domain_id = any(:domains)""";

    private record Of<T>(int id, T what) {
    }

    /** Of all sites. */
    List<SiteSnapshot> all(Handle handle) {
        return snapshots(handle, null);
    }

    /** Of those of these sites that there are. */
    List<SiteSnapshot> of(Handle handle, Collection<Integer> sites) {
        return snapshots(handle, sites);
    }

    /** The sites that changed rows belong to now. */
    Set<Integer> concerned(Handle handle, SiteChanges changes) {
        return new HashSet<>(handle.createQuery(CONCERNED)
                .bindArray("sites", Integer.class, changes.sites())
                .bindArray("nodes", Integer.class, changes.nodes())
                .bindArray("containers", Integer.class, changes.containers())
                .bindArray("services", Integer.class, changes.services())
                .bindArray("domains", Integer.class, changes.domains())
                .mapTo(Integer.class)
                .list());
    }

    private static List<SiteSnapshot> snapshots(Handle handle, @Nullable Collection<Integer> sites) {
        var nodes = grouped(query(handle, NODES, sites), row -> new Of<>(row.getInt("site_id"),
                new Node(row.getInt("id"), row.getString("name"), row.getString("ipv4_address"))));
        var services = grouped(query(handle, SERVICES, sites), row -> new Of<>(row.getInt("container_id"), service(row)));
        var containers = grouped(query(handle, CONTAINERS, sites), row -> new Of<>(row.getInt("site_id"),
                container(row, services.getOrDefault(row.getInt("id"), List.of()))));
        var domains = grouped(query(handle, DOMAINS, sites), row -> new Of<>(row.getInt("site_id"), domain(row)));
        return query(handle, SITES, sites).map((row, context) -> site(row)).list().stream()
                .map(site -> new SiteSnapshot(site, nodes.getOrDefault(site.id(), List.of()), containers.getOrDefault(site.id(), List.of()),
                        domains.getOrDefault(site.id(), List.of())))
                .toList();
    }

    private static Query query(Handle handle, String sql, @Nullable Collection<Integer> sites) {
        return handle.createQuery(sql).bind("all", sites == null).bindArray("sites", Integer.class, sites == null ? List.of() : List.copyOf(sites));
    }

    private interface Reading<T> {
        Of<T> of(ResultSet row) throws SQLException;
    }

    private static <T> Map<Integer, List<T>> grouped(Query query, Reading<T> reading) {
        RowMapper<Of<T>> mapper = (row, context) -> reading.of(row);
        var grouped = new HashMap<Integer, List<T>>();
        query.map(mapper).forEach(found -> grouped.computeIfAbsent(found.id(), id -> new ArrayList<>()).add(found.what()));
        return grouped;
    }

    private static Site site(ResultSet row) throws SQLException {
        var first = row.getString("range_first");
        return new Site(
                row.getInt("id"),
                row.getString("name"),
                row.getString("internal_domain"),
                first == null ? null : new Range(first, row.getString("range_last")),
                row.getString("subnet_mask"),
                row.getString("gateway"),
                List.of((String[]) row.getArray("dns_forwarders").getArray()),
                row.getString("external_ip"));
    }

    private static Container container(ResultSet row, List<Service> services) throws SQLException {
        return new Container(
                row.getInt("id"),
                row.getString("hostname"),
                ContainerStatus.parse(row.getString("status")),
                row.getString("mac_address"),
                row.getString("ipv4_address"),
                services);
    }

    private static Service service(ResultSet row) throws SQLException {
        int id = row.getInt("id");
        int port = row.getInt("container_port");
        return switch (row.getString("type")) {
            case "http" -> new HttpService(id, port, row.getString("external_name"), row.getInt("external_domain_id"), row.getBoolean("auth_required"));
            case "transport" -> new TransportService(
                    id, port, TransportProtocol.parse(row.getString("protocol")), row.getInt("external_port"), row.getBoolean("use_tls"));
            default -> new DnsService(id, port, row.getString("record_type"), row.getString("service_name"));
        };
    }

    private static Domain domain(ResultSet row) throws SQLException {
        var certificate = row.getString("certificate");
        return new Domain(
                row.getInt("id"),
                row.getString("domain"),
                row.getBoolean("default_here"),
                certificate == null ? null : new Certificate(certificate, row.getObject("not_after", OffsetDateTime.class).toInstant()),
                row.getString("auth_server"));
    }
}
