package io.gatehouse.cluster;

import io.gatehouse.platform.http.Conditions;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Listing;
import io.gatehouse.platform.http.Listing.Type;
import io.gatehouse.platform.http.Page;
import io.gatehouse.platform.settings.PortRange;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The table {@code services} and those of its types. */
@Singleton
final class ServiceRows {

    private static final String SELECT = """
            select s.*, h.external_hostname, h.external_domain_id, h.auth_required, t.protocol, t.external_port, t.use_tls, d.record_type, d.service_name
            from services s
                left join http_services h on h.service_id = s.id
                left join transport_services t on t.service_id = s.id
                left join dns_services d on d.service_id = s.id""";

    private static final Listing<Service> LISTING = Listing.of(SELECT, ServiceRows::service).key("s.id", Type.NUMBER, Service::id);

    Page<Service> list(Handle handle, ListRequest request, int container, @Nullable ServiceType type) {
        return LISTING.page(handle, request, new Conditions()
                .equal("s.container_id", container)
                .equal("s.type", type == null ? null : type.text()));
    }

    /** Only below its own container. */
    Optional<Service> find(Handle handle, int container, int id) {
        return handle.createQuery(SELECT + " where s.container_id = :container and s.id = :id")
                .bind("container", container)
                .bind("id", id)
                .map(ServiceRows::service)
                .findOne();
    }

    /** The lowest port of the range that no service has; empty if there is none. A free port is the first, or follows a taken one. */
    Optional<Integer> freePort(Handle handle, TransportProtocol protocol, PortRange range) {
        return handle.createQuery("""
                        with taken as (select external_port as port from transport_services
                                       where protocol = :protocol and external_port between :first and :last
                                       union all select 443
                                       union all select 80 where :protocol = 'tcp')
                        select port from (select cast(:first as integer) as port union all select port + 1 from taken) candidate
                        where port between :first and :last and not exists (select from taken where taken.port = candidate.port)
                        order by port limit 1""")
                .bind("protocol", protocol.text())
                .bind("first", range.first())
                .bind("last", range.last())
                .mapTo(int.class)
                .findOne();
    }

    boolean domainExists(Handle handle, int domain) {
        return handle.createQuery("select exists (select from external_domains where id = :domain)").bind("domain", domain).mapTo(boolean.class).one();
    }

    /** Whether a service other than this one has the name in the domain. */
    boolean nameIsTaken(Handle handle, ServiceDraft.Http draft, @Nullable Integer id) {
        return handle.createQuery("""
                        select exists (select from http_services
                                       where external_hostname = :hostname and external_domain_id = :domain
                                           and service_id is distinct from cast(:id as integer))""")
                .bind("hostname", draft.externalHostname())
                .bind("domain", draft.externalDomainId())
                .bind("id", id)
                .mapTo(boolean.class)
                .one();
    }

    /** Whether a service other than this one has the port. */
    boolean portIsTaken(Handle handle, ServiceDraft.Transport draft, @Nullable Integer id) {
        return handle.createQuery("""
                        select exists (select from transport_services
                                       where protocol = :protocol and external_port = :port and service_id is distinct from cast(:id as integer))""")
                .bind("protocol", draft.protocol().text())
                .bind("port", draft.externalPort())
                .bind("id", id)
                .mapTo(boolean.class)
                .one();
    }

    /** @return its id */
    int insert(Handle handle, int container, ServiceDraft draft) {
        int id = handle.createUpdate("insert into services (container_id, type, container_port) values (:container, :type, :port)")
                .bind("container", container)
                .bind("type", type(draft).text())
                .bind("port", draft.containerPort())
                .executeAndReturnGeneratedKeys("id")
                .mapTo(int.class)
                .one();
        switch (draft) {
            case ServiceDraft.Http http -> handle.execute(
                    "insert into http_services (service_id, external_hostname, external_domain_id, auth_required) values (?, ?, ?, ?)",
                    id, http.externalHostname(), http.externalDomainId(), http.authRequired());
            case ServiceDraft.Transport transport -> handle.execute(
                    "insert into transport_services (service_id, protocol, external_port, use_tls) values (?, ?, ?, ?)",
                    id, transport.protocol().text(), transport.externalPort(), transport.useTls());
            case ServiceDraft.Dns dns -> handle.execute(
                    "insert into dns_services (service_id, record_type, service_name) values (?, ?, ?)",
                    id, dns.recordType(), dns.serviceName());
        }
        return id;
    }

    void update(Handle handle, int id, ServiceDraft draft) {
        handle.execute("update services set container_port = ? where id = ?", draft.containerPort(), id);
        switch (draft) {
            case ServiceDraft.Http http -> handle.execute(
                    "update http_services set external_hostname = ?, external_domain_id = ?, auth_required = ? where service_id = ?",
                    http.externalHostname(), http.externalDomainId(), http.authRequired(), id);
            case ServiceDraft.Transport transport -> handle.execute(
                    "update transport_services set protocol = ?, external_port = ?, use_tls = ? where service_id = ?",
                    transport.protocol().text(), transport.externalPort(), transport.useTls(), id);
            case ServiceDraft.Dns dns -> handle.execute(
                    "update dns_services set record_type = ?, service_name = ? where service_id = ?",
                    dns.recordType(), dns.serviceName(), id);
        }
    }

    void delete(Handle handle, int id) {
        handle.execute("delete from services where id = ?", id);
    }

    private static ServiceType type(ServiceDraft draft) {
        return switch (draft) {
            case ServiceDraft.Http http -> ServiceType.HTTP;
            case ServiceDraft.Transport transport -> ServiceType.TRANSPORT;
            case ServiceDraft.Dns dns -> ServiceType.DNS;
        };
    }

    private static Service service(ResultSet row, StatementContext context) throws SQLException {
        int id = row.getInt("id");
        int container = row.getInt("container_id");
        int port = row.getInt("container_port");
        var createdAt = row.getObject("created_at", OffsetDateTime.class).toInstant();
        var updatedAt = row.getObject("updated_at", OffsetDateTime.class).toInstant();
        long revision = row.getLong("revision");
        return switch (ServiceType.parse(row.getString("type"))) {
            case HTTP -> new HttpService(id, container, port, row.getString("external_hostname"), row.getInt("external_domain_id"),
                    row.getBoolean("auth_required"), createdAt, updatedAt, revision);
            case TRANSPORT -> new TransportService(id, container, port, TransportProtocol.parse(row.getString("protocol")),
                    row.getInt("external_port"), row.getBoolean("use_tls"), createdAt, updatedAt, revision);
            case DNS -> new DnsService(id, container, port, row.getString("record_type"), row.getString("service_name"),
                    createdAt, updatedAt, revision);
        };
    }
}
