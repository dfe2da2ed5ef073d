package io.gatehouse.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.micronaut.context.ApplicationContext;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CredentialsConfigurationTest {

    @Test
    void defaultsAreTheDocumentedOnes() {
        try (var context = context(Map.of())) {
            assertThat(context.getBean(Argon2Parameters.class)).isEqualTo(new Argon2Parameters(19456, 2, 1));
            assertThat(context.getBean(PasswordRules.class)).isEqualTo(new PasswordRules(12));
            assertThat(context.getBean(LoginLimits.class)).isEqualTo(new LoginLimits(
                    5, Duration.ofMillis(500), Duration.ofSeconds(8), 20, Duration.ofMinutes(15), 100, Duration.ofMinutes(15)));
        }
    }

    @Test
    void eachKeyIsHeeded() {
        var configured = Map.<String, Object>ofEntries(
                Map.entry("gatehouse.argon2.memory-kib", 128), Map.entry("gatehouse.argon2.iterations", 3),
                Map.entry("gatehouse.argon2.parallelism", 2), Map.entry("gatehouse.password.min-length", 4),
                Map.entry("gatehouse.login.free-attempts", 1), Map.entry("gatehouse.login.delay", "1s"),
                Map.entry("gatehouse.login.max-delay", "2s"), Map.entry("gatehouse.login.lock-after", 3),
                Map.entry("gatehouse.login.lock-for", "1h"), Map.entry("gatehouse.login.address-lock-after", 9),
                Map.entry("gatehouse.login.window", "30m"));
        try (var context = context(configured)) {
            assertThat(context.getBean(LoginLimits.class)).isEqualTo(new LoginLimits(
                    1, Duration.ofSeconds(1), Duration.ofSeconds(2), 3, Duration.ofHours(1), 9, Duration.ofMinutes(30)));
            assertThat(context.getBean(PasswordHashing.class).hash("secret")).startsWith("$argon2id$v=19$m=128,t=3,p=2$");
            assertThatCode(() -> context.getBean(PasswordPolicy.class).check("password", "alice", "x7$k")).doesNotThrowAnyException();
        }
    }

    @Test
    void theServicesWorkAsInjected() {
        try (var context = context(Map.of())) {
            var hashing = context.getBean(PasswordHashing.class);
            assertThat(hashing.verify(hashing.hash("secret"), "secret".getBytes(UTF_8))).isEqualTo(PasswordHashing.Verdict.MATCH);
            assertThat(context.getBean(LoginThrottle.class).admit("alice", InetAddress.ofLiteral("192.0.2.1")))
                    .isEqualTo(new Admission.Admitted(Duration.ZERO));
        }
    }

    private static ApplicationContext context(Map<String, Object> properties) {
        return ApplicationContext.run(properties);
    }
}
