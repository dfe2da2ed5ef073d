package io.gatehouse.platform.http;

import io.gatehouse.platform.ChangeFeed;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Readiness;
import jakarta.inject.Singleton;
import org.reactivestreams.Publisher;

/** Whether this node sees what is changed in the database. */
@Singleton
@Readiness
final class ChangeFeedHealth implements HealthIndicator {

    private final ChangeFeed feed;

    ChangeFeedHealth(ChangeFeed feed) {
        this.feed = feed;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        return Publishers.just(HealthResult.builder("changeFeed", feed.isConnected() ? HealthStatus.UP : HealthStatus.DOWN).build());
    }
}
