package io.gatehouse.identity;

import static io.gatehouse.audit.AuditEvent.success;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.platform.RecurringTask;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jdbi.v3.core.Handle;

/** Ends the suspensions whose time is over. */
@Singleton
final class SuspensionEnds implements RecurringTask {

    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final UserRows rows;
    private final AuditLog audit;

    SuspensionEnds(UserRows rows, AuditLog audit) {
        this.rows = rows;
        this.audit = audit;
    }

    @Override
    public String name() {
        return "suspension-ends";
    }

    @Override
    public Duration pause() {
        return PAUSE;
    }

    @Override
    public void run(Handle handle) {
        if (rows.suspendedUntilNow(handle).isEmpty()) {
            return;
        }
        DirectoryTransactions.lock(handle);
        for (var before : rows.suspendedUntilNow(handle)) {
            rows.endSuspension(handle, before.uidNumber());
            var after = rows.find(handle, before.username()).orElseThrow();
            audit.record(handle, Users.statusChanged(success(Actor.SYSTEM, "identity.user.suspension-ended", Users.target(before.username())), before, after));
        }
    }
}
