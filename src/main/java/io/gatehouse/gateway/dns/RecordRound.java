package io.gatehouse.gateway.dns;

import io.gatehouse.platform.RecurringTask;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jdbi.v3.core.Handle;

/** Has records looked after whose time has come. */
@Singleton
final class RecordRound implements RecurringTask {

    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final RecordPublisher publisher;

    RecordRound(RecordPublisher publisher) {
        this.publisher = publisher;
    }

    @Override
    public String name() {
        return "dns-records";
    }

    @Override
    public Duration pause() {
        return PAUSE;
    }

    @Override
    public void run(Handle handle) {
        publisher.wake();
    }
}
