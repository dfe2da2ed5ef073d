package io.gatehouse.ldap;

import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10ErrorType;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10ResponseControl;
import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditEvent;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.credentials.PasswordAttempts;
import io.gatehouse.credentials.PasswordAttempts.Outcome;
import io.gatehouse.credentials.PasswordAttempts.Presented;
import io.gatehouse.credentials.PasswordAttempts.Rest;
import io.gatehouse.credentials.RandomSecret;
import io.gatehouse.credentials.Sha256;
import io.gatehouse.credentials.Stamp;
import io.gatehouse.credentials.TotpSecret;
import io.gatehouse.directory.AppPassword;
import io.gatehouse.directory.Directory;
import io.gatehouse.directory.Principal;
import io.gatehouse.identity.AppPasswords;
import io.gatehouse.identity.SecondFactors;
import io.gatehouse.identity.SecondFactors.Candidate;
import io.gatehouse.identity.ServiceAccounts;
import io.gatehouse.identity.Users;
import io.gatehouse.ldap.Names.Named;
import io.micronaut.core.annotation.Nullable;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** Checks passwords against the snapshot, so that it works without the database; only second factors need that. */
@Singleton
final class PasswordCheck {

    private static final int CODE_DIGITS = 6;

    private final Directory directory;
    private final PasswordAttempts attempts;
    private final SecondFactors secondFactors;
    private final AppPasswords appPasswords;
    private final BindApproval approval;
    private final Users users;
    private final ServiceAccounts serviceAccounts;
    private final AuditLog audit;
    private final LdapMeters meters;
    private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();

    PasswordCheck(Directory directory, PasswordAttempts attempts, SecondFactors secondFactors, AppPasswords appPasswords,
                  BindApproval approval, Users users, ServiceAccounts serviceAccounts, AuditLog audit, LdapMeters meters) {
        this.directory = directory;
        this.attempts = attempts;
        this.secondFactors = secondFactors;
        this.appPasswords = appPasswords;
        this.approval = approval;
        this.users = users;
        this.serviceAccounts = serviceAccounts;
        this.audit = audit;
        this.meters = meters;
    }

    /**
     * Returns if the password is the account's, one of its app passwords, or a machine's secret. Who {@link Owed owes} a second factor gives the password
     * with the six digits of the authenticator behind it; who owes an approval may also give the password alone, and waits for that. A
     * name that does not exist takes as long as a wrong password.
     *
     * @throws Refusal with invalidCredentials otherwise
     * @throws io.gatehouse.platform.Unavailable if there is a second factor, and no database to check it with
     */
    Proof requireForBind(Named named, byte[] password, Session session) {
        var principal = named.principal();
        var appPassword = principal == null ? null : appPassword(principal, password, session.address());
        if (appPassword != null) {
            meters.bound(principal.type(), LdapMeters.Outcome.SUCCESS);
            var address = session.address();
            background.execute(() -> appPasswords.notice(appPassword, address));
            return new Proof.AppPassword(appPassword);
        }
        if (isMachineSecret(principal, password)) {
            meters.bound(principal.type(), LdapMeters.Outcome.SUCCESS);
            return Proof.COMPLETE;
        }
        boolean approvals = approval.isDue();
        var owed = Owed.of(principal, session.client(), approvals);
        switch (owed) {
            case NOTHING -> require(named, password, session,
                    attempts.attemptRemembered(tally(named, session), session.address(), () -> stamp(named), password));
            case SECOND_FACTOR -> requireBoth(named, password, session);
            case APPROVAL -> requireApproved(named, password, session);
            case MISSING_SECOND_FACTOR -> {
                require(named, password, session,
                        attempts.attempt(tally(named, session), session.address(), () -> hash(named), password, passwordRight -> Rest.LATER));
                throw missing(named, session);
            }
        }
        meters.bound(principal.type(), LdapMeters.Outcome.SUCCESS);
        return owed == Owed.NOTHING && Owed.hasSecondFactor(principal, approvals) ? Proof.PASSWORD_ALONE : Proof.COMPLETE;
    }

