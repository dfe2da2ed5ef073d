package io.gatehouse.cluster;

import static io.gatehouse.audit.AuditEvent.success;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.Caller;
import io.gatehouse.platform.http.Conditions;
import io.gatehouse.platform.http.IfMatch;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.MergePatch;
import io.gatehouse.platform.http.Page;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;

/** The containers of the cluster: administrators do with them what they like, users with their own; collaborators look on. */
@Singleton
public final class Containers {

    private static final String ADMINISTRATORS_ONLY = "Only an administrator may set this.";
    private static final List<String> GIVEN = List.of("status", "containerId", "macAddress", "ipv4Address", "creationJobId");
    private static final String PLACE = "nodeId";

    private final ClusterTransactions transactions;
    private final ContainerRows rows;
    private final CollaboratorRows collaborators;
    private final Quotas quotas;
    private final AuditLog audit;
    private final RandomGenerator random = new SecureRandom();

    Containers(ClusterTransactions transactions, ContainerRows rows, CollaboratorRows collaborators, Quotas quotas, AuditLog audit) {
        this.transactions = transactions;
        this.rows = rows;
        this.collaborators = collaborators;
        this.quotas = quotas;
        this.audit = audit;
    }

    /** Which containers to list; what is null does not matter. */
    public record Filter(
            @Nullable Integer siteId, @Nullable Integer nodeId, @Nullable String username, @Nullable ContainerStatus status, @Nullable String hostname) {

        /** Any container. */
        public static final Filter ALL = new Filter(null, null, null, null, null);
    }

    /** An administrator sees all, others see their own and those that they collaborate on. */
    public Page<Container> list(ListRequest request, Filter filter, Caller caller) {
        var conditions = new Conditions()
                .equal("n.site_id", filter.siteId())
                .equal("c.node_id", filter.nodeId())
                .equal("u.username", filter.username())
                .equal("c.status", filter.status() == null ? null : filter.status().text())
                .equal("c.hostname", filter.hostname())
                .and("""
                        u.username = :caller or exists (select from container_collaborators join users o using (uid_number)
                                                        where container_id = c.id and o.username = :caller)""",
                        "caller", caller.administrator() ? null : caller.name());
        return transactions.read(handle -> rows.list(handle, request, conditions));
    }

    /** @throws Problem if there is no such container that the caller may see */
    public Container get(int id, Caller caller) {
        return transactions.read(handle -> visible(handle, id, caller));
    }

    /** @throws Problem if a value breaks a rule or is taken, the caller may not set it or has enough, or there is no room */
    public Container create(NewContainer wish, Caller caller, Actor actor) {
        refuseGiven(wish, caller);
        var username = wish.username() == null ? caller.name() : wish.username();
        refuseOthers(username, caller);
        return transactions.writeWithDirectory(handle -> {
            quotas.requireContainer(handle, caller);
            var draft = addressed(handle, ContainerDraft.of(wish, username, node(handle, wish)));
            var container = rows.find(handle, rows.insert(handle, draft)).orElseThrow();
            audit.record(handle, Differences.add(success(actor, "cluster.container.created", target(container)), Map.of(), values(container)));
            return container;
        });
    }

    /** @throws Problem if there is no such container that the caller may change, or as for a new one */
    public Container modify(int id, MergePatch patch, IfMatch condition, Caller caller, Actor actor) {
        return transactions.writeWithDirectory(handle -> {
            var before = changeable(handle, id, caller);
            condition.check(before);
            refuseGiven(patch, caller);
            var draft = ContainerDraft.of(before, patch);
            refuseOthers(draft.username(), caller);
            if (draft.ipv4Address() == null) {
                rows.releaseAddress(handle, id);
            }
            rows.update(handle, addressed(handle, draft));
            var after = visible(handle, id, caller);
            var event = Differences.add(success(actor, "cluster.container.modified", target(before)), values(before), values(after));
            if (event.changedAnything()) {
                audit.record(handle, event);
            }
            return after;
        });
    }

    /**
     * Its services go with it, and its account in the directory.
     *
     * @throws Problem if there is no such container that the caller may change
     */
    public void delete(int id, IfMatch condition, Caller caller, Actor actor) {
        transactions.writeWithDirectory(handle -> {
            var container = changeable(handle, id, caller);
            condition.check(container);
            rows.delete(handle, id);
            audit.record(handle, Differences.add(success(actor, "cluster.container.deleted", target(container)), values(container), Map.of()));
            return null;
        });
    }

