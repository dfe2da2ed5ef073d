package io.gatehouse.credentials;

import io.gatehouse.platform.StartupFailure;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.ConversionService;
import java.time.Duration;

/** @param bindCache how long {@link VerifiedPasswords} are remembered; 0: not at all */
@ConfigurationProperties("gatehouse")
record BindCacheConfiguration(@Bindable(defaultValue = "60s") String bindCache) {

    private static final Duration LONGEST = Duration.ofHours(1);

    /** @throws StartupFailure if it is no duration, or too long a one */
    Duration time() {
        var time = bindCache.equals("0") ? Duration.ZERO : ConversionService.SHARED.convert(bindCache, Duration.class).orElse(null);
        if (time == null || time.isNegative() || time.compareTo(LONGEST) > 0) {
            throw new StartupFailure("GATEHOUSE_BIND_CACHE '" + bindCache + "' is neither 0 nor a duration such as 60s, of at most an hour.");
        }
        return time;
    }
}