    /** The password was right: to tell why it is not enough tells nothing that a login over HTTP would not tell. */
    private Refusal missing(Named named, Session session) {
        meters.bound(Principal.Type.PERSON, LdapMeters.Outcome.NO_SECOND_FACTOR);
        var actor = session.actor();
        background.execute(() -> audit.record(
                AuditEvent.failure(actor, "ldap.bind.failed", named.target()).with("reason", "second-factor-required")));
        return new Refusal(ResultCode.INVALID_CREDENTIALS, "A second factor is needed here, and this account has none. Set one up over HTTP.");
    }

    /**
     * Returns if it is the account's own password; with the six digits behind it, or approved, if the account needs that and this
     * connection has not brought it yet.
     *
     * @throws Refusal with invalidCredentials otherwise
     */
    void requireOld(Named named, byte[] password, Session session) {
        var principal = named.principal();
        var bound = session.principal();
        boolean itself = principal != null && bound != null && principal.entryId() == bound.entryId();
        if (isMachineSecret(principal, password)) {
            return;
        }
        switch (itself ? Owed.NOTHING : Owed.ofNewPassword(principal, approval.isDue())) {
            case APPROVAL -> requireApproved(named, password, session);
            case SECOND_FACTOR -> requireBoth(named, password, session);
            case NOTHING, MISSING_SECOND_FACTOR ->
                    require(named, password, session, attempts.attempt(tally(named, session), session.address(), () -> hash(named), password));
        }
        meters.bound(principal.type(), LdapMeters.Outcome.SUCCESS);
    }

    private static boolean isMachineSecret(@Nullable Principal principal, byte[] password) {
        return principal != null && principal.secretHash() != null && principal.hasSecret(Sha256.of(new String(password, StandardCharsets.UTF_8)));
    }

    private static @Nullable UUID appPassword(Principal principal, byte[] password, InetAddress address) {
        var text = new String(password, StandardCharsets.UTF_8);
        if (principal.appPasswords().isEmpty() || !RandomSecret.looksLikeAppPassword(text)) {
            return null;
        }
        var hash = Sha256.of(text);
        var now = Instant.now();
        return principal.appPasswords().stream().filter(candidate -> candidate.opens(hash, address, now)).map(AppPassword::id).findFirst().orElse(null);
    }

    /** The code is looked at while the password is hashed, and used up if both are right: the time tells nothing of either. */
    private void requireBoth(Named named, byte[] password, Session session) {
        int length = password.length - CODE_DIGITS;
        var code = length > 0 ? new String(password, length, CODE_DIGITS, StandardCharsets.ISO_8859_1) : "";
        boolean complete = TotpSecret.looksLikeCode(code);
        var first = complete ? Arrays.copyOf(password, length) : password;
        var looked = new AtomicReference<CompletableFuture<Optional<Candidate>>>();
        try {
            require(named, first, session, attempts.attempt(tally(named, session), session.address(), () -> {
                looked.set(CompletableFuture.supplyAsync(() -> secondFactors.look(named.principal().name(), code), background));
                return hash(named);
            }, first, passwordRight -> {
                var candidate = result(looked.get());
                return passwordRight && complete && candidate.filter(secondFactors::use).isPresent() ? Rest.NOTHING : Rest.WRONG;
            }));
        } finally {
            if (complete) {
                Arrays.fill(first, (byte) 0);
            }
        }
    }

