package io.gatehouse.auth;

import io.gatehouse.platform.StartupFailure;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * @param sessionIdle        how long a session may rest before it ends
 * @param signingKeyRotation how long a key signs access tokens before the next one does
 * @param apiKeyRateLimit    requests a minute of an API key that says nothing else
 * @param apiKeyMaxRateLimit requests a minute of an API key, at most
 */
@ConfigurationProperties("gatehouse")
record AuthConfiguration(
        @Bindable(defaultValue = "24h") Duration sessionIdle,
        @Bindable(defaultValue = "30d") Duration signingKeyRotation,
        @Bindable(defaultValue = "600") int apiKeyRateLimit,
        @Bindable(defaultValue = "6000") int apiKeyMaxRateLimit) {

    private static final Duration SHORTEST_IDLE = Duration.ofMinutes(5);
    private static final Duration SHORTEST_ROTATION = Duration.ofHours(1);
    private static final Duration LONGEST_ROTATION = Duration.ofDays(3650);
    private static final int HIGHEST_RATE = 1_000_000;

    /** @throws StartupFailure if a value is out of range */
    AuthConfiguration orFail() {
        if (sessionIdle.compareTo(SHORTEST_IDLE) < 0 || sessionIdle.compareTo(Sessions.LIFE) > 0) {
            throw new StartupFailure("GATEHOUSE_SESSION_IDLE must be from 5 minutes to the 14 days that a session lasts.");
        }
        if (signingKeyRotation.compareTo(SHORTEST_ROTATION) < 0 || signingKeyRotation.compareTo(LONGEST_ROTATION) > 0) {
            throw new StartupFailure("GATEHOUSE_SIGNING_KEY_ROTATION must be from 1 hour to 3650 days.");
        }
        if (apiKeyRateLimit < 1 || apiKeyRateLimit > apiKeyMaxRateLimit || apiKeyMaxRateLimit > HIGHEST_RATE) {
            throw new StartupFailure("GATEHOUSE_API_KEY_RATE_LIMIT must be from 1 to GATEHOUSE_API_KEY_MAX_RATE_LIMIT, and that at most "
                    + HIGHEST_RATE + ".");
        }
        return this;
    }
}
