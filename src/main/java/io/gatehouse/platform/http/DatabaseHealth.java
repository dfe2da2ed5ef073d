package io.gatehouse.platform.http;

import io.gatehouse.platform.ChangeFeed;
import io.gatehouse.platform.Transactions;
import io.gatehouse.platform.Unavailable;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Readiness;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.reactivestreams.Publisher;

/** Whether the database answers, and whether this node sees what others change in it. */
@Singleton
@Readiness
final class DatabaseHealth implements HealthIndicator {

    private final Transactions transactions;
    private final ChangeFeed feed;
    private final ExecutorService blocking;

    DatabaseHealth(Transactions transactions, ChangeFeed feed, @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
        this.transactions = transactions;
        this.feed = feed;
        this.blocking = blocking;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        return Publishers.fromCompletableFuture(() -> CompletableFuture.supplyAsync(this::look, blocking));
    }

    private HealthResult look() {
        var queries = status(answers());
        var changeFeed = status(feed.isConnected());
        return HealthResult.builder("database", queries.equals(HealthStatus.UP) ? changeFeed : queries)
                .details(Map.of("queries", queries.getName(), "changeFeed", changeFeed.getName()))
                .build();
    }

    private boolean answers() {
        try {
            return transactions.read(handle -> handle.createQuery("select true").mapTo(boolean.class).one());
        } catch (Unavailable e) {
            return false;
        }
    }

    private static HealthStatus status(boolean up) {
        return up ? HealthStatus.UP : HealthStatus.DOWN;
    }
}
