package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditEvent;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.credentials.PasswordAttempts;
import io.gatehouse.credentials.PasswordAttempts.Outcome;
import io.gatehouse.identity.SecondFactors.Candidate;
import io.gatehouse.identity.SecondFactors.Confirmation;
import io.gatehouse.platform.Problem;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/** Checks the codes of second factors, as often as one may try: failures count together with those of the password. */
@Singleton
public final class SecondFactorLogin {

    /** What came of an attempt. */
    public sealed interface Result {

        /** The code is right, and used up by this. */
        record Accepted(Factor factor) implements Result {
        }

        /** A wrong code, or one that was used. */
        record Refused() implements Result {
        }

        /** Not even tried, after too many failures. */
        record Locked(Duration remaining) implements Result {
        }
    }

    private final SecondFactors factors;
    private final PasswordAttempts attempts;
    private final AuditLog audit;

    SecondFactorLogin(SecondFactors factors, PasswordAttempts attempts, AuditLog audit) {
        this.factors = factors;
        this.attempts = attempts;
        this.audit = audit;
    }

    /**
     * Waits as the throttle says. Failures are audited, success is the caller's to audit.
     *
     * @throws io.gatehouse.platform.Unavailable if the database cannot be reached
     */
    public Result attempt(String username, String code, InetAddress address, Actor actor) {
        var found = new Candidate[1];
        var outcome = attempts.attempt(username, address, () -> {
            found[0] = factors.look(username, bare(code)).filter(factors::use).orElse(null);
            return found[0] != null;
        });
        return switch (outcome) {
            case Outcome.Right right -> {
                if (found[0].kind() == Factor.RECOVERY_CODE) {
                    audit.record(AuditEvent.success(actor, "identity.recovery-code.used", Users.target(username)));
                }
                yield new Result.Accepted(found[0].kind());
            }
            case Outcome.Wrong(boolean locked) -> {
                failed(username, actor, locked);
                yield new Result.Refused();
            }
            case Outcome.Locked(var remaining) -> new Result.Locked(remaining);
        };
    }

    /** @throws Problem if it is not the code of the secret that waits for one, or there were too many failures */
    Confirmation confirmation(String username, String code, InetAddress address, Actor actor) {
        var found = new Confirmation[1];
        var outcome = attempts.attempt(username, address, () -> {
            var confirmation = factors.confirmation(username, bare(code));
            found[0] = confirmation.orElse(null);
            return confirmation.isPresent();
        });
        return switch (outcome) {
            case Outcome.Right right -> found[0];
            case Outcome.Wrong(boolean locked) -> {
                failed(username, actor, locked);
                throw wrongCode();
            }
            case Outcome.Locked(var remaining) -> throw locked(remaining);
        };
    }

    /** @throws Problem if the code is wrong, was used, or there were too many failures */
    void require(String username, String code, InetAddress address, Actor actor) {
        switch (attempt(username, code, address, actor)) {
            case Result.Accepted accepted -> { }
            case Result.Refused refused -> throw wrongCode();
            case Result.Locked(var remaining) -> throw locked(remaining);
        }
    }

    /** Apps show codes in groups. */
    private static String bare(String code) {
        return code.replaceAll("[\\s\\p{Z}]", "");
    }

    private void failed(String username, Actor actor, boolean locked) {
        audit.record(AuditEvent.failure(actor, "auth.second-factor.failed", Users.target(username)));
        if (locked) {
            audit.record(AuditEvent.failure(actor, "auth.login.locked", Users.target(username)));
        }
    }

    private static Problem wrongCode() {
        return Problem.invalidSecret("code", "This code is wrong, or was used before.");
    }

    private static Problem locked(Duration remaining) {
        return Problem.tooMany("Too many failed attempts; try again later.", remaining);
    }
}
