package io.gatehouse.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.credentials.Admission.Admitted;
import io.gatehouse.credentials.Admission.Locked;
import io.gatehouse.platform.StartupFailure;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoginThrottleTest {

    private static final LoginLimits DEFAULTS = limits(5, "PT0.5S", 20, 100);
    private static final InetAddress HERE = address("192.0.2.1");
    private static final InetAddress THERE = address("198.51.100.7");
    private static final InetAddress LOOPBACK = address("127.0.0.1");
    private static final Duration NO_PATIENCE = Duration.ZERO;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    // Starts where nanoTime() may well be: about to overflow.
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - Duration.ofMinutes(1).toNanos());
    private LoginThrottle throttle = throttle(DEFAULTS, NO_PATIENCE);

    @Test
    void delaysEachAttemptTwiceAsLongAsTheOneBeforeOnceTheFreeOnesAreUsedUp() {
        var delays = new ArrayList<Long>();
        for (int attempt = 0; attempt < 12; attempt++) {
            delays.add(admitted("alice", HERE).toMillis());
            throttle.failed("alice", HERE);
        }
        assertThat(delays).containsExactly(0L, 0L, 0L, 0L, 0L, 500L, 1000L, 2000L, 4000L, 8000L, 8000L, 8000L);
    }

    @Test
    void locksTheAccountForAWhileAndTellsSoOnce() {
        assertThat(failures("alice", HERE, 20)).isEqualTo(1);
        assertThat(throttle.admit("alice", THERE)).isEqualTo(new Locked(Duration.ofMinutes(15)));
        pass(Duration.ofMinutes(14));
        assertThat(throttle.admit("alice", HERE)).isEqualTo(new Locked(Duration.ofMinutes(1)));
        pass(Duration.ofMinutes(1));
        assertThat(admitted("alice", HERE)).isZero();
    }

    @Test
    void lastFailureBeforeTheLockIsTheOneThatTells() {
        assertThat(failures("alice", HERE, 19)).isZero();
        admitted("alice", HERE);
        assertThat(throttle.failed("alice", HERE)).isTrue();
        assertThat(throttle.failed("alice", HERE)).isFalse();
    }

    @Test
    void knowsAnAccountWhateverItsCase() {
        failures("alice", HERE, 10);
        failures("ALICE", HERE, 10);
        assertThat(throttle.admit("Alice", HERE)).isInstanceOf(Locked.class);
    }

    @Test
    void leavesOtherAccountsAlone() {
        failures("alice", HERE, 20);
        assertThat(admitted("bob", HERE)).isZero();
    }

    @Test
    void forgetsFailuresThatAreOlderThanTheWindow() {
        failures("alice", HERE, 10);
        pass(Duration.ofMinutes(10));
        failures("alice", HERE, 9);
        pass(Duration.ofMinutes(5));
        assertThat(failures("alice", HERE, 10)).isZero();
        assertThat(failures("alice", HERE, 1)).isEqualTo(1);
    }

    @Test
    void forgivesFailuresAfterASuccess() {
        failures("alice", HERE, 19);
        succeed("alice", HERE);
        assertThat(admitted("alice", HERE)).isZero();
    }

    @Test
    void doesNotForgiveAGuesserElsewhereWhenTheOwnerLogsIn() {
        failures("alice", THERE, 19);
        succeed("alice", HERE);
        assertThat(failures("alice", THERE, 1)).isEqualTo(1);
    }

    @Test
    void locksAnAddressThatTriesManyAccounts() {
        int locks = 0;
        for (int account = 0; account < 100; account++) {
            locks += failures("user" + account, HERE, 1);
        }
        assertThat(locks).isEqualTo(1);
        assertThat(throttle.admit("bob", HERE)).isInstanceOf(Locked.class);
        assertThat(admitted("bob", THERE)).isZero();
    }

    @Test
    void doesNotForgiveAnAddressForALoginWithAnAccountOfItsOwn() {
        for (int account = 0; account < 99; account++) {
            failures("user" + account, HERE, 1);
            succeed("mallory", HERE);
        }
        assertThat(failures("bob", HERE, 1)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1", "127.8.8.8", "::1"})
    void neverLocksALoopbackAddressButItsAccounts(String loopback) {
        for (int account = 0; account < 300; account++) {
            failures("user" + account, address(loopback), 1);
        }
        assertThat(admitted("bob", address(loopback))).isZero();
        assertThat(failures("alice", address(loopback), 20)).isEqualTo(1);
    }

    @Test
    void takesAnIpv6NetworkForOneAddress() {
        for (int host = 0; host < 100; host++) {
            failures("user" + host, address("2001:db8::" + Integer.toHexString(host + 1)), 1);
        }
        assertThat(throttle.admit("bob", address("2001:db8::ffff"))).isInstanceOf(Locked.class);
        assertThat(admitted("bob", address("2001:db8:0:1::1"))).isZero();
    }

    @Test
    void aRefusedAttemptTakesNoPlaceOfItsAddress() {
        throttle = throttle(limits(1, "PT0S", 2, 3), NO_PATIENCE);
        failures("alice", HERE, 2);
        for (int attempt = 0; attempt < 10; attempt++) {
            assertThat(throttle.admit("alice", HERE)).isInstanceOf(Locked.class);
        }
        assertThat(admitted("bob", HERE)).isZero();
    }

    @Test
    void aRefusedAttemptDoesNotProlongTheLock() {
        failures("alice", HERE, 20);
        pass(Duration.ofMinutes(14));
        throttle.admit("alice", HERE);
        pass(Duration.ofMinutes(1));
        assertThat(admitted("alice", HERE)).isZero();
    }

    @Test
    void forgetsAttemptsWhoseOutcomeNobodyTells() {
        for (int attempt = 0; attempt < 5; attempt++) {
            admitted("alice", HERE);
        }
        assertThat(throttle.admit("alice", HERE)).isInstanceOf(Locked.class);
        pass(Duration.ofMinutes(1));
        assertThat(admitted("alice", HERE)).isZero();
    }

    @Test
    void anUndecidedAttemptIsNoFailure() {
        for (int attempt = 0; attempt < 1000; attempt++) {
            assertThat(admitted("alice", HERE)).isZero();
            throttle.undecided("alice", HERE);
        }
    }

    @Test
    void bearsAccountNamesOfAnyLength() {
        var long1 = "x".repeat(1_000_000);
        failures(long1 + "1", LOOPBACK, 10);
        assertThat(failures(long1 + "2", LOOPBACK, 10)).isEqualTo(1);
    }

    @Nested
    class WithAttemptsAtTheSameTime {

        @Test
        void noMoreAreUnderWayThanCouldFailFreely() {
            for (int attempt = 0; attempt < 5; attempt++) {
                admitted("alice", HERE);
            }
            assertThat(throttle.admit("alice", THERE)).isInstanceOf(Locked.class);
            throttle.succeeded("alice", HERE);
            assertThat(admitted("alice", THERE)).isZero();
        }

        @Test
        void oneAfterTheOtherOnceAttemptsAreDelayed() {
            failures("alice", HERE, 6);
            assertThat(admitted("alice", HERE)).isEqualByComparingTo(Duration.ofSeconds(1));
            assertThat(throttle.admit("alice", THERE)).isInstanceOf(Locked.class);
            throttle.failed("alice", HERE);
            assertThat(admitted("alice", THERE)).isEqualByComparingTo(Duration.ofSeconds(2));
        }

        @Test
        void guessersGetNoMoreGuessesThanOneAfterTheOther() throws Exception {
            throttle = throttle(limits(5, "PT0S", 20, 100), PATIENCE);
            var guesses = new AtomicInteger();
            var locks = new AtomicInteger();
            together(400, i -> {
                var from = address("192.0.2." + i % 200);
                if (throttle.admit("alice", from) instanceof Admitted) {
                    guesses.incrementAndGet();
                    Thread.yield();
                    if (throttle.failed("alice", from)) {
                        locks.incrementAndGet();
                    }
                }
            });
            assertThat(guesses).hasValue(20);
            assertThat(locks).hasValue(1);
        }

        @Test
        void sprayingOverAccountsGetsNoMoreGuessesEither() throws Exception {
            throttle = throttle(limits(5, "PT0S", 20, 100), PATIENCE);
            var guesses = new AtomicInteger();
            together(400, i -> {
                if (throttle.admit("user" + i, HERE) instanceof Admitted) {
                    guesses.incrementAndGet();
                    Thread.yield();
                    throttle.failed("user" + i, HERE);
                }
            });
            assertThat(guesses).hasValue(100);
        }

        @Test
        void rightLoginsAreNeitherDelayedNorRefused() throws Exception {
            throttle = throttle(DEFAULTS, PATIENCE);
            var undelayed = new AtomicInteger();
            together(400, i -> {
                if (throttle.admit("cn=sssd", HERE).equals(new Admitted(Duration.ZERO))) {
                    undelayed.incrementAndGet();
                    Thread.yield();
                    throttle.succeeded("cn=sssd", HERE);
                }
            });
            assertThat(undelayed).hasValue(400);
        }

        @Test
        void neverMoreAreUnderWayThanAllowed() throws Exception {
            throttle = throttle(limits(3, "PT0S", 1000, 1000), PATIENCE);
            var underWay = new AtomicInteger();
            var most = new AtomicInteger();
            together(300, i -> {
                assertThat(throttle.admit("alice", HERE)).isInstanceOf(Admitted.class);
                most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                Thread.yield();
                underWay.decrementAndGet();
                switch (i % 3) {
                    case 0 -> throttle.failed("alice", HERE);
                    case 1 -> throttle.succeeded("alice", HERE);
                    default -> throttle.undecided("alice", HERE);
                }
            });
            assertThat(most.get()).isBetween(1, 3);
        }

        @Test
        void anInterruptedWaitIsARefusal() {
            throttle = throttle(limits(1, "PT0S", 20, 100), PATIENCE);
            admitted("alice", HERE);
            Thread.currentThread().interrupt();
            assertThat(throttle.admit("alice", HERE)).isInstanceOf(Locked.class);
            assertThat(Thread.interrupted()).isTrue();
        }

        private interface Step {
            void run(int i) throws Exception;
        }

        private void together(int count, Step step) throws Exception {
            var start = new CountDownLatch(1);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Callable<Void>> steps = IntStream.range(0, count).<Callable<Void>>mapToObj(i -> () -> {
                    start.await();
                    step.run(i);
                    return null;
                }).toList();
                var running = steps.stream().map(threads::submit).toList();
                start.countDown();
                for (var one : running) {
                    one.get();
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"-1, PT1S, 20, 100", "5, PT1S, 5, 100", "5, PT-1S, 20, 100", "5, PT1S, 20, 0", "5, PT9S, 20, 100", "5, PT1S, 10001, 100"})
    void doesNotStartWithLimitsThatContradictEachOther(int free, String delay, int lockAfter, int addressLockAfter) {
        assertThatThrownBy(() -> throttle(limits(free, delay, lockAfter, addressLockAfter), NO_PATIENCE))
                .isInstanceOf(StartupFailure.class).hasMessageContaining("gatehouse.login");
    }

    private Duration admitted(String account, InetAddress address) {
        var admission = throttle.admit(account, address);
        assertThat(admission).isInstanceOf(Admitted.class);
        return ((Admitted) admission).delay();
    }

    private void succeed(String account, InetAddress address) {
        admitted(account, address);
        throttle.succeeded(account, address);
    }

    /** @return how many of them started a lock */
    private int failures(String account, InetAddress address, int count) {
        int locks = 0;
        for (int attempt = 0; attempt < count; attempt++) {
            admitted(account, address);
            if (throttle.failed(account, address)) {
                locks++;
            }
        }
        return locks;
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private LoginThrottle throttle(LoginLimits limits, Duration patience) {
        return new LoginThrottle(limits, now::get, patience);
    }

    private static LoginLimits limits(int free, String delay, int lockAfter, int addressLockAfter) {
        var quarter = Duration.ofMinutes(15);
        return new LoginLimits(free, Duration.parse(delay), Duration.ofSeconds(8), lockAfter, quarter, addressLockAfter, quarter);
    }

    private static InetAddress address(String literal) {
        return InetAddress.ofLiteral(literal);
    }
}
