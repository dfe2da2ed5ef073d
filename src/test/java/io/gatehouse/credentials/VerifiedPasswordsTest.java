package io.gatehouse.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.credentials.PasswordAttempts.Outcome;
import io.gatehouse.platform.StartupFailure;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerifiedPasswordsTest {

    private static final InetAddress ADDRESS = InetAddress.ofLiteral("192.0.2.1");
    private static final byte[] PASSWORD = "correct horse".getBytes(UTF_8);
    private static final Stamp ALICE = new Stamp("alice", "hash", 7);

    private final AtomicLong now = new AtomicLong();
    private final VerifiedPasswords verified = verified(Duration.ofSeconds(60));

    @Test
    void remembersUntilItsTimeIsOverHoweverOftenItIsAsked() {
        verified.add(ALICE, PASSWORD);
        for (int second = 0; second < 60; second++) {
            assertThat(verified.contains(ALICE, PASSWORD)).as("after %d s", second).isTrue();
            now.addAndGet(Duration.ofSeconds(1).toNanos());
        }
        assertThat(verified.contains(ALICE, PASSWORD)).isFalse();
        assertThat(verified.hits()).isEqualTo(60);
    }

    @ParameterizedTest
    @CsvSource({"bob,hash,7,correct horse", "alice,hash2,7,correct horse", "alice,hash,8,correct horse", "alice,hash,7,correct horsf",
        "aliceh,ash,7,correct horse", "alice,hash,7,correct hors", "alice,hash,7,''"})
    void anythingElseIsNotWhatWasFoundRight(String account, String hash, long revision, String password) {
        verified.add(ALICE, PASSWORD);
        assertThat(verified.contains(new Stamp(account, hash, revision), password.getBytes(UTF_8))).isFalse();
    }

    @Test
    void anotherProcessRemembersNothingOfIt() {
        verified.add(ALICE, PASSWORD);
        assertThat(verified(Duration.ofSeconds(60)).contains(ALICE, PASSWORD)).isFalse();
    }

    @Test
    void isBoundInItsSize() {
        for (int i = 0; i < 2 * VerifiedPasswords.MOST; i++) {
            verified.add(new Stamp("account" + i, "hash", i), PASSWORD);
        }
        assertThat(verified.size()).isBetween(1L, (long) VerifiedPasswords.MOST);
    }

    @Test
    void switchedOffItKeepsNothing() {
        var off = verified(Duration.ZERO);
        off.add(ALICE, PASSWORD);
        assertThat(off.contains(ALICE, PASSWORD)).isFalse();
        assertThat(off.size()).isZero();
    }

    @Test
    void aRightPasswordIsHashedOnceAndAWrongOneEachTime() {
        var hashing = new PasswordHashing(new Argon2Parameters(64, 1, 1));
        var attempts = attempts(hashing);
        var stamp = new Stamp("alice", hashing.hash("correct horse"), 1);

        assertThat(attempts.attemptRemembered("alice", ADDRESS, () -> stamp, "wrong".getBytes(UTF_8))).isEqualTo(new Outcome.Wrong(false));
        assertThat(hits(attempts, stamp, PASSWORD)).isZero();
        assertThat(hits(attempts, stamp, PASSWORD)).isOne();
        assertThat(attempts.attemptRemembered("alice", ADDRESS, () -> stamp, "wrong".getBytes(UTF_8))).isEqualTo(new Outcome.Wrong(false));
        assertThat(attempts.attemptRemembered("alice", ADDRESS, () -> null, PASSWORD)).isEqualTo(new Outcome.Wrong(false));
        assertThat(attempts.attempt("alice", ADDRESS, stamp::hash, PASSWORD)).isEqualTo(new Outcome.Right(false));
        assertThat(verified.hits()).isOne();
    }

    @Test
    void anOutdatedHashIsCheckedUntilItIsReplaced() {
        var stamp = new Stamp("alice", new PasswordHashing(new Argon2Parameters(128, 1, 1)).hash("correct horse"), 1);
        var attempts = attempts(new PasswordHashing(new Argon2Parameters(64, 1, 1)));
        for (int i = 0; i < 2; i++) {
            assertThat(attempts.attemptRemembered("alice", ADDRESS, () -> stamp, PASSWORD)).isEqualTo(new Outcome.Right(true));
        }
        assertThat(verified.hits()).isZero();
    }

    @Test
    void aLockedAccountStaysLockedForWhatIsRemembered() {
        var hashing = new PasswordHashing(new Argon2Parameters(64, 1, 1));
        var attempts = attempts(hashing);
        var stamp = new Stamp("alice", hashing.hash("correct horse"), 1);
        assertThat(attempts.attemptRemembered("alice", ADDRESS, () -> stamp, PASSWORD)).isEqualTo(new Outcome.Right(false));
        var elsewhere = InetAddress.ofLiteral("192.0.2.2");
        for (int i = 1; i <= 3; i++) {
            assertThat(attempts.attemptRemembered("alice", elsewhere, () -> stamp, "wrong".getBytes(UTF_8))).isEqualTo(new Outcome.Wrong(i == 3));
        }
        assertThat(attempts.attemptRemembered("alice", ADDRESS, () -> stamp, PASSWORD)).isInstanceOf(Outcome.Locked.class);
        assertThat(verified.hits()).isZero();
    }

    @Test
    void aHitForgivesFailuresAsAnySuccessDoes() {
        var hashing = new PasswordHashing(new Argon2Parameters(64, 1, 1));
        var attempts = attempts(hashing);
        var stamp = new Stamp("alice", hashing.hash("correct horse"), 1);
        for (int round = 0; round < 4; round++) {
            assertThat(attempts.attemptRemembered("alice", ADDRESS, () -> stamp, PASSWORD)).isEqualTo(new Outcome.Right(false));
            assertThat(attempts.attemptRemembered("alice", ADDRESS, () -> stamp, "wrong".getBytes(UTF_8))).isEqualTo(new Outcome.Wrong(false));
        }
        assertThat(verified.hits()).isEqualTo(3);
    }

    @Test
    void theStampTellsNoHash() {
        assertThat(ALICE.toString()).contains("alice").doesNotContain("hash");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "60s,60", "0s,0", "5m,300"})
    void itsTimeIsADuration(String text, long seconds) {
        assertThat(new BindCacheConfiguration(text).time()).hasSeconds(seconds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1s", "2h", "1", "soon", ""})
    void aTimeThatIsNoneKeepsTheServerFromStarting(String text) {
        assertThatThrownBy(() -> new BindCacheConfiguration(text).time()).isInstanceOf(StartupFailure.class).hasMessageContaining("GATEHOUSE_BIND_CACHE");
    }

    private long hits(PasswordAttempts attempts, Stamp stamp, byte[] password) {
        assertThat(attempts.attemptRemembered("alice", ADDRESS, () -> stamp, password)).isEqualTo(new Outcome.Right(false));
        return verified.hits();
    }

    private VerifiedPasswords verified(Duration time) {
        return new VerifiedPasswords(time, now::get);
    }

    private PasswordAttempts attempts(PasswordHashing hashing) {
        var limits = new LoginLimits(2, Duration.ZERO, Duration.ZERO, 3, Duration.ofMinutes(1), 100, Duration.ofMinutes(1));
        return new PasswordAttempts(hashing, new LoginThrottle(limits), verified);
    }
}
