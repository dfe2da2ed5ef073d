package io.gatehouse.platform.http;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Liveness;
import jakarta.inject.Singleton;
import org.reactivestreams.Publisher;

/** Whether the process answers at all, which its answer shows: no state of the database makes a restart worth while. */
@Singleton
@Liveness
final class ProcessHealth implements HealthIndicator {

    private static final HealthResult UP = HealthResult.builder("process", HealthStatus.UP).build();

    @Override
    public Publisher<HealthResult> getResult() {
        return Publishers.just(UP);
    }
}
