package io.gatehouse.credentials;

import io.gatehouse.platform.StartupFailure;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.bind.annotation.Bindable;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How long logins wait for an approval, and how often somebody is asked for one.
 *
 * @param timeout        until the approval service has answered; it waits 25 seconds itself
 * @param connectTimeout until it has taken the connection
 * @param caFile         PEM certificates to trust the service by; null: the JDK's public CAs
 * @param maxRejected    rejections within the window after which the person is asked no more
 * @param maxUnanswered  prompts without an answer within the window after which the person is asked no more
 */
@ConfigurationProperties("gatehouse.push")
public record PushConfiguration(
        @Bindable(defaultValue = "30s") Duration timeout,
        @Bindable(defaultValue = "5s") Duration connectTimeout,
        @Nullable Path caFile,
        @Bindable(defaultValue = "3") int maxRejected,
        @Bindable(defaultValue = "10") int maxUnanswered,
        @Bindable(defaultValue = "15m") Duration window) {

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final Duration LONGEST_WINDOW = Duration.ofDays(7);
    private static final int HIGHEST = 10_000;

    /** @throws StartupFailure if a value is out of range */
    public PushConfiguration orFail() {
        if (!connectTimeout.isPositive() || timeout.compareTo(connectTimeout) < 0 || timeout.compareTo(LONGEST_WAIT) > 0) {
            throw new StartupFailure("gatehouse.push: connect-timeout must be more than zero, and timeout at least as long and at most "
                    + LONGEST_WAIT.toMinutes() + " minutes.");
        }
        if (maxRejected < 1 || maxRejected > HIGHEST || maxUnanswered < 1 || maxUnanswered > HIGHEST
                || !window.isPositive() || window.compareTo(LONGEST_WINDOW) > 0) {
            throw new StartupFailure("gatehouse.push: max-rejected and max-unanswered must be from 1 to " + HIGHEST
                    + ", and window more than zero and at most " + LONGEST_WINDOW.toDays() + " days.");
        }
        return this;
    }
}
