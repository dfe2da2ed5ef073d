package io.gatehouse.cluster;

import static io.gatehouse.audit.AuditEvent.success;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditEvent;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.Caller;
import io.gatehouse.platform.http.IfMatch;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.MergePatch;
import io.gatehouse.platform.http.Page;
import io.gatehouse.platform.settings.PortRange;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** What containers offer; whoever may see or change a container may do so with its services. */
@Singleton
public final class Services {

    private final ClusterTransactions transactions;
    private final Containers containers;
    private final ServiceRows rows;
    private final TransportPorts ports;
    private final Quotas quotas;
    private final AuditLog audit;

    Services(ClusterTransactions transactions, Containers containers, ServiceRows rows, TransportPorts ports, Quotas quotas, AuditLog audit) {
        this.transactions = transactions;
        this.containers = containers;
        this.rows = rows;
        this.ports = ports;
        this.quotas = quotas;
        this.audit = audit;
    }

    /** @throws Problem if there is no such container that the caller may see */
    Page<Service> list(int container, ListRequest request, @Nullable ServiceType type, Caller caller) {
        return transactions.read(handle -> rows.list(handle, request, containers.visible(handle, container, caller).id(), type));
    }

    /** @throws Problem if there is no such container that the caller may see, or it has no such service */
    public Service get(int container, int id, Caller caller) {
        return transactions.read(handle -> existing(handle, containers.visible(handle, container, caller), id));
    }

    /** @throws Problem if there is no such container that the caller may change, it has enough services, or a value breaks a rule or is taken */
    public Service create(int container, NewService wish, Caller caller, Actor actor) {
        var draft = ServiceDraft.of(wish);
        return transactions.write(handle -> {
            var home = containers.changeable(handle, container, caller);
            quotas.requireService(handle, caller, container);
            var service = existing(handle, home, rows.insert(handle, container, settled(handle, draft, null, caller)));
            audit.record(handle, Differences.add(event(actor, "cluster.service.created", service, home), Map.of(), values(service)));
            return service;
        });
    }

    /** @throws Problem if there is no such container that the caller may change, no such service, or a value breaks a rule or is taken */
    public Service modify(int container, int id, MergePatch patch, IfMatch condition, Caller caller, Actor actor) {
        return transactions.write(handle -> {
            var home = containers.changeable(handle, container, caller);
            var before = existing(handle, home, id);
            condition.check(before);
            rows.update(handle, id, settled(handle, ServiceDraft.of(before, patch), before, caller));
            var after = existing(handle, home, id);
            var event = Differences.add(event(actor, "cluster.service.modified", before, home), values(before), values(after));
            if (event.changedAnything()) {
                audit.record(handle, event);
            }
            return after;
        });
    }

    /** @throws Problem if there is no such container that the caller may change, or it has no such service */
    public void delete(int container, int id, IfMatch condition, Caller caller, Actor actor) {
        transactions.write(handle -> {
            var home = containers.changeable(handle, container, caller);
            var service = existing(handle, home, id);
            condition.check(service);
            rows.delete(handle, id);
            audit.record(handle, Differences.add(event(actor, "cluster.service.deleted", service, home), values(service), Map.of()));
            return null;
        });
    }

    private Service existing(Handle handle, Container container, int id) {
        return rows.find(handle, container.id(), id).orElseThrow(() -> Problem.notFound("service", id));
    }

    /** With a port where it has none, and good in the company of all others. */
    private ServiceDraft settled(Handle handle, ServiceDraft draft, @Nullable Service before, Caller caller) {
        var id = before == null ? null : before.id();
        return switch (draft) {
            case ServiceDraft.Http http -> {
                if (!rows.domainExists(handle, http.externalDomainId())) {
                    throw Problem.invalid("externalDomainId", http.externalDomainId(), "There is no such external domain.");
                }
                if (http.externalHostname().equals(ExternalHostname.APEX) && !caller.administrator() && !isPresent(http, before)) {
                    throw Problem.forbidden("externalHostname", "Only an administrator may take the domain itself.");
                }
                if (rows.nameIsTaken(handle, http, id)) {
                    throw WorkloadRule.HTTP_SERVICE_UNIQUE.broken(http.externalHostname());
                }
                yield http;
            }
            case ServiceDraft.Transport transport when transport.externalPort() == null ->
                    transport.withExternalPort(ports.findNextAvailablePort(handle, transport.protocol()));
            case ServiceDraft.Transport transport -> {
                if (!isPresent(transport, before)) {
                    refuseOutside(ports.range(transport.protocol()), transport.externalPort(), caller);
                }
                if (rows.portIsTaken(handle, transport, id)) {
                    throw WorkloadRule.TRANSPORT_SERVICE_UNIQUE.broken(transport.externalPort());
                }
                yield transport;
            }
            case ServiceDraft.Dns dns -> dns;
        };
    }

    private static boolean isPresent(ServiceDraft.Http draft, @Nullable Service before) {
        return before instanceof HttpService present
                && present.externalHostname().equals(draft.externalHostname()) && present.externalDomainId() == draft.externalDomainId();
    }

    private static boolean isPresent(ServiceDraft.Transport draft, @Nullable Service before) {
        return before instanceof TransportService present
                && present.protocol() == draft.protocol() && present.externalPort() == draft.externalPort();
    }

    private static void refuseOutside(PortRange range, int port, Caller caller) {
        if (!caller.administrator() && !range.contains(port)) {
            throw Problem.forbidden("externalPort", "Only an administrator may take a port outside of " + range + ".");
        }
    }

    private static AuditEvent event(Actor actor, String action, Service service, Container container) {
        return success(actor, action, "service:" + service.id()).with("container", container.hostname());
    }

    private static Map<String, Object> values(Service service) {
        var values = new LinkedHashMap<String, Object>();
        values.put("type", ServiceType.of(service).text());
        values.put("containerPort", service.containerPort());
        switch (service) {
            case HttpService http -> {
                values.put("externalHostname", http.externalHostname());
                values.put("externalDomainId", http.externalDomainId());
                values.put("authRequired", http.authRequired());
            }
            case TransportService transport -> {
                values.put("protocol", transport.protocol().text());
                values.put("externalPort", transport.externalPort());
                values.put("useTls", transport.useTls());
            }
            case DnsService dns -> {
                values.put("recordType", dns.recordType());
                values.put("serviceName", dns.serviceName());
            }
        }
        return values;
    }
}
