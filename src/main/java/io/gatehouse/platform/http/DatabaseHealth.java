package io.gatehouse.platform.http;

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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.reactivestreams.Publisher;

/** Whether the database answers. */
@Singleton
@Readiness
final class DatabaseHealth implements HealthIndicator {

    private final Transactions transactions;
    private final ExecutorService blocking;

    DatabaseHealth(Transactions transactions, @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
        this.transactions = transactions;
        this.blocking = blocking;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        return Publishers.fromCompletableFuture(() -> CompletableFuture.supplyAsync(() ->
                HealthResult.builder("database", answers() ? HealthStatus.UP : HealthStatus.DOWN).build(), blocking));
    }

    private boolean answers() {
        try {
            return transactions.read(handle -> handle.createQuery("select true").mapTo(boolean.class).one());
        } catch (Unavailable e) {
            return false;
        }
    }
}
