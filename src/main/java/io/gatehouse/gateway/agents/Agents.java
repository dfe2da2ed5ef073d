package io.gatehouse.gateway.agents;

import static io.gatehouse.audit.AuditEvent.success;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditEvent;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.gateway.SiteState;
import io.gatehouse.gateway.SiteStates;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.Transactions;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Page;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What agents tell of themselves. That one was seen is written down and no event, nor a change that anybody waits for; that one is new,
 * or begins or ends to fail, is an event.
 */
@Singleton
final class Agents {

    private static final int MOST = 100;
    private static final int MOST_CHECK_INS = 300;
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final SiteStates states;
    private final KnownAgentKeys keys;
    private final Transactions transactions;
    private final AgentRows rows;
    private final AuditLog audit;
    private final Cache<UUID, AtomicInteger> recent = Caffeine.newBuilder().expireAfterWrite(WINDOW).build();

    Agents(SiteStates states, KnownAgentKeys keys, Transactions transactions, AgentRows rows, AuditLog audit) {
        this.states = states;
        this.keys = keys;
        this.transactions = transactions;
        this.rows = rows;
        this.audit = audit;
    }

    /** @throws Problem if there is no such site */
    Page<Agent> list(ListRequest request, @Nullable Integer site, @Nullable AgentState state) {
        if (site != null) {
            existing(site);
        }
        var present = new HashMap<Integer, String>();
        keys.sites().forEach(id -> states.of(id).ifPresent(its -> present.put(id, its.bundle().hash())));
        return transactions.read(handle -> rows.list(handle, request, new AgentRows.Filter(site, state, present)));
    }

    /** @throws Problem if something of it breaks a rule, or there are too many agents of the site or check-ins with the key */
    void checkIn(int site, UUID key, CheckIn checkIn, Actor actor) {
        var report = checkIn.report();
        if (recent.get(key, id -> new AtomicInteger()).incrementAndGet() > MOST_CHECK_INS) {
            throw Problem.tooMany("This key has checked in more than " + MOST_CHECK_INS + " times within a minute.", WINDOW);
        }
        var siteName = existing(site).snapshot().site().name();
        transactions.write(handle -> {
            var known = rows.lock(handle, site, report.host()).orElse(null);
            if (known == null && rows.count(handle, site) >= MOST) {
                throw Problem.conflict("host", report.host(), "There are " + MOST + " agents of this site already; forget one first.");
            }
            rows.save(handle, site, key, actor.address(), report);
            if (known == null) {
                audit.record(handle, event(actor, "gateway.agent.first-seen", report.host(), siteName));
            }
            if (report.failed() && (known == null || !known.failing())) {
                audit.record(handle, event(actor, "gateway.agent.failing", report.host(), siteName)
                        .with("nginxError", report.nginxError()).with("dnsmasqError", report.dnsmasqError()));
            } else if (!report.failed() && known != null && known.failing()) {
                audit.record(handle, event(actor, "gateway.agent.recovered", report.host(), siteName));
            }
            return null;
        });
    }

    /** @throws Problem if there is no such agent */
    void forget(String id, Actor actor) {
        transactions.write(handle -> {
            var host = rows.delete(handle, parse(id)).orElseThrow(() -> Problem.notFound("agent", id));
            audit.record(handle, success(actor, "gateway.agent.forgotten", "agent:" + host));
            return null;
        });
    }

    private SiteState existing(int site) {
        return states.of(site).orElseThrow(() -> Problem.notFound("site", site));
    }

    private static AuditEvent event(Actor actor, String action, String host, String site) {
        return success(actor, action, "agent:" + host).with("site", site);
    }

    private static UUID parse(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw Problem.notFound("agent", id);
        }
    }
}
