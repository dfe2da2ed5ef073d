package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditEvent;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.credentials.RandomSecret;
import io.gatehouse.credentials.TotpSecret;
import io.gatehouse.identity.SecondFactorRows.Stored;
import io.gatehouse.platform.MasterKey;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.Transactions;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/** Authenticators and recovery codes: sets them up, takes their codes, each once, and removes them. */
@Singleton
public final class SecondFactors {

    /** A right code that was not used when it was looked at; {@link #use} tells whether it is the first use. */
    public static final class Candidate {

        private final Stored factor;
        private final Factor kind;
        private final long step;
        private final byte @Nullable [] recoveryHash;

        private Candidate(Stored factor, Factor kind, long step, byte @Nullable [] recoveryHash) {
            this.factor = factor;
            this.kind = kind;
            this.step = step;
            this.recoveryHash = recoveryHash;
        }

        /** What it is a code of. */
        public Factor kind() {
            return kind;
        }
    }

    private final Transactions transactions;
    private final Users users;
    private final SecondFactorRows rows;
    private final AppPasswordRows appPasswords;
    private final MasterKey masterKey;
    private final AuditLog audit;
    private final List<AccessRevocation> revocations;
    private final Clock clock = Clock.systemUTC();

    SecondFactors(Transactions transactions, Users users, SecondFactorRows rows, AppPasswordRows appPasswords, MasterKey masterKey,
                  AuditLog audit, List<AccessRevocation> revocations) {
        this.transactions = transactions;
        this.users = users;
        this.rows = rows;
        this.appPasswords = appPasswords;
        this.masterKey = masterKey;
        this.audit = audit;
        this.revocations = revocations;
    }

    OwnSecondFactor show(String username) {
        return transactions.read(handle -> rows.find(handle, username)).filter(factor -> factor.confirmedAt() != null)
                .map(factor -> new OwnSecondFactor(true, factor.confirmedAt(), factor.recoveryCodesLeft()))
                .orElseGet(() -> new OwnSecondFactor(false, null, 0));
    }

    /**
     * A new secret, which counts once it is confirmed; one that was not is void.
     *
     * @throws Problem if there is a confirmed one
     */
    TotpSecret begin(String username, Actor actor) {
        var secret = TotpSecret.generate();
        transactions.write(handle -> {
            int uidNumber = users.existing(handle, username).uidNumber();
            if (!rows.begin(handle, uidNumber, masterKey.encrypt(secret.bytes(), context(uidNumber)))) {
                throw Problem.conflict(null, null, "There is an authenticator already. Remove it first.");
            }
            audit.record(handle, AuditEvent.success(actor, "identity.second-factor.begun", Users.target(username)));
            return null;
        });
        return secret;
    }

    /** Whether the code proves that the secret which waits for it has arrived. */
    Optional<Confirmation> confirmation(String username, String code) {
        return transactions.read(handle -> rows.find(handle, username)).filter(factor -> factor.confirmedAt() == null)
                .flatMap(factor -> boxed(secret(factor).step(code, clock.instant())).map(step -> new Confirmation(factor, step)));
    }

    /** Whether there is a secret that waits for its confirmation. */
    boolean isPending(String username) {
        return transactions.read(handle -> rows.find(handle, username)).filter(factor -> factor.confirmedAt() == null).isPresent();
    }

    record Confirmation(Stored factor, long step) {
    }

    /**
     * From now on it is needed. Ends the user's other sessions.
     *
     * @param session stays
     * @return recovery codes
     * @throws Problem if somebody was faster
     */
    List<String> confirm(String username, Confirmation confirmation, @Nullable String session, Actor actor) {
        return transactions.write(handle -> {
            int uidNumber = confirmation.factor().uidNumber();
            rows.lockUser(handle, uidNumber);
            if (!rows.confirm(handle, confirmation.factor(), confirmation.step())) {
                throw Problem.conflict(null, null, "The authenticator was confirmed or replaced meanwhile.");
            }
            revoke(handle, uidNumber, session);
            audit.record(handle, AuditEvent.success(actor, "identity.second-factor.confirmed", Users.target(username)));
            return freshCodes(handle, uidNumber);
        });
    }

