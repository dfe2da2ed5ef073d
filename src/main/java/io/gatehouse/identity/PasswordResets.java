package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditEvent;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.credentials.PasswordHashing;
import io.gatehouse.credentials.PasswordPolicy;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.settings.Setting;
import io.gatehouse.platform.settings.Settings;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** New passwords for those who do not know theirs. */
@Singleton
final class PasswordResets {

    private static final String REQUESTED = "identity.password-reset.requested";

    private final DirectoryTransactions transactions;
    private final PasswordResetRows rows;
    private final UserRows userRows;
    private final Users users;
    private final AccountMails mails;
    private final PublicLinks links;
    private final PasswordHashing hashing;
    private final PasswordPolicy policy;
    private final PasswordChangeDuty duty;
    private final AuditLog audit;
    private final Settings settings;

    PasswordResets(DirectoryTransactions transactions, PasswordResetRows rows, UserRows userRows, Users users, AccountMails mails, PublicLinks links,
                   PasswordHashing hashing, PasswordPolicy policy, PasswordChangeDuty duty, AuditLog audit, Settings settings) {
        this.transactions = transactions;
        this.rows = rows;
        this.userRows = userRows;
        this.users = users;
        this.mails = mails;
        this.links = links;
        this.hashing = hashing;
        this.policy = policy;
        this.duty = duty;
        this.audit = audit;
        this.settings = settings;
    }

    /**
     * Mails a token to the user of this name or mail address, if there is one who is active and has a password and an address. One
     * without a password has none on purpose, and can get one from an administrator only.
     */
    void request(String usernameOrMail, Actor actor) {
        transactions.write(handle -> {
            var user = named(handle, usernameOrMail).filter(PasswordResets::mayAsk).orElse(null);
            if (user == null) {
                // What is no user name may be anything, so it is not logged.
                audit.record(handle, AuditEvent.failure(actor, REQUESTED, Users.target("?")));
                return null;
            }
            var token = OneTimeToken.fresh();
            mails.passwordReset(handle, user, token, put(handle, user, token));
            audit.record(handle, AuditEvent.success(actor, REQUESTED, Users.target(user.username())));
            return null;
        });
    }

    private Optional<User> named(Handle handle, String usernameOrMail) {
        if (usernameOrMail.contains("@")) {
            return userRows.findByMail(handle, usernameOrMail);
        }
        var username = usernameOrMail.toLowerCase(Locale.ROOT);
        return AccountNames.isWellFormed(username) ? userRows.find(handle, username) : Optional.empty();
    }

    private static boolean mayAsk(User user) {
        return user.status() == UserStatus.ACTIVE && user.mail() != null && user.passwordChangedAt() != null;
    }

    /**
     * Makes a token for somebody who cannot help himself: mailed to him, or told where that cannot be.
     *
     * @throws Problem if there is no such user, or he may not log in
     */
    PasswordResetLink create(String username, Actor actor) {
        return transactions.write(handle -> {
            var user = users.existing(handle, username);
            if (user.status() != UserStatus.ACTIVE) {
                throw Problem.conflict(null, null, "The user is " + user.status().text() + ", and could not log in with a new password.");
            }
            var token = OneTimeToken.fresh();
            var until = put(handle, user, token);
            audit.record(handle, AuditEvent.success(actor, "identity.password-reset.created", Users.target(username)));
            if (mails.areSent() && user.mail() != null) {
                mails.passwordReset(handle, user, token, until);
                return new PasswordResetLink("mail", null, until);
            }
            return new PasswordResetLink("link", links.passwordReset(token), until);
        });
    }

    /** @throws Problem if the token is none that still is good */
    PasswordResetRows.Usable find(String token) {
        return transactions.read(handle -> usable(handle, token));
    }

    /**
     * Sets the password, ends all sessions and voids the token.
     *
     * @throws Problem if the token is none that still is good, or the policy refuses the password
     */
    void redeem(String token, String password, Actor actor) {
        // Looked at before the password is hashed, which costs; and once more when nobody else can use it.
        var username = find(token).username();
        policy.check("password", username, password);
        var compared = duty.compare(username, password);
        var hash = hashing.hash(password);
        transactions.write(handle -> {
            var user = users.existing(handle, usable(handle, token).username());
            users.setPassword(handle, user, hash, compared, actor);
            return null;
        });
    }

    private Instant put(Handle handle, User user, OneTimeToken token) {
        return rows.put(handle, user.uidNumber(), token, settings.get(Setting.PASSWORD_RESET_LIFETIME));
    }

    private PasswordResetRows.Usable usable(Handle handle, String token) {
        return rows.find(handle, new OneTimeToken(token)).orElseThrow(() -> Problem.of(Problem.Kind.NOT_FOUND,
                "There is no such password reset, or it was used, replaced by a newer one or is too old. Ask for another one."));
    }
}
