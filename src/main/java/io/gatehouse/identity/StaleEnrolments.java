package io.gatehouse.identity;

import io.gatehouse.platform.RecurringTask;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jdbi.v3.core.Handle;

/** Removes secrets of authenticators that nobody has confirmed. */
@Singleton
final class StaleEnrolments implements RecurringTask {

    private static final Duration PAUSE = Duration.ofHours(1);

    private final SecondFactorRows rows;

    StaleEnrolments(SecondFactorRows rows) {
        this.rows = rows;
    }

    @Override
    public String name() {
        return "stale-enrolments";
    }

    @Override
    public Duration pause() {
        return PAUSE;
    }

    @Override
    public void run(Handle handle) {
        rows.deleteStale(handle);
    }
}
