package io.gatehouse.audit;

import io.gatehouse.platform.Database;
import io.gatehouse.platform.RecurringTask;
import io.gatehouse.platform.StartupFailure;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HexFormat;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes events that are older than is asked for, the oldest first, so that what stays is whole. How old that is, the database
 * knows from its owner; the role that the server works as can neither set it nor remove anything else.
 */
@Singleton
public final class Retention implements RecurringTask {

    static final String APPLIED = "audit.retention.applied";

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final Duration LEAST = Duration.ofDays(1);
    private static final int BATCH = 100_000;

    private final Database database;
    private final AuditLog audit;
    private final AuditConfiguration configuration;

    Retention(Database database, AuditLog audit, AuditConfiguration configuration) {
        this.database = database;
        this.audit = audit;
        this.configuration = configuration;
    }

    /** @throws StartupFailure if the setting is less than a day */
    public void configure() {
        var keep = configuration.retention();
        if (keep != null && keep.compareTo(LEAST) < 0) {
            throw new StartupFailure("GATEHOUSE_AUDIT_RETENTION is less than a day: nobody shall remove what he has just done.");
        }
        database.asOwner(handle -> handle.createUpdate("""
                        insert into audit_retention (keep) values (cast(:seconds as double precision) * interval '1 second')
                        on conflict (single) do update set keep = excluded.keep where audit_retention.keep is distinct from excluded.keep""")
                .bind("seconds", keep == null ? null : keep.toSeconds())
                .execute());
    }

    @Override
    public String name() {
        return "audit-retention";
    }

    @Override
    public Duration pause() {
        return Duration.ofMinutes(10);
    }

    @Override
    public void run(Handle handle) {
        handle.createQuery("select position, hash, removed from apply_audit_retention(:batch) where position is not null")
                .bind("batch", BATCH)
                .map((row, context) -> AuditEvent.success(Actor.SYSTEM, APPLIED, null)
                        .with("removed", row.getLong("removed"))
                        .with("position", row.getLong("position"))
                        .with("hash", HexFormat.of().formatHex(row.getBytes("hash"))))
                .findOne()
                .ifPresent(event -> {
                    audit.record(handle, event);
                    LOG.info("{} audit events were older than is kept and have been removed", event.detail().get("removed"));
                });
    }
}
