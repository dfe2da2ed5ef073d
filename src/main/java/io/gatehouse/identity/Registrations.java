package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.settings.Setting;
import io.gatehouse.platform.settings.Settings;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** People who make their own accounts. */
@Singleton
final class Registrations {

    private static final String REGISTERED = "identity.user.registered";
    private static final String ADDRESS_TAKEN = "The mail address that was given belongs to another account.";
    private static final String ADDRESS_INVITED = "The mail address that was given is kept for somebody who is invited.";

    private final DirectoryTransactions transactions;
    private final UserRows rows;
    private final Users users;
    private final Bootstrap bootstrap;
    private final Invitations invitations;
    private final AccountMails mails;
    private final Settings settings;
    private final int maxPending;

    Registrations(DirectoryTransactions transactions, UserRows rows, Users users, Bootstrap bootstrap, Invitations invitations, AccountMails mails,
                  Settings settings, IdentityConfiguration configuration) {
        this.transactions = transactions;
        this.rows = rows;
        this.users = users;
        this.bootstrap = bootstrap;
        this.invitations = invitations;
        this.mails = mails;
        this.settings = settings;
        maxPending = configuration.maxRegistrations();
    }

    /**
     * Creates a user who waits for approval. Whether the mail address belongs to an account already is told to nobody but its
     * owner: the new account is there just the same, but without the address.
     *
     * @throws Problem if a value breaks a rule, the user name is taken, there are no users yet, or too many wait already
     */
    void ask(Registration wish, Actor actor) {
        // Looked at before the password is hashed, which costs; and once more when nobody else can change it.
        transactions.read(handle -> {
            checkOpen(handle);
            return null;
        });
        var account = account(wish, wish.mail(), UserStatus.PENDING, List.of());
        transactions.write(handle -> {
            checkOpen(handle);
            var owner = wish.mail() == null ? null : rows.findByMail(handle, wish.mail()).orElse(null);
            boolean invited = wish.mail() != null && invitations.isOpen(handle, wish.mail());
            boolean free = owner == null && !invited;
            var user = users.insert(handle, free ? account : account.withoutMail(), REGISTERED, actor);
            rows.markRegistered(handle, user.uidNumber(), free ? null : owner == null ? ADDRESS_INVITED : ADDRESS_TAKEN);
            if (owner != null) {
                mails.addressTaken(handle, owner);
            } else {
                mails.registered(handle, user, wish.mail());
            }
            mails.waiting(handle, users.existing(handle, user.username()));
            return null;
        });
    }

    /**
     * Creates an active user with the mail address and the groups of an invitation, which is spent.
     *
     * @throws Problem if a value breaks a rule or is taken, the invitation is no good any more, or it is for another address
     */
    User accept(Registration wish, Actor actor) {
        if (wish.bootstrapToken() != null) {
            throw Problem.invalidSecret("bootstrapToken", "Either an invitation or the bootstrap token can be given, not both.");
        }
        // Looked at before the password is hashed, which costs; and once more when nobody else can use it or change its groups.
        var promised = transactions.read(handle -> invitations.forUse(handle, wish.invitation()));
        if (wish.mail() != null && !wish.mail().equalsIgnoreCase(promised.mail())) {
            throw Problem.invalid("mail", wish.mail(), "The invitation is for another mail address, which the account will have.");
        }
        var account = account(wish, promised.mail(), UserStatus.ACTIVE, List.of());
        return transactions.write(handle -> {
            var invitation = invitations.forUse(handle, wish.invitation());
            invitations.spend(handle, invitation);
            return users.insert(handle, account.withGroups(invitation.groups()), REGISTERED, actor, Invitations.target(invitation));
        });
    }

    /**
     * Creates the first user of all, an active sysadmin.
     *
     * @throws Problem if a value breaks a rule, the token is wrong, or there are users already
     */
    User bootstrap(Registration wish, Actor actor) {
        if (!bootstrap.isToken(wish.bootstrapToken())) {
            throw Problem.of(Problem.Kind.FORBIDDEN, "This is not the bootstrap token. The server prints it when it starts without users.");
        }
        transactions.read(handle -> {
            checkDue(handle);
            return null;
        });
        var account = account(wish, wish.mail(), UserStatus.ACTIVE, List.of(Group.SYSADMINS));
        return transactions.write(handle -> {
            checkDue(handle);
            return users.insert(handle, account, REGISTERED, actor);
        });
    }

    private NewAccount account(Registration wish, @Nullable String mail, UserStatus status, List<String> groups) {
        var account = NewAccount.of(new NewUser(wish.username(), wish.givenName(), wish.sn(), null, mail, null, null, null, null, null, null,
                wish.sshPublicKeys(), status.text(), groups));
        return users.withPassword(account, Text.required("password", wish.password()));
    }

    private void checkDue(Handle handle) {
        if (!bootstrap.isDue(handle)) {
            throw Problem.of(Problem.Kind.FORBIDDEN, "There are users already, so the bootstrap token is void.");
        }
    }

    private void checkOpen(Handle handle) {
        if (bootstrap.isDue(handle)) {
            throw Problem.of(Problem.Kind.FORBIDDEN,
                    "There are no users yet: the first one needs the bootstrapToken that the server prints when it starts.");
        }
        if (!settings.get(Setting.REGISTRATION_OPEN)) {
            throw Problem.of(Problem.Kind.FORBIDDEN, "Registration is by invitation; ask an administrator for one.");
        }
        if (rows.countPending(handle) >= maxPending) {
            throw Problem.of(Problem.Kind.FORBIDDEN, "Too many registrations wait for approval; try again later, or ask an administrator.");
        }
    }
}
