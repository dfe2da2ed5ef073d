package io.gatehouse.auth;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.platform.StartupFailure;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuthConfigurationTest {

    private static final Duration IDLE = Duration.ofHours(24);
    private static final Duration ROTATION = Duration.ofDays(30);

    @Test
    void isRefusedByTheNameOfWhatCannotWork() {
        Map.of(
                "GATEHOUSE_SESSION_IDLE", new AuthConfiguration(Duration.ofMinutes(4), ROTATION, 600, 6000),
                "14 days", new AuthConfiguration(Duration.ofDays(15), ROTATION, 600, 6000),
                "GATEHOUSE_SIGNING_KEY_ROTATION", new AuthConfiguration(IDLE, Duration.ofMinutes(59), 600, 6000),
                "GATEHOUSE_API_KEY_RATE_LIMIT", new AuthConfiguration(IDLE, ROTATION, 0, 6000),
                "GATEHOUSE_API_KEY_MAX_RATE_LIMIT", new AuthConfiguration(IDLE, ROTATION, 601, 600),
                "1000000", new AuthConfiguration(IDLE, ROTATION, 600, 1_000_001))
                .forEach((name, configuration) -> assertThatThrownBy(configuration::orFail).isInstanceOf(StartupFailure.class).hasMessageContaining(name));
    }
}
