package io.gatehouse.identity;

import io.gatehouse.platform.StartupFailure;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.bind.annotation.Bindable;
import java.nio.file.Path;

/**
 * @param uidMax           the highest uid number to give out; unprivileged containers map 0 to 65535 only
 * @param maxRegistrations how many registered people may wait for approval at once
 * @param adminUsername    the first administrator, created at the start while there are no users
 * @param adminPassword    the first administrator's password
 * @param adminPasswordFile file that holds it instead
 */
@ConfigurationProperties("gatehouse")
record IdentityConfiguration(
        @Bindable(defaultValue = "59999") int uidMax,
        @Bindable(defaultValue = "100") int maxRegistrations,
        @Nullable String adminUsername,
        @Nullable String adminPassword,
        @Nullable Path adminPasswordFile) {

    /** @throws StartupFailure if a value is out of range */
    IdentityConfiguration orFail() {
        if (maxRegistrations < 1) {
            throw new StartupFailure("GATEHOUSE_MAX_REGISTRATIONS must be 1 or more; the setting registration_open closes registration.");
        }
        return this;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "IdentityConfiguration[uidMax=" + uidMax + ", adminUsername=" + adminUsername + "]";
    }
}
