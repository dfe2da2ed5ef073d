package io.gatehouse.ldap;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Readiness;
import jakarta.inject.Singleton;
import org.reactivestreams.Publisher;

/** Whether both listeners take connections. */
@Singleton
@Readiness
final class LdapHealth implements HealthIndicator {

    private final LdapServer server;

    LdapHealth(LdapServer server) {
        this.server = server;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        return Publishers.just(HealthResult.builder("ldap", server.isListening() ? HealthStatus.UP : HealthStatus.DOWN).build());
    }
}
