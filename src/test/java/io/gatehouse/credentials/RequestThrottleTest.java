package io.gatehouse.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gatehouse.platform.Problem;
import io.gatehouse.platform.StartupFailure;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RequestThrottleTest {

    private static final Duration WINDOW = Duration.ofMinutes(10);

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - Duration.ofMinutes(5).toNanos());
    private final RequestThrottle throttle = new RequestThrottle(new RequestLimits(3, 2, WINDOW), now::get);

    @Test
    void refusesWhatIsTooMuchForAnAddressWhateverTheAccount() {
        for (int i = 0; i < 3; i++) {
            throttle.take("x", "account" + i, address("192.0.2.1"));
        }
        assertThat(refusal("x", "account3", "192.0.2.1").kind()).isEqualTo(Problem.Kind.TOO_MANY);
        assertThatCode(() -> throttle.take("x", "account3", address("192.0.2.2"))).doesNotThrowAnyException();
        assertThatCode(() -> throttle.take("y", "account0", address("192.0.2.1"))).as("another kind").doesNotThrowAnyException();
    }

    @Test
    void refusesWhatIsTooMuchForAnAccountWhateverTheAddress() {
        throttle.take("x", "alice", address("192.0.2.1"));
        throttle.take("x", "ALICE", address("2001:db8::1"));

        assertThat(refusal("x", "alice", "192.0.2.3").kind()).isEqualTo(Problem.Kind.TOO_MANY);
        assertThat(refusal("x", "Alice", "127.0.0.1").kind()).isEqualTo(Problem.Kind.TOO_MANY);
    }

    @Test
    void takesANetworkOfOneHostForOneAddress() {
        for (int i = 0; i < 3; i++) {
            throttle.take("x", "account" + i, address("2001:db8:0:1::" + i));
        }
        assertThat(refusal("x", "account3", "2001:db8:0:1:ffff::9").kind()).isEqualTo(Problem.Kind.TOO_MANY);
        assertThatCode(() -> throttle.take("x", "account3", address("2001:db8:0:2::9"))).doesNotThrowAnyException();
    }

    @Test
    void leavesTheLoopbackToWhoeverIsBehindIt() {
        for (int i = 0; i < 100; i++) {
            throttle.take("x", "account" + i, address("127.0.0.1"));
        }
    }

    @Test
    void goesOnWhenTheOldestRequestIsOldEnoughAndSaysWhenThatIs() {
        throttle.take("x", "alice", address("192.0.2.1"));
        now.addAndGet(Duration.ofMinutes(4).toNanos());
        throttle.take("x", "alice", address("192.0.2.1"));

        assertThat(refusal("x", "alice", "192.0.2.1").retryAfter()).isEqualTo(Duration.ofMinutes(6));
        now.addAndGet(Duration.ofMinutes(6).toNanos());
        throttle.take("x", "alice", address("192.0.2.1"));
        assertThat(refusal("x", "alice", "192.0.2.1").retryAfter()).isEqualTo(Duration.ofMinutes(4));
    }

    @Test
    void letsThroughExactlyAsManyHoweverManyComeAtOnce() throws Exception {
        var passed = new AtomicInteger();
        Callable<Void> request = () -> {
            try {
                throttle.take("x", "alice", address("127.0.0.1"));
                passed.incrementAndGet();
            } catch (Problem refused) {
                assertThat(refused.kind()).isEqualTo(Problem.Kind.TOO_MANY);
            }
            return null;
        };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var done : threads.invokeAll(Collections.nCopies(64, request))) {
                done.get();
            }
        }
        assertThat(passed).hasValue(2);
    }

    @Test
    void isNotConfiguredToRefuseEverything() {
        for (var limits : new RequestLimits[] {new RequestLimits(0, 1, WINDOW), new RequestLimits(1, 0, WINDOW), new RequestLimits(1, 1, Duration.ZERO)}) {
            assertThatThrownBy(() -> new RequestThrottle(limits, now::get)).isInstanceOf(StartupFailure.class);
        }
    }

    private Problem refusal(String kind, String account, String address) {
        return catchThrowableOfType(Problem.class, () -> throttle.take(kind, account, address(address)));
    }

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }
}
