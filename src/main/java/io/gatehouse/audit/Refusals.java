package io.gatehouse.audit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micronaut.core.annotation.Nullable;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Records what somebody can have refused as often as he likes: of each caller, action and reason the first within a minute, on each
 * node, so that nobody fills the log. Nobody waits for it.
 */
@Singleton
public final class Refusals {

    public static final String REASON = "reason";

    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final int MOST = 10_000;

    private record Cause(Actor.Kind kind, String name, @Nullable String key, String action, @Nullable Object reason) {
    }

    private final AuditLog audit;
    private final Cache<Cause, Boolean> recent = Caffeine.newBuilder().expireAfterWrite(PAUSE).maximumSize(MOST).build();
    private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();

    Refusals(AuditLog audit) {
        this.audit = audit;
    }

    public void record(AuditEvent event) {
        var actor = event.actor();
        var cause = new Cause(actor.kind(), actor.name(), actor.key(), event.action(), event.detail().get(REASON));
        if (recent.asMap().putIfAbsent(cause, true) == null) {
            background.execute(() -> audit.record(event));
        }
    }

    /** What is on its way into the log gets there, unless the database does not answer. */
    @PreDestroy
    void finish() {
        background.close();
    }
}
