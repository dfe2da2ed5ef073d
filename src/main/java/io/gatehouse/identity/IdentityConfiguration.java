package io.gatehouse.identity;

import io.gatehouse.platform.StartupFailure;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.bind.annotation.Bindable;
import java.nio.file.Path;
import java.time.Duration;

/**
 * @param uidMax           the highest uid number to give out; unprivileged containers map 0 to 65535 only
 * @param maxRegistrations how many registered people may wait for approval at once; 0 refuses all registrations
 * @param registration     who may register
 * @param invitationLifetime how long an invitation is good for
 * @param passwordResetLifetime how long the token of a password reset is good for
 * @param publicUrl        how people reach this server; links in mails begin with it
 * @param adminUsername    the first administrator, created at the start while there are no users
 * @param adminPassword    the first administrator's password
 * @param adminPasswordFile file that holds it instead
 */
@ConfigurationProperties("gatehouse")
record IdentityConfiguration(
        @Bindable(defaultValue = "59999") int uidMax,
        @Bindable(defaultValue = "100") int maxRegistrations,
        @Bindable(defaultValue = "open") RegistrationMode registration,
        @Bindable(defaultValue = "24h") Duration invitationLifetime,
        @Bindable(defaultValue = "1h") Duration passwordResetLifetime,
        @Nullable String publicUrl,
        @Nullable String adminUsername,
        @Nullable String adminPassword,
        @Nullable Path adminPasswordFile) {

    private static final Duration SHORTEST_LIFETIME = Duration.ofMinutes(5);
    private static final Duration LONGEST_INVITATION = Duration.ofDays(30);
    private static final Duration LONGEST_RESET = Duration.ofDays(1);

    /** @throws StartupFailure if a value is out of range */
    IdentityConfiguration orFail() {
        if (invitationLifetime.compareTo(SHORTEST_LIFETIME) < 0 || invitationLifetime.compareTo(LONGEST_INVITATION) > 0) {
            throw new StartupFailure("GATEHOUSE_INVITATION_LIFETIME must be from 5 minutes to 30 days.");
        }
        if (passwordResetLifetime.compareTo(SHORTEST_LIFETIME) < 0 || passwordResetLifetime.compareTo(LONGEST_RESET) > 0) {
            throw new StartupFailure("GATEHOUSE_PASSWORD_RESET_LIFETIME must be from 5 minutes to 1 day.");
        }
        return this;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "IdentityConfiguration[uidMax=" + uidMax + ", adminUsername=" + adminUsername + "]";
    }
}
