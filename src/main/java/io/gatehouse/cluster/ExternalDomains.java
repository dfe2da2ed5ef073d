package io.gatehouse.cluster;

import static io.gatehouse.audit.AuditEvent.success;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditEvent;
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
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The public domains that HTTP services are below. */
@Singleton
public final class ExternalDomains {

    private static final int NONE = 0;

    private final ClusterTransactions transactions;
    private final ExternalDomainRows rows;
    private final SiteRows sites;
    private final AuditLog audit;

    ExternalDomains(ClusterTransactions transactions, ExternalDomainRows rows, SiteRows sites, AuditLog audit) {
        this.transactions = transactions;
        this.rows = rows;
        this.sites = sites;
        this.audit = audit;
    }

    /** @throws Problem if there is no such external domain */
    public ExternalDomain get(int id) {
        return transactions.read(handle -> existing(handle, id));
    }

    /**
     * @param siteId the default site of those to show; null for all
     * @param domain the only one to show, in any case; null for all
     */
    public Page<ExternalDomain> list(ListRequest request, @Nullable Integer siteId, @Nullable String domain) {
        return transactions.read(handle -> rows.list(handle, request, siteId, domain));
    }

    /** Empty if there are none, or there is no such external domain. */
    public Optional<CloudflareCredentials> cloudflare(Handle handle, int id) {
        return Optional.ofNullable(rows.cloudflare(handle, id));
    }

    /** @throws Problem if a value breaks a rule, or the domain is there already */
    public ExternalDomain create(NewExternalDomain wish, Actor actor) {
        var values = ExternalDomainValues.of(wish);
        return transactions.write(handle -> {
            check(handle, NONE, values);
            var domain = existing(handle, rows.insert(handle, values));
            var event = Differences.add(success(actor, "cluster.external-domain.created", target(domain)), Map.of(), values.shown());
            audit.record(handle, values.cloudflare() == null ? event : masked(event));
            return domain;
        });
    }

    /** @throws Problem if there is no such external domain, it is in another state, a value breaks a rule, or the domain is there already */
    public ExternalDomain modify(int id, MergePatch patch, IfMatch condition, Actor actor) {
        return transactions.write(handle -> {
            var before = existing(handle, id);
            condition.check(before);
            var cloudflare = rows.cloudflare(handle, id);
            var present = before.wish(cloudflare);
            var values = ExternalDomainValues.of(present.patched(patch));
            var event = Differences.add(success(actor, "cluster.external-domain.modified", target(before)),
                    ExternalDomainValues.of(present).shown(), values.shown());
            if (event.changedAnything()) {
                check(handle, id, values);
                rows.update(handle, id, values);
            }
            if (!Objects.equals(cloudflare, values.cloudflare())) {
                rows.updateCloudflare(handle, id, values.cloudflare());
                event = masked(event);
            }
            if (event.changedAnything()) {
                audit.record(handle, event);
            }
            return existing(handle, id);
        });
    }

    /** @throws Problem if there is no such external domain, it is in another state, or HTTP services have names below it */
    public void delete(int id, IfMatch condition, Actor actor) {
        transactions.write(handle -> {
            var domain = existing(handle, id);
            condition.check(domain);
            var holders = rows.holders(handle, id);
            if (!holders.isEmpty()) {
                throw Problem.held("Services have names in this domain.", holders);
            }
            rows.delete(handle, id);
            audit.record(handle, Differences.add(success(actor, "cluster.external-domain.deleted", target(domain)),
                    ExternalDomainValues.of(domain.wish(null)).shown(), Map.of()));
            return null;
        });
    }

    private ExternalDomain existing(Handle handle, int id) {
        return rows.find(handle, id).orElseThrow(() -> Problem.notFound("external domain", id));
    }

    private void check(Handle handle, int id, ExternalDomainValues domain) {
        if (domain.siteId() != null && sites.find(handle, domain.siteId()).isEmpty()) {
            throw Problem.invalid("siteId", domain.siteId(), "There is no such site.");
        }
        if (rows.find(handle, domain.domain()).filter(other -> other.id() != id).isPresent()) {
            throw LayoutRule.EXTERNAL_DOMAIN_UNIQUE.broken(domain.domain().text());
        }
    }

    private static AuditEvent masked(AuditEvent event) {
        return event.masked(NewExternalDomain.CLOUDFLARE_EMAIL).masked(NewExternalDomain.CLOUDFLARE_KEY);
    }

    private static String target(ExternalDomain domain) {
        return "external-domain:" + domain.domain();
    }
}
