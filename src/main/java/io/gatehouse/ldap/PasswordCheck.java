package io.gatehouse.ldap;

import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10ErrorType;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10ResponseControl;
import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditEvent;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.credentials.PasswordAttempts;
import io.gatehouse.credentials.PasswordAttempts.Outcome;
import io.gatehouse.directory.Principal;
import io.gatehouse.identity.ServiceAccounts;
import io.gatehouse.identity.Users;
import io.gatehouse.ldap.Names.Named;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Checks a password against the snapshot, so that it works without the database. */
@Singleton
final class PasswordCheck {

    private final PasswordAttempts attempts;
    private final Users users;
    private final ServiceAccounts serviceAccounts;
    private final AuditLog audit;
    private final LdapMeters meters;
    private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();

    PasswordCheck(PasswordAttempts attempts, Users users, ServiceAccounts serviceAccounts, AuditLog audit, LdapMeters meters) {
        this.attempts = attempts;
        this.users = users;
        this.serviceAccounts = serviceAccounts;
        this.audit = audit;
        this.meters = meters;
    }

    /**
     * Returns if the password is the account's; a name that does not exist takes as long as a wrong password.
     *
     * @throws Refusal with invalidCredentials otherwise
     */
    void require(Named named, byte[] password, Session session) {
        var address = session.address();
        var principal = named.principal();
        var type = principal == null ? null : principal.type();
        switch (attempts.attempt(tally(named, address), address, () -> principal == null ? null : principal.passwordHash(), password)) {
            case Outcome.Right(boolean outdated) -> {
                meters.bound(type, LdapMeters.Outcome.SUCCESS);
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
     * What failures count for. A service account's password cannot be guessed, and a lock on it would cut off every host that
     * uses it; so there each address is counted by itself.
     */
    private static String tally(Named named, InetAddress address) {
        return named.principal() != null && named.principal().type() == Principal.Type.SERVICE_ACCOUNT
                ? named.account() + " from " + address.getHostAddress()
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
        }
    }

    private static Refusal refused() {
        return new Refusal(ResultCode.INVALID_CREDENTIALS, "Unknown name or wrong password.");
    }
}
