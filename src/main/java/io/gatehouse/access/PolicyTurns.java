package io.gatehouse.access;

import static io.gatehouse.audit.AuditEvent.success;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.cluster.ClusterTransactions;
import io.gatehouse.platform.RecurringTask;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jdbi.v3.core.Handle;

/**
 * Tells of policies whose time begins or ends: the audit log, and by another change number of their entries the clients that read
 * what has changed. What they decide, goes by the clock alone.
 */
@Singleton
final class PolicyTurns implements RecurringTask {

    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final PolicyRows rows;
    private final AuditLog audit;

    PolicyTurns(PolicyRows rows, AuditLog audit) {
        this.rows = rows;
        this.audit = audit;
    }

    @Override
    public String name() {
        return "policy-turns";
    }

    @Override
    public Duration pause() {
        return PAUSE;
    }

    @Override
    public void run(Handle handle) {
        if (!rows.areTurns(handle)) {
            return;
        }
        ClusterTransactions.lockWithDirectory(handle);
        for (var turn : rows.takeTurns(handle)) {
            // One that is switched off has neither begun nor ended.
            if (turn.active()) {
                audit.record(handle, success(Actor.SYSTEM, turn.began() ? "access.policy.began" : "access.policy.ended", Policies.target(turn.name())));
            }
        }
    }
}
