package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditEvent;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.credentials.PasswordAttempts;
import io.gatehouse.credentials.PasswordAttempts.Outcome;
import io.gatehouse.credentials.PasswordAttempts.Rest;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Checks who somebody is by a password, as often as one may try. */
@Singleton
public final class PasswordLogin {

    /** What came of an attempt. */
    public sealed interface Result {

        /**
         * The password is right, and the user is active.
         *
         * @param passwordChangedAt tells whether it still is the same password later on
         * @param due               what else is needed to log in, one of them; empty if nothing is
         */
        record Accepted(int uidNumber, String username, Instant passwordChangedAt, Set<Factor> due) implements Result {
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
    private final PasswordAttempts attempts;
    private final PushApproval approval;
    private final AuditLog audit;

    PasswordLogin(DirectoryTransactions transactions, UserRows rows, Users users, PasswordAttempts attempts, PushApproval approval, AuditLog audit) {
        this.transactions = transactions;
        this.rows = rows;
        this.users = users;
        this.attempts = attempts;
        this.approval = approval;
        this.audit = audit;
    }

    /**
     * Waits as the throttle says. Failures are audited, success is the caller's to audit.
     *
     * @param actor who tries, as far as is known
     * @throws io.gatehouse.platform.Unavailable if the database cannot be reached
     */
    public Result attempt(String name, String password, InetAddress address, Actor actor) {
        var username = name.toLowerCase(Locale.ROOT);
        // What is no user name may be anything, such as a password in the wrong field: neither counted nor logged by its text.
        var account = AccountNames.isWellFormed(username) ? username : UNKNOWN;
        var found = new StoredPassword[1];
        boolean approvalDue = approval.isDue();
        var outcome = attempts.attempt(account, address, () -> {
            found[0] = usable(account);
            return found[0] == null ? null : found[0].hash();
        }, password.getBytes(StandardCharsets.UTF_8), right -> approvalDue || found[0] != null && found[0].secondFactor() ? Rest.LATER : Rest.NOTHING);
        return switch (outcome) {
            case Outcome.Locked(var remaining) -> new Result.Locked(remaining);
            case Outcome.Wrong(boolean locked) -> {
                failed(account, actor, locked);
                yield new Result.Refused();
            }
            case Outcome.Right(boolean outdated) -> {
                if (outdated) {
                    users.rehash(account, found[0].hash(), password);
                }
                yield new Result.Accepted(found[0].uidNumber(), account, found[0].changedAt(), due(found[0].secondFactor(), approvalDue));
            }
        };
    }

    private static Set<Factor> due(boolean secondFactor, boolean approval) {
        var due = EnumSet.noneOf(Factor.class);
        if (secondFactor) {
            due.addAll(EnumSet.of(Factor.TOTP, Factor.RECOVERY_CODE));
        }
        if (approval) {
            due.add(Factor.PUSH);
        }
        return due;
    }

    private @Nullable StoredPassword usable(String account) {
        return account.equals(UNKNOWN) ? null : transactions.read(handle -> rows.password(handle, account))
                .filter(stored -> stored.status() == UserStatus.ACTIVE).orElse(null);
    }

    private void failed(String account, Actor actor, boolean locked) {
        audit.record(AuditEvent.failure(actor, "auth.login.failed", Users.target(account)));
        if (locked) {
            audit.record(AuditEvent.failure(actor, "auth.login.locked", Users.target(account)));
        }
    }
}
