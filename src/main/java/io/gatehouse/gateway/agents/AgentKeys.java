package io.gatehouse.gateway.agents;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditEvent;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.cluster.Sites;
import io.gatehouse.cluster.Text;
import io.gatehouse.credentials.RandomSecret;
import io.gatehouse.credentials.Sha256;
import io.gatehouse.platform.AccessLimits;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.Transactions;
import io.gatehouse.platform.http.Caller;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Page;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.UUID;

/** Gives keys to the agents of sites, and takes them away. */
@Singleton
final class AgentKeys {

    private static final int MOST = 100;

    private final Sites sites;
    private final Transactions transactions;
    private final AgentKeyRows rows;
    private final AuditLog audit;

    AgentKeys(Sites sites, Transactions transactions, AgentKeyRows rows, AuditLog audit) {
        this.sites = sites;
        this.transactions = transactions;
        this.rows = rows;
        this.audit = audit;
    }

    /** @throws Problem if there is no such site */
    Page<AgentKey> list(ListRequest request, int site) {
        sites.get(site);
        return transactions.read(handle -> rows.list(handle, request, site));
    }

    /**
     * @return with the key, which nobody is told again
     * @throws Problem if there is no such site, the wish breaks a rule, or is one too many
     */
    AgentKey create(int site, NewAgentKey wish, Caller caller, Actor actor) {
        var name = Text.name("name", Text.required("name", wish.name()));
        var expiresAt = AccessLimits.expiry(wish.expiresAt(), Instant.now());
        var networks = AccessLimits.networks(wish.allowedNetworks());
        var secret = RandomSecret.agentKey();
        return transactions.write(handle -> {
            var siteName = rows.lockSite(handle, site).orElseThrow(() -> Problem.notFound("site", site));
            if (rows.hasName(handle, site, name)) {
                throw Problem.conflict("name", name, "Another key of the site has this name.");
            }
            if (rows.count(handle, site) >= MOST) {
                throw Problem.conflict(null, null, "There are " + MOST + " keys of this site already; delete one first.");
            }
            var id = rows.insert(handle, site, name, Sha256.of(secret), expiresAt, networks, caller.name());
            var created = rows.find(handle, site, id).orElseThrow();
            audit.record(handle, AuditEvent.success(actor, "gateway.agent-key.created", target(created)).with("site", siteName)
                    .with("allowedNetworks", networks));
            return created.shownOnce(secret);
        });
    }

    /** @throws Problem if there is no such key of the site */
    void delete(int site, String id, Actor actor) {
        transactions.write(handle -> {
            var siteName = rows.lockSite(handle, site).orElseThrow(() -> Problem.notFound("site", site));
            var key = rows.find(handle, site, parse(id)).orElseThrow(() -> Problem.notFound("agent key", id));
            rows.delete(handle, parse(id));
            audit.record(handle, AuditEvent.success(actor, "gateway.agent-key.deleted", target(key)).with("site", siteName));
            return null;
        });
    }

    private static String target(AgentKey key) {
        return "agent-key:" + key.name();
    }

    private static UUID parse(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw Problem.notFound("agent key", id);
        }
    }
}