    /**
     * Either the code behind the password is good, or the whole is the password and is approved. One hash in any case: a look at the
     * code, whoever's it is, tells which of the two it can be. A suspension or a new password ends what waits.
     */
    private void requireApproved(Named named, byte[] typed, Session session) {
        int length = typed.length - CODE_DIGITS;
        var code = length > 0 ? new String(typed, length, CODE_DIGITS, StandardCharsets.ISO_8859_1) : "";
        var name = named.principal() == null ? named.account() : named.principal().name();
        var candidate = new AtomicReference<Candidate>();
        var presented = new AtomicReference<>(new Presented(null, typed));
        var approvalDue = new AtomicBoolean();
        try {
            var outcome = attempts.attempt(tally(named, session), session.address(), () -> {
                candidate.set(TotpSecret.looksLikeCode(code) ? secondFactors.look(name, code).orElse(null) : null);
                presented.set(new Presented(hash(named), candidate.get() == null ? typed : Arrays.copyOf(typed, length)));
                return presented.get();
            }, passwordRight -> {
                if (candidate.get() != null) {
                    return passwordRight && secondFactors.use(candidate.get()) ? Rest.NOTHING : Rest.WRONG;
                }
                approvalDue.set(passwordRight);
                return Rest.LATER;
            });
            if (approvalDue.get() && outcome instanceof Outcome.Right) {
                approval.require(named, session);
                if (!presented.get().hash().equals(hash(named))) {
                    throw refused();
                }
            }
            require(named, presented.get().password(), session, outcome);
        } finally {
            if (presented.get().password() != typed) {
                Arrays.fill(presented.get().password(), (byte) 0);
            }
        }
    }

    private static <T> T result(CompletableFuture<T> computation) {
        try {
            return computation.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private void require(Named named, byte[] password, Session session, Outcome outcome) {
        var principal = named.principal();
        var type = principal == null ? null : principal.type();
        switch (outcome) {
            case Outcome.Right(boolean outdated) -> {
                if (outdated) {
                    var text = new String(password, StandardCharsets.UTF_8);
                    background.execute(() -> rehash(principal, text));
                }
            }
            case Outcome.Wrong(boolean locked) -> {
                meters.bound(type, LdapMeters.Outcome.WRONG_PASSWORD);
                var actor = session.actor();
                background.execute(() -> failed(actor, named, locked));
                throw refused();
            }
            case Outcome.Locked locked -> {
                meters.bound(type, LdapMeters.Outcome.LOCKED);
                throw refused().with(new DraftBeheraLDAPPasswordPolicy10ResponseControl(
                    null, -1, DraftBeheraLDAPPasswordPolicy10ErrorType.ACCOUNT_LOCKED));
            }
        }
    }

    /**
     * The account as it is at this moment, which may be a while after the request was read. Null if it is gone, or needs something
     * else by now.
     */
    private @Nullable Stamp stamp(Named named) {
        var read = named.principal();
        var now = read == null ? null : directory.snapshot().principal(read.entryId());
        return now == null || now.passwordHash() == null || !Objects.equals(now.secondFactorSince(), read.secondFactorSince())
                ? null : new Stamp(now.dn(), now.passwordHash(), now.revision());
    }

    private @Nullable String hash(Named named) {
        var stamp = stamp(named);
        return stamp == null ? null : stamp.hash();
    }

    /**
     * What failures count for. The password of a service account or a machine cannot be guessed, and a lock on it would cut off every
     * host that uses it; so there each address is counted by itself.
     */
    private static String tally(Named named, Session session) {
        return named.principal() != null && named.principal().type() != Principal.Type.PERSON
                ? named.account() + " from " + session.address().getHostAddress()
                : named.account();
    }

    private void failed(Actor actor, Named named, boolean locked) {
        audit.record(AuditEvent.failure(actor, "ldap.bind.failed", named.target()));
        if (locked) {
            audit.record(AuditEvent.failure(actor, "auth.login.locked", named.target()));
        }
    }

    /** What is on its way into the log gets there, unless the database does not answer. */
    @PreDestroy
    void finish() {
        background.close();
    }

    private void rehash(Principal principal, String password) {
        switch (principal.type()) {
            case PERSON -> users.rehash(principal.name(), principal.passwordHash(), password);
            case SERVICE_ACCOUNT -> serviceAccounts.rehash(principal.name(), principal.passwordHash(), password);
            case MACHINE -> throw new IllegalStateException("A machine has a secret, and no password that grows old.");
        }
    }

    private static Refusal refused() {
        return new Refusal(ResultCode.INVALID_CREDENTIALS, "Unknown name or wrong password.");
    }
}