    /**
     * Whoever may not see a container is not told that there is one.
     *
     * @throws Problem if there is no such container that the caller may see
     */
    public Container visible(Handle handle, int id, Caller caller) {
        return rows.find(handle, id)
                .filter(container -> owns(caller, container) || collaborators.contains(handle, id, caller.name()))
                .orElseThrow(() -> Problem.notFound("container", id));
    }

    /** @throws Problem if there is no such container that the caller may see, or the caller may do no more than see it */
    public Container changeable(Handle handle, int id, Caller caller) {
        var container = visible(handle, id, caller);
        if (!owns(caller, container)) {
            throw Problem.of(Problem.Kind.FORBIDDEN, "Only the owner of the container and administrators may do this.");
        }
        return container;
    }

    /** As the audit log names it. */
    public static String target(Container container) {
        return "container:" + container.hostname();
    }

    private static boolean owns(Caller caller, Container container) {
        return caller.administrator() || caller.is(container.username());
    }

    private int node(Handle handle, NewContainer wish) {
        if (wish.nodeId() != null && wish.siteId() != null) {
            throw Problem.invalid("siteId", wish.siteId(), "A node or a site is needed, not both.");
        }
        if (wish.siteId() == null) {
            return Text.required(PLACE, wish.nodeId());
        }
        if (!rows.siteExists(handle, wish.siteId())) {
            throw Problem.invalid("siteId", wish.siteId(), "There is no such site.");
        }
        return rows.emptiestNode(handle, wish.siteId())
                .orElseThrow(() -> Problem.conflict("siteId", wish.siteId(), "The site has no nodes."));
    }

    /** With addresses where it has none, and good in the company of all others. */
    private ContainerDraft addressed(Handle handle, ContainerDraft draft) {
        rows.brokenRule(handle, draft).ifPresent(rule -> {
            throw rule == WorkloadRule.CONTAINER_NODE
                    ? Problem.invalid(PLACE, draft.nodeId(), "There is no such node.")
                    : rule.broken(draft.values().get(rule.field()));
        });
        var withMac = draft.macAddress() == null ? draft.withMacAddress(freeMacAddress(handle)) : draft;
        return withMac.ipv4Address() == null ? withMac.withIpv4Address(freeIpv4Address(handle, draft.nodeId())) : withMac;
    }

    private MacAddress freeMacAddress(Handle handle) {
        var address = MacAddress.random(random);
        while (rows.macAddressIsTaken(handle, address)) {
            address = MacAddress.random(random);
        }
        return address;
    }

    /** Null if the site has no range to take one from. */
    private @Nullable String freeIpv4Address(Handle handle, int node) {
        var free = rows.freeAddress(handle, node);
        if (free.isEmpty()) {
            rows.range(handle, node).ifPresent(range -> {
                throw Problem.conflict("ipv4Address", null, "Every address in the DHCP range " + range + " is in use.");
            });
        }
        return free.orElse(null);
    }

    private static void refuseOthers(String username, Caller caller) {
        if (!caller.administrator() && !caller.is(username)) {
            throw Problem.forbidden("username", "Only an administrator may give a container to somebody else.");
        }
    }

    private static void refuseGiven(NewContainer wish, Caller caller) {
        if (caller.administrator()) {
            return;
        }
        var given = new LinkedHashMap<String, Object>();
        given.put("status", wish.status());
        given.put("containerId", wish.containerId());
        given.put("macAddress", wish.macAddress());
        given.put("ipv4Address", wish.ipv4Address());
        given.put("creationJobId", wish.creationJobId());
        given.forEach((field, value) -> {
            if (value != null) {
                throw Problem.forbidden(field, ADMINISTRATORS_ONLY);
            }
        });
    }

    private static void refuseGiven(MergePatch patch, Caller caller) {
        if (caller.administrator()) {
            return;
        }
        GIVEN.stream().filter(patch::names).findFirst().ifPresent(field -> {
            throw Problem.forbidden(field, ADMINISTRATORS_ONLY);
        });
        // Its place on the node is real: a row that moves alone would be wrong.
        if (patch.names(PLACE)) {
            throw Problem.forbidden(PLACE, "Only an administrator may move a container.");
        }
    }

    private static Map<String, Object> values(Container container) {
        var values = new LinkedHashMap<String, Object>();
        values.put("hostname", container.hostname());
        values.put("username", container.username());
        values.put("status", container.status().text());
        values.put("template", container.template());
        values.put("nodeId", container.nodeId());
        values.put("containerId", container.containerId());
        values.put("macAddress", container.macAddress());
        values.put("ipv4Address", container.ipv4Address());
        values.put("aiContainer", container.aiContainer());
        values.put("creationJobId", container.creationJobId());
        return values;
    }
}
