package io.gatehouse.gateway.certificates;

import io.gatehouse.platform.StartupFailure;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.bind.annotation.Bindable;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How certificates are obtained.
 *
 * @param enabled     whether this node does it
 * @param caFile      PEM certificates to trust the authorities' servers by; null: the JDK's public CAs
 * @param propagation how long all name servers of a domain take to know of a record that one of them tells of
 */
@ConfigurationProperties("gatehouse.acme")
record AcmeConfiguration(
        @Bindable(defaultValue = "true") boolean enabled,
        @Nullable Path caFile,
        @Bindable(defaultValue = "15s") Duration propagation) {

    private static final Duration LONGEST_PROPAGATION = Duration.ofMinutes(5);

    /** @throws StartupFailure if a value is out of range */
    AcmeConfiguration orFail() {
        if (propagation.isNegative() || propagation.compareTo(LONGEST_PROPAGATION) > 0) {
            throw new StartupFailure("gatehouse.acme: propagation must not be negative, and at most " + LONGEST_PROPAGATION.toMinutes() + " minutes.");
        }
        return this;
    }
}
