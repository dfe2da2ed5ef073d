package io.gatehouse.credentials;

import io.gatehouse.credentials.PasswordHashing.Verdict;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Supplier;

/** Checks passwords as often as one may try, and no faster: the one way in for every protocol. */
@Singleton
public final class PasswordAttempts {

    /** What came of an attempt. */
    public sealed interface Outcome {

        /** @param outdated whether the hash was made with other parameters than today's: store a new one */
        record Right(boolean outdated) implements Outcome {
        }

        /** @param locked whether this failure was the last one that is allowed for now */
        record Wrong(boolean locked) implements Outcome {
        }

        /** Not even tried, after too many failures. */
        record Locked(Duration remaining) implements Outcome {
        }
    }

    private final PasswordHashing hashing;
    private final LoginThrottle throttle;

    PasswordAttempts(PasswordHashing hashing, LoginThrottle throttle) {
        this.hashing = hashing;
        this.throttle = throttle;
    }

    /**
     * Waits as {@link LoginThrottle} says, then checks. What the supplier throws is not held against anybody.
     *
     * @param account  in its canonical form, whether there is such an account or not
     * @param hash     asked once the attempt may be made; null if there is no such account or it has no password
     * @param password in UTF-8; neither changed nor kept
     */
    public Outcome attempt(String account, InetAddress address, Supplier<@Nullable String> hash, byte[] password) {
        return switch (throttle.admit(account, address)) {
            case Admission.Locked(var remaining) -> new Outcome.Locked(remaining);
            case Admission.Admitted(var delay) -> decided(account, address, delay, hash, password);
        };
    }

    private Outcome decided(String account, InetAddress address, Duration delay, Supplier<@Nullable String> hash, byte[] password) {
        Verdict verdict;
        try {
            Thread.sleep(delay);
            verdict = hashing.verify(hash.get(), password);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throttle.undecided(account, address);
            return new Outcome.Locked(delay);
        } catch (RuntimeException e) {
            throttle.undecided(account, address);
            throw e;
        }
        if (verdict == Verdict.MISMATCH) {
            return new Outcome.Wrong(throttle.failed(account, address));
        }
        throttle.succeeded(account, address);
        return new Outcome.Right(verdict == Verdict.MATCH_OUTDATED);
    }
}