    /** @throws Problem if there is no confirmed factor */
    List<String> renewRecoveryCodes(String username, Actor actor) {
        return transactions.write(handle -> {
            var factor = rows.find(handle, username).filter(present -> present.confirmedAt() != null)
                    .orElseThrow(() -> Problem.notFound("authenticator of", username));
            audit.record(handle, AuditEvent.success(actor, "identity.recovery-codes.renewed", Users.target(username)));
            return freshCodes(handle, factor.uidNumber());
        });
    }

    /** Ends the user's other sessions. */
    void remove(String username, @Nullable String session, Actor actor) {
        transactions.write(handle -> {
            int uidNumber = users.existing(handle, username).uidNumber();
            rows.lockUser(handle, uidNumber);
            if (rows.delete(handle, uidNumber)) {
                revoke(handle, uidNumber, session);
                audit.record(handle, AuditEvent.success(actor, "identity.second-factor.removed", Users.target(username)));
            }
            return null;
        });
    }

    /**
     * For somebody who has lost it: the password alone lets him in again. Ends all sessions, and voids the app passwords.
     *
     * @throws Problem if there is no such user, or no second factor
     */
    void reset(String username, Actor actor) {
        transactions.write(handle -> {
            int uidNumber = users.existing(handle, username).uidNumber();
            rows.lockUser(handle, uidNumber);
            if (!rows.delete(handle, uidNumber)) {
                throw Problem.notFound("second factor of", username);
            }
            appPasswords.deleteAll(handle, uidNumber);
            revoke(handle, uidNumber, null);
            audit.record(handle, AuditEvent.success(actor, "identity.second-factor.reset", Users.target(username)));
            return null;
        });
    }

    /**
     * Looks at a code without using it up.
     *
     * @return empty if it is wrong or was used, or the user has no second factor
     * @throws io.gatehouse.platform.Unavailable if the database cannot be reached
     */
    public Optional<Candidate> look(String username, String code) {
        return transactions.read(handle -> rows.find(handle, username).filter(factor -> factor.confirmedAt() != null)
                .flatMap(factor -> RandomSecret.looksLikeRecoveryCode(code)
                        ? recovery(handle, factor, code)
                        : boxed(secret(factor).step(code, clock.instant()))
                                .filter(step -> factor.lastStep() == null || factor.lastStep() < step)
                                .map(step -> new Candidate(factor, Factor.TOTP, step, null))));
    }

    /**
     * Uses a code up, once among all nodes.
     *
     * @return false if somebody was faster, or the factor has been replaced
     * @throws io.gatehouse.platform.Unavailable if the database cannot be reached
     */
    public boolean use(Candidate code) {
        return transactions.write(handle -> code.recoveryHash == null
                ? rows.spend(handle, code.factor, code.step)
                : rows.spendRecoveryCode(handle, code.factor.uidNumber(), code.recoveryHash));
    }

    private Optional<Candidate> recovery(Handle handle, Stored factor, String code) {
        var hash = RandomSecret.recoveryHash(code);
        return rows.isUnused(handle, factor.uidNumber(), hash)
                ? Optional.of(new Candidate(factor, Factor.RECOVERY_CODE, 0, hash)) : Optional.empty();
    }

    private List<String> freshCodes(Handle handle, int uidNumber) {
        var codes = RandomSecret.recoveryCodes();
        rows.replaceRecoveryCodes(handle, uidNumber, codes.stream().map(RandomSecret::recoveryHash).toList());
        return codes;
    }

    private void revoke(Handle handle, int uidNumber, @Nullable String except) {
        revocations.forEach(revocation -> revocation.revoke(handle, uidNumber, except));
    }

    private TotpSecret secret(Stored factor) {
        return new TotpSecret(masterKey.decrypt(factor.sealed(), context(factor.uidNumber())));
    }

    private static String context(int uidNumber) {
        return "totp:" + uidNumber;
    }

    private static Optional<Long> boxed(OptionalLong step) {
        return step.isPresent() ? Optional.of(step.getAsLong()) : Optional.empty();
    }
}
