package io.gatehouse.credentials;

import io.gatehouse.platform.StartupFailure;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How often what costs may be asked for: registrations, API keys. Each kind counts for itself.
 *
 * @param perAddress requests from one address within the window
 * @param perAccount requests about one account within the window
 */
@ConfigurationProperties("gatehouse.requests")
record RequestLimits(
        @Bindable(defaultValue = "30") int perAddress,
        @Bindable(defaultValue = "30") int perAccount,
        @Bindable(defaultValue = "1h") Duration window) {

    private static final int HIGHEST = 10_000;
    private static final Duration LONGEST = Duration.ofDays(7);

    /** @throws StartupFailure if a value is out of range */
    RequestLimits orFail() {
        if (perAddress < 1 || perAddress > HIGHEST || perAccount < 1 || perAccount > HIGHEST || !window.isPositive() || window.compareTo(LONGEST) > 0) {
            throw new StartupFailure("gatehouse.requests: per-address and per-account must be from 1 to " + HIGHEST
                    + ", and window more than zero and at most " + LONGEST.toDays() + " days.");
        }
        return this;
    }
}
