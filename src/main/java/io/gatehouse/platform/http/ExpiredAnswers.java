package io.gatehouse.platform.http;

import io.gatehouse.platform.RecurringTask;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jdbi.v3.core.Handle;

/** Removes answers that were kept for requests with an {@code Idempotency-Key}, a day after they were given. */
@Singleton
final class ExpiredAnswers implements RecurringTask {

    private static final Duration PAUSE = Duration.ofMinutes(10);

    private final StoredAnswers answers;

    ExpiredAnswers(StoredAnswers answers) {
        this.answers = answers;
    }

    @Override
    public String name() {
        return "expired-answers";
    }

    @Override
    public Duration pause() {
        return PAUSE;
    }

    @Override
    public void run(Handle handle) {
        answers.deleteExpired(handle);
    }
}
