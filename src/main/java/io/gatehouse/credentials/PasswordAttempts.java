package io.gatehouse.credentials;

import io.gatehouse.credentials.PasswordHashing.Verdict;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.time.Duration;
import java.util.function.BooleanSupplier;
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
    private final VerifiedPasswords verified;

    PasswordAttempts(PasswordHashing hashing, LoginThrottle throttle, VerifiedPasswords verified) {
        this.hashing = hashing;
        this.throttle = throttle;
        this.verified = verified;
    }

    /** What is asked for besides a password. */
    public enum Rest {
        /** Nothing. */
        NOTHING,
        /** Something that a later attempt brings: until then nothing is forgiven. */
        LATER,
        /** Something that was wrong. */
        WRONG
    }

    /** Tells what is asked for besides a password. */
    public interface Further {

        /** @param passwordRight if not, the outcome does not matter; only the time until it does */
        Rest ask(boolean passwordRight);
    }

    /**
     * What somebody presents, and what it is checked against.
     *
     * @param hash     null if there is no such account or it has no password
     * @param password in UTF-8; neither changed nor kept
     */
    public record Presented(@Nullable String hash, byte[] password) {

        /** Without the password. */
        @Override
        public String toString() {
            return "Presented[]";
        }
    }

    private record Found(Rest rest, boolean outdated) {
    }

    /**
     * Waits as {@link LoginThrottle} says, then checks. What the supplier throws is not held against anybody.
     *
     * @param account  in its canonical form, whether there is such an account or not
     * @param hash     asked once the attempt may be made; null if there is no such account or it has no password
     * @param password in UTF-8; neither changed nor kept
     */
    public Outcome attempt(String account, InetAddress address, Supplier<@Nullable String> hash, byte[] password) {
        return attempt(account, address, hash, password, passwordRight -> Rest.NOTHING);
    }

    /**
     * The same, where a right password may not be all that is needed.
     *
     * @param further asked when the password has been checked; what it throws is not held against anybody
     */
    public Outcome attempt(String account, InetAddress address, Supplier<@Nullable String> hash, byte[] password, Further further) {
        return attempt(account, address, () -> new Presented(hash.get(), password), further);
    }

    /**
     * The same, where it takes a look to tell how much of what was typed is the password.
     *
     * @param presented asked once the attempt may be made
     */
    public Outcome attempt(String account, InetAddress address, Supplier<Presented> presented, Further further) {
        return admitted(account, address, () -> {
            var what = presented.get();
            return found(hashing.verify(what.hash(), what.password()), further);
        });
    }

    /**
     * The same, but a password that was found right a moment ago is not hashed again while the account's stamp stays the same. Only
     * where the password is all that is needed.
     *
     * @param stamp asked once the attempt may be made; null if there is no such account or it has no password
     */
    public Outcome attemptRemembered(String account, InetAddress address, Supplier<@Nullable Stamp> stamp, byte[] password) {
        return admitted(account, address, () -> found(verify(stamp.get(), password), passwordRight -> Rest.NOTHING));
    }

    /**
     * The same for something that is no password, such as the code of a second factor.
     *
     * @param right asked once the attempt may be made; what it throws is not held against anybody
     */
    public Outcome attempt(String account, InetAddress address, BooleanSupplier right) {
        return admitted(account, address, () -> new Found(right.getAsBoolean() ? Rest.NOTHING : Rest.WRONG, false));
    }

    private Verdict verify(@Nullable Stamp stamp, byte[] password) {
        if (stamp != null && verified.contains(stamp, password)) {
            return Verdict.MATCH;
        }
        var verdict = hashing.verify(stamp == null ? null : stamp.hash(), password);
        if (verdict == Verdict.MATCH) {
            verified.add(stamp, password);
        }
        return verdict;
    }

    private static Found found(Verdict verdict, Further further) {
        var rest = further.ask(verdict != Verdict.MISMATCH);
        return new Found(verdict == Verdict.MISMATCH ? Rest.WRONG : rest, verdict == Verdict.MATCH_OUTDATED);
    }

    private Outcome admitted(String account, InetAddress address, Supplier<Found> check) {
        return switch (throttle.admit(account, address)) {
            case Admission.Locked(var remaining) -> new Outcome.Locked(remaining);
            case Admission.Admitted(var delay) -> decided(account, address, delay, check);
        };
    }

    private Outcome decided(String account, InetAddress address, Duration delay, Supplier<Found> check) {
        Found found;
        try {
            Thread.sleep(delay);
            found = check.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throttle.undecided(account, address);
            return new Outcome.Locked(delay);
        } catch (RuntimeException e) {
            throttle.undecided(account, address);
            throw e;
        }
        switch (found.rest()) {
            case WRONG -> {
                return new Outcome.Wrong(throttle.failed(account, address));
            }
            case LATER -> throttle.undecided(account, address);
            case NOTHING -> throttle.succeeded(account, address);
        }
        return new Outcome.Right(found.outdated());
    }
}
