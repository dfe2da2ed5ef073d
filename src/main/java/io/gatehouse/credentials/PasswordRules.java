package io.gatehouse.credentials;

import io.gatehouse.platform.StartupFailure;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/** @param minLength fewest characters (Unicode code points) of a new password, 1 to 128 */
@ConfigurationProperties("gatehouse.password")
record PasswordRules(@Bindable(defaultValue = "12") int minLength) {

    private static final int MAX_MIN_LENGTH = 128;

    /** @throws StartupFailure if these are out of range */
    PasswordRules orFail() {
        if (minLength < 1 || minLength > MAX_MIN_LENGTH) {
            throw new StartupFailure("gatehouse.password.min-length must be from 1 to " + MAX_MIN_LENGTH + ".");
        }
        return this;
    }
}
