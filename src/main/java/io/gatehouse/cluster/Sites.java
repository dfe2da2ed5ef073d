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
import org.jdbi.v3.core.Handle;

/** The sites of the cluster. */
@Singleton
public final class Sites {

    private static final int NONE = 0;

    private final ClusterTransactions transactions;
    private final SiteRows rows;
    private final AuditLog audit;

    Sites(ClusterTransactions transactions, SiteRows rows, AuditLog audit) {
        this.transactions = transactions;
        this.rows = rows;
        this.audit = audit;
    }

    /** @throws Problem if there is no such site */
    public Site get(int id) {
        return transactions.read(handle -> existing(handle, id));
    }

    /** @param name of the only one to show; null for all */
    public Page<Site> list(ListRequest request, @Nullable String name) {
        return transactions.read(handle -> rows.list(handle, request, name));
    }

    /** @throws Problem if a value breaks a rule, or belongs to another site */
    public Site create(NewSite wish, Actor actor) {
        var values = SiteValues.of(wish);
        return transactions.write(handle -> insert(handle, values, actor));
    }

    /** Creates the site unless there is one of that name. */
    public void ensure(NewSite wish, Actor actor) {
        var values = SiteValues.of(wish);
        transactions.write(handle -> rows.find(handle, values.name()).orElseGet(() -> insert(handle, values, actor)));
    }

    /** @throws Problem if there is no such site, it is in another state, a value breaks a rule, or something in the site stands against it */
    public Site modify(int id, MergePatch patch, IfMatch condition, Actor actor) {
        return transactions.write(handle -> {
            var before = existing(handle, id);
            condition.check(before);
            var values = SiteValues.of(before.wish().patched(patch));
            var event = Differences.add(success(actor, "cluster.site.modified", target(before)), before.values().shown(), values.shown());
            if (!event.changedAnything()) {
                return before;
            }
            check(handle, id, values);
            rows.update(handle, id, values);
            audit.record(handle, event);
            return existing(handle, id);
        });
    }

    /** @throws Problem if there is no such site, it is in another state, or it has nodes or external domains */
    public void delete(int id, IfMatch condition, Actor actor) {
        transactions.write(handle -> {
            var site = existing(handle, id);
            condition.check(site);
            var holders = rows.holders(handle, id);
            if (!holders.isEmpty()) {
                throw Problem.held("The site still has nodes or external domains.", holders);
            }
            rows.delete(handle, id);
            audit.record(handle, Differences.add(success(actor, "cluster.site.deleted", target(site)), site.values().shown(), Map.of()));
            return null;
        });
    }

    /** @throws Problem if there is no such site */
    Site existing(Handle handle, int id) {
        return rows.find(handle, id).orElseThrow(() -> Problem.notFound("site", id));
    }

    private Site insert(Handle handle, SiteValues values, Actor actor) {
        check(handle, NONE, values);
        var site = existing(handle, rows.insert(handle, values));
        audit.record(handle, Differences.add(success(actor, "cluster.site.created", target(site)), Map.of(), values.shown()));
        return site;
    }

    private void check(Handle handle, int id, SiteValues site) {
        if (rows.find(handle, site.name()).filter(other -> other.id() != id).isPresent()) {
            throw LayoutRule.SITE_NAME_UNIQUE.broken(site.name());
        }
        if (site.dhcpRange() != null && rows.hasRangeInCommon(handle, id, site.dhcpRange())) {
            throw LayoutRule.SITE_DHCP_RANGE_OVERLAP.broken(site.dhcpRange().toString());
        }
        if (rows.mixesGatewayAndRange(handle, id, site)) {
            throw LayoutRule.SITE_DHCP_RANGE_GATEWAY_OF_OTHER.broken();
        }
        if (site.dhcpRange() != null) {
            LayoutRule.SITE_DHCP_RANGE_IN_USE.refuseIfHeld(rows.nodesIn(handle, site.dhcpRange()));
        }
        if (site.network() != null) {
            LayoutRule.SITE_NETWORK_IN_USE.refuseIfHeld(rows.outside(handle, id, site.network()));
        }
        if (site.gateway() != null) {
            LayoutRule.SITE_GATEWAY_IN_USE.refuseIfHeld(rows.occupants(handle, id, site.gateway()));
        }
    }

    private static String target(Site site) {
        return "site:" + site.name();
    }
}
