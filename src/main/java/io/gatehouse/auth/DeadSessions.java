package io.gatehouse.auth;

import io.gatehouse.platform.RecurringTask;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jdbi.v3.core.Handle;

/** Removes sessions that nobody can use any more, with the refresh tokens that were issued for them. */
@Singleton
final class DeadSessions implements RecurringTask {

    private static final Duration PAUSE = Duration.ofMinutes(10);

    private final SessionRows rows;

    DeadSessions(SessionRows rows) {
        this.rows = rows;
    }

    @Override
    public String name() {
        return "dead-sessions";
    }

    @Override
    public Duration pause() {
        return PAUSE;
    }

    @Override
    public void run(Handle handle) {
        rows.deleteDead(handle);
    }
}
