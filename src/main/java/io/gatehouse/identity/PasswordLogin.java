package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditEvent;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.credentials.Admission;
import io.gatehouse.credentials.LoginThrottle;
import io.gatehouse.credentials.PasswordHashing;
import io.gatehouse.credentials.PasswordHashing.Verdict;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** Checks who somebody is by a password, as often as one may try. */
@Singleton
public final class PasswordLogin {

    /** What came of an attempt. */
    public sealed interface Result {

        /**
         * The password is right, and the user is active.
         *
         * @param passwordChangedAt tells whether it still is the same password later on
         */
        record Accepted(int uidNumber, String username, Instant passwordChangedAt) implements Result {
        }

        /** Unknown user, wrong password, or not active: which of them is not told. */
        record Refused() implements Result {
        }

        /** Not even tried, after too many failures. */
        record Locked(Duration remaining) implements Result {
        }
    }

    private static final String UNKNOWN = "?";

    private final DirectoryTransactions transactions;
    private final UserRows rows;
    private final Users users;
    private final PasswordHashing hashing;
    private final LoginThrottle throttle;
    private final AuditLog audit;

    PasswordLogin(DirectoryTransactions transactions, UserRows rows, Users users, PasswordHashing hashing, LoginThrottle throttle, AuditLog audit) {
        this.transactions = transactions;
        this.rows = rows;
        this.users = users;
        this.hashing = hashing;
        this.throttle = throttle;
        this.audit = audit;
    }

    /**
     * Waits as the throttle says. Failures are audited, success is the caller's to audit.
     *
     * @throws io.gatehouse.platform.Unavailable if the database cannot be reached
     */
    public Result attempt(String name, String password, InetAddress address) {
        var username = name.toLowerCase(Locale.ROOT);
        // What is no user name may be anything, such as a password in the wrong field: neither counted nor logged by its text.
        var account = AccountNames.isWellFormed(username) ? username : UNKNOWN;
        return switch (throttle.admit(account, address)) {
            case Admission.Locked(var remaining) -> new Result.Locked(remaining);
            case Admission.Admitted(var delay) -> decided(account, password, address, delay);
        };
    }

    private Result decided(String account, String password, InetAddress address, Duration delay) {
        Result result = null;
        try {
            Thread.sleep(delay);
            result = checked(account, password);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            result = new Result.Locked(delay);
        } finally {
            switch (result) {
                case Result.Accepted accepted -> throttle.succeeded(account, address);
                case Result.Refused refused -> failed(account, address);
                case null, default -> throttle.undecided(account, address);
            }
        }
        return result;
    }

    private Result checked(String account, String password) {
        var stored = account.equals(UNKNOWN) ? Optional.<StoredPassword>empty() : transactions.read(handle -> rows.password(handle, account));
        var usable = stored.filter(found -> found.status() == UserStatus.ACTIVE);
        var hash = usable.map(StoredPassword::hash).orElse(null);
        var verdict = hashing.verify(hash, password.getBytes(StandardCharsets.UTF_8));
        if (verdict == Verdict.MATCH_OUTDATED) {
            users.rehash(account, hash, password);
        }
        return usable.filter(found -> verdict != Verdict.MISMATCH)
                .<Result>map(found -> new Result.Accepted(found.uidNumber(), account, found.changedAt()))
                .orElseGet(Result.Refused::new);
    }

    private void failed(String account, InetAddress address) {
        boolean locked = throttle.failed(account, address);
        var actor = new Actor(Actor.ANONYMOUS_NAME, address.getHostAddress());
        audit.record(AuditEvent.failure(actor, "auth.login.failed", Users.target(account)));
        if (locked) {
            audit.record(AuditEvent.failure(actor, "auth.login.locked", Users.target(account)));
        }
    }
}
