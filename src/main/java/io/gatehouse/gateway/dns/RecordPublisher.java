package io.gatehouse.gateway.dns;

import static io.gatehouse.audit.AuditEvent.success;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.cluster.CloudflareCredentials;
import io.gatehouse.cluster.ExternalDomains;
import io.gatehouse.gateway.dns.DnsRecordRows.Due;
import io.gatehouse.platform.Change;
import io.gatehouse.platform.ChangeListener;
import io.gatehouse.platform.Database;
import io.gatehouse.platform.Worker;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the records at Cloudflare to what they shall be, one after the other. A record is locked while it is seen to, so that no
 * other node does the same; the lock of a node that dies goes with it, and whoever tries next finds what it has made by its comment.
 */
@Singleton
final class RecordPublisher implements ChangeListener {

    private static final Logger LOG = LoggerFactory.getLogger(RecordPublisher.class);
    private static final Set<String> TABLES = Set.of("services", "containers", "nodes", "sites", "external_domains");
    private static final List<Duration> PAUSES =
            List.of(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofMinutes(10), Duration.ofHours(1));
    private static final Duration CHECKED_AGAIN = Duration.ofHours(24);

    private final Database database;
    private final DnsRecordRows rows;
    private final ExternalDomains domains;
    private final Cloudflare cloudflare;
    private final AuditLog audit;
    private final Worker worker = new Worker("dns-records", LOG, this::publish);

    RecordPublisher(Database database, DnsRecordRows rows, ExternalDomains domains, Cloudflare cloudflare, AuditLog audit) {
        this.database = database;
        this.rows = rows;
        this.domains = domains;
        this.cloudflare = cloudflare;
        this.audit = audit;
    }

    @EventListener
    void start(ServerStartupEvent started) {
        worker.start();
    }

    @Override
    public void changed(List<Change> changes) {
        if (changes.stream().anyMatch(change -> TABLES.contains(change.table()))) {
            wake();
        }
    }

    @Override
    public void reload() {
        wake();
    }

    void wake() {
        worker.wake();
    }

    private void publish() {
        database.jdbi().useTransaction(handle -> rows.plan(handle).forEach(name ->
                LOG.warn("The record of {} stays at Cloudflare: its domain has no credentials any more", name)));
        while (next() && !Thread.currentThread().isInterrupted()) {
            // until nothing is due
        }
    }

    /** @return whether it makes sense to go on with the next one */
    private boolean next() {
        return database.jdbi().inTransaction(handle -> {
            var record = rows.claim(handle).orElse(null);
            return record != null && attempt(handle, record);
        });
    }

    private boolean attempt(Handle handle, Due record) {
        try {
            bring(record, domains.cloudflare(handle, record.externalDomainId()).orElseThrow(
                    () -> new CloudflareFailure("The domain has no credentials any more.")));
        } catch (CloudflareFailure e) {
            var pause = e.retryAfter() == null ? PAUSES.get(Math.min(record.attempts(), PAUSES.size() - 1)) : e.retryAfter();
            rows.failed(handle, record, e.getMessage(), pause);
            LOG.warn("The record of {} is not as it shall be; it is tried again in {}: {}", record.name(), pause, e.getMessage());
            return !e.isUnreachable();
        }
        if (record.wanted() == null) {
            rows.remove(handle, record);
        } else {
            rows.published(handle, record, CHECKED_AGAIN);
        }
        if (!Objects.equals(record.wanted(), record.published())) {
            audit.record(handle, success(Actor.SYSTEM, "gateway.dns-record.changed", "dns-record:" + record.name())
                    .changed("address", record.published(), record.wanted()));
        }
        return true;
    }

    /** To the record that is wanted, or to none. */
    private void bring(Due record, CloudflareCredentials credentials) {
        var zone = cloudflare.zone(credentials, record.domain()).orElseThrow(
                () -> CloudflareFailure.noZone(record.domain()));
        var present = cloudflare.records(credentials, zone, record.name()).stream().filter(ZoneRecord::leadsSomewhere).toList();
        var ours = present.stream().filter(ZoneRecord::isOurs).toList();
        if (record.wanted() == null) {
            ours.forEach(surplus -> cloudflare.delete(credentials, zone, surplus.id()));
            return;
        }
        var others = present.stream().filter(other -> !other.isOurs()).toList();
        if (!others.isEmpty() && ours.isEmpty() && others.stream().allMatch(other -> other.leadsTo(record.wanted()))) {
            return;
        }
        if (!others.isEmpty()) {
            throw new CloudflareFailure("Somebody else has made a record of type " + others.getFirst().type() + " for this name; remove it there,"
                    + " or give the service another name.");
        }
        var wanted = ZoneRecord.of(record.name(), record.wanted());
        if (ours.isEmpty()) {
            cloudflare.create(credentials, zone, wanted);
        } else if (!ours.getFirst().leadsTo(record.wanted())) {
            cloudflare.replace(credentials, zone, ours.getFirst().id(), wanted);
        }
        ours.stream().skip(1).forEach(surplus -> cloudflare.delete(credentials, zone, surplus.id()));
    }

    @PreDestroy
    void stop() throws InterruptedException {
        worker.stop();
    }
}
