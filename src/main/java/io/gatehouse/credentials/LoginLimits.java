package io.gatehouse.credentials;

import io.gatehouse.platform.StartupFailure;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How failed logins are slowed down and stopped. Failures count while they are younger than the window.
 *
 * @param freeAttempts     failures of an account without a delay
 * @param delay            before the first attempt after those, doubled for each further one
 * @param maxDelay         the longest delay
 * @param lockAfter        failures that lock the account; more than {@code freeAttempts}
 * @param lockFor          how long a lock holds, of accounts and addresses
 * @param addressLockAfter failures, with whatever accounts, that lock an address
 * @param window           how long a failure counts
 */
@ConfigurationProperties("gatehouse.login")
record LoginLimits(
        @Bindable(defaultValue = "5") int freeAttempts,
        @Bindable(defaultValue = "500ms") Duration delay,
        @Bindable(defaultValue = "8s") Duration maxDelay,
        @Bindable(defaultValue = "20") int lockAfter,
        @Bindable(defaultValue = "15m") Duration lockFor,
        @Bindable(defaultValue = "100") int addressLockAfter,
        @Bindable(defaultValue = "15m") Duration window) {

    private static final int MAX_FAILURES = 10_000;
    private static final Duration MAX_DURATION = Duration.ofDays(7);

    /** @throws StartupFailure if these contradict each other or are out of range */
    LoginLimits orFail() {
        if (freeAttempts < 0 || lockAfter <= freeAttempts || lockAfter > MAX_FAILURES
                || addressLockAfter < 1 || addressLockAfter > MAX_FAILURES) {
            throw new StartupFailure("gatehouse.login: lock-after must be more than free-attempts, and address-lock-after at least 1;"
                    + " none may be more than " + MAX_FAILURES + ".");
        }
        if (delay.isNegative() || maxDelay.compareTo(delay) < 0 || !lockFor.isPositive() || !window.isPositive()
                || maxDelay.compareTo(MAX_DURATION) > 0 || lockFor.compareTo(MAX_DURATION) > 0 || window.compareTo(MAX_DURATION) > 0) {
            throw new StartupFailure("gatehouse.login: max-delay must be at least delay, lock-for and window more than zero;"
                    + " none may be more than " + MAX_DURATION.toDays() + " days.");
        }
        return this;
    }

    /** Before an attempt after that many failures. */
    Duration delayAfter(int failures) {
        if (failures < freeAttempts) {
            return Duration.ZERO;
        }
        var waiting = delay;
        for (int doublings = failures - freeAttempts; doublings > 0 && waiting.compareTo(maxDelay) < 0 && !waiting.isZero(); doublings--) {
            waiting = waiting.multipliedBy(2);
        }
        return waiting.compareTo(maxDelay) < 0 ? waiting : maxDelay;
    }
}
