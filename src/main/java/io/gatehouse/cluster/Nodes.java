package io.gatehouse.cluster;

import static io.gatehouse.audit.AuditEvent.success;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.IfMatch;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.MergePatch;
import io.gatehouse.platform.http.Page;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;

/** The hypervisors of the cluster. */
@Singleton
public final class Nodes {

    private static final int NONE = 0;

    private final ClusterTransactions transactions;
    private final NodeRows rows;
    private final SiteRows siteRows;
    private final Sites sites;
    private final AuditLog audit;

    Nodes(ClusterTransactions transactions, NodeRows rows, SiteRows siteRows, Sites sites, AuditLog audit) {
        this.transactions = transactions;
        this.rows = rows;
        this.siteRows = siteRows;
        this.sites = sites;
        this.audit = audit;
    }

    /** @throws Problem if there is no such node */
    public Node get(int id) {
        return transactions.read(handle -> existing(handle, id));
    }

    /**
     * @param siteId null for those of all sites
     * @param name   of the only one to show, without regard to case; null for all
     */
    public Page<Node> list(ListRequest request, @Nullable Integer siteId, @Nullable String name) {
        return transactions.read(handle -> rows.list(handle, request, siteId, name));
    }

    /** @throws Problem if there is no such site */
    public Page<Node> listOf(int siteId, ListRequest request, @Nullable String name) {
        return transactions.read(handle -> {
            sites.existing(handle, siteId);
            return rows.list(handle, request, siteId, name);
        });
    }

    /** @throws Problem if a value breaks a rule, or belongs to something else */
    public Node create(NewNode wish, Actor actor) {
        var values = NodeValues.of(wish);
        return transactions.write(handle -> insert(handle, values, actor));
    }

    /** @throws Problem if there is no such site, the node is said to be in another, a value breaks a rule, or belongs to something else */
    public Node createIn(int siteId, NewNode wish, Actor actor) {
        return transactions.write(handle -> {
            sites.existing(handle, siteId);
            if (wish.siteId() != null && wish.siteId() != siteId) {
                throw Problem.invalid("siteId", wish.siteId(), "The path names another site.");
            }
            return insert(handle, NodeValues.of(wish.in(siteId)), actor);
        });
    }

    /** @throws Problem if there is no such node, it is in another state, a value breaks a rule, or belongs to something else */
    public Node modify(int id, MergePatch patch, IfMatch condition, Actor actor) {
        return transactions.write(handle -> {
            var before = existing(handle, id);
            condition.check(before);
            var secret = patch.names(NewNode.SECRET) ? rows.secret(handle, id).orElse(null) : null;
            var present = before.wish(secret);
            var values = NodeValues.of(present.patched(patch));
            boolean otherSecret = !Objects.equals(secret, values.apiTokenSecretOrPassword());
            var event = Differences.add(success(actor, "cluster.node.modified", target(before)), NodeValues.of(present).shown(), values.shown());
            if (event.changedAnything()) {
                check(handle, id, values);
                rows.update(handle, id, values);
            }
            if (otherSecret) {
                rows.updateSecret(handle, id, values.apiTokenSecretOrPassword());
                event = event.masked(NewNode.SECRET);
            }
            if (event.changedAnything()) {
                audit.record(handle, event);
            }
            return existing(handle, id);
        });
    }

    /** @throws Problem if there is no such node, it is in another state, or it has containers */
    public void delete(int id, IfMatch condition, Actor actor) {
        transactions.write(handle -> {
            var node = existing(handle, id);
            condition.check(node);
            var holders = rows.holders(handle, id);
            if (!holders.isEmpty()) {
                throw Problem.held("The node still has containers.", holders);
            }
            var event = Differences.add(success(actor, "cluster.node.deleted", target(node)), NodeValues.of(node.wish(null)).shown(), Map.of());
            rows.delete(handle, id);
            audit.record(handle, event);
            return null;
        });
    }

    /** @throws Problem if there is no such node */
    Node existing(Handle handle, int id) {
        return rows.find(handle, id).orElseThrow(() -> Problem.notFound("node", id));
    }

    private Node insert(Handle handle, NodeValues values, Actor actor) {
        check(handle, NONE, values);
        var node = existing(handle, rows.insert(handle, values));
        var event = Differences.add(success(actor, "cluster.node.created", target(node)), Map.of(), values.shown());
        audit.record(handle, node.hasApiTokenSecretOrPassword() ? event.masked(NewNode.SECRET) : event);
        return node;
    }

    private void check(Handle handle, int id, NodeValues node) {
        var site = siteRows.find(handle, node.siteId()).orElseThrow(() -> Problem.invalid("siteId", node.siteId(), "There is no such site."));
        if (rows.find(handle, node.name().text()).filter(other -> other.id() != id).isPresent()) {
            throw LayoutRule.NODE_NAME_UNIQUE.broken(node.name().text());
        }
        var network = site.values().network();
        if (node.ipv4Address() != null) {
            checkAddress(handle, id, node.ipv4Address(), site.values());
        }
        if (network != null) {
            LayoutRule.NODE_SITE_CONTAINERS.refuseIfHeld(rows.outside(handle, id, network));
        }
    }

    private void checkAddress(Handle handle, int id, IpAddress address, SiteValues site) {
        if (rows.find(handle, address).filter(other -> other.id() != id).isPresent()) {
            throw LayoutRule.NODE_ADDRESS_UNIQUE.broken(address.toString());
        }
        if (site.network() != null && !site.network().hosts(address)) {
            throw LayoutRule.NODE_ADDRESS_IN_NETWORK.broken(address.toString());
        }
        if (address.equals(site.gateway())) {
            throw LayoutRule.NODE_ADDRESS_GATEWAY.broken(address.toString());
        }
        if (siteRows.isInRange(handle, address)) {
            throw LayoutRule.NODE_ADDRESS_IN_DHCP_RANGE.broken(address.toString());
        }
        if (rows.isOfContainer(handle, address)) {
            throw LayoutRule.NODE_ADDRESS_OF_CONTAINER.broken(address.toString());
        }
    }

    private static String target(Node node) {
        return "node:" + node.name();
    }
}
