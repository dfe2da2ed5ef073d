package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Requests for password resets, done after they were answered: how long an answer takes tells nothing of the account. */
@Singleton
final class PasswordResetQueue {

    private static final Logger LOG = LoggerFactory.getLogger(PasswordResetQueue.class);
    private static final int CAPACITY = 1_000;
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final PasswordResets resets;
    private final ThreadPoolExecutor worker = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(CAPACITY),
            Thread.ofPlatform().daemon().name("password-resets").factory());

    PasswordResetQueue(PasswordResets resets) {
        this.resets = resets;
    }

    /** Forgets it when there are too many. */
    void add(String usernameOrMail, Actor actor) {
        try {
            worker.execute(() -> attempt(usernameOrMail, actor));
        } catch (RejectedExecutionException e) {
            LOG.warn("A request for a password reset was dropped: {} are waiting already", CAPACITY);
        }
    }

    private void attempt(String usernameOrMail, Actor actor) {
        try {
            resets.request(usernameOrMail, actor);
        } catch (RuntimeException e) {
            // Whoever asked can ask again.
            LOG.warn("A request for a password reset failed ({})", e.getMessage());
            LOG.debug("A request for a password reset failed", e);
        }
    }

    @PreDestroy
    void stop() throws InterruptedException {
        worker.shutdown();
        worker.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
    }
}
