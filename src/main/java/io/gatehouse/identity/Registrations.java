package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.gatehouse.platform.Problem;
import jakarta.inject.Singleton;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** People who ask for an account. */
@Singleton
final class Registrations {

    private final DirectoryTransactions transactions;
    private final UserRows rows;
    private final Users users;
    private final Bootstrap bootstrap;
    private final int maxPending;

    Registrations(DirectoryTransactions transactions, UserRows rows, Users users, Bootstrap bootstrap, IdentityConfiguration configuration) {
        this.transactions = transactions;
        this.rows = rows;
        this.users = users;
        this.bootstrap = bootstrap;
        maxPending = configuration.maxRegistrations();
    }

    /**
     * Creates a user who waits for approval; the first user of all, with the bootstrap token, is an active sysadmin at once.
     *
     * @throws Problem if a value breaks a rule or is taken, there are no users and the token is missing or wrong, there are
     *                 users and a token is given, or too many wait already
     */
    User register(Registration wish, Actor actor) {
        boolean first = wish.bootstrapToken() != null;
        if (first && !bootstrap.isToken(wish.bootstrapToken())) {
            throw Problem.of(Problem.Kind.FORBIDDEN, "This is not the bootstrap token. The server prints it when it starts without users.");
        }
        // Looked at before the password is hashed, which costs; and once more when nobody else can change it.
        transactions.read(handle -> {
            checkAdmission(handle, first);
            return null;
        });
        Text.required("password", wish.password());
        var account = users.withPassword(NewAccount.of(newUser(wish, first)), wish.password());
        return transactions.write(handle -> {
            checkAdmission(handle, first);
            return users.insert(handle, account, "identity.user.registered", actor);
        });
    }

    private void checkAdmission(Handle handle, boolean first) {
        boolean due = bootstrap.isDue(handle);
        if (due && !first) {
            throw Problem.of(Problem.Kind.FORBIDDEN,
                    "There are no users yet: the first one needs the bootstrapToken that the server prints when it starts.");
        }
        if (first && !due) {
            throw Problem.of(Problem.Kind.FORBIDDEN, "There are users already, so the bootstrap token is void.");
        }
        if (!first && rows.countPending(handle) >= maxPending) {
            throw Problem.of(Problem.Kind.FORBIDDEN, maxPending == 0
                    ? "Registration is closed; ask an administrator for an account."
                    : "Too many registrations wait for approval; try again later, or ask an administrator.");
        }
    }

    private static NewUser newUser(Registration wish, boolean first) {
        return new NewUser(wish.username(), wish.givenName(), wish.sn(), null, wish.mail(), null, null, null, null, null, wish.sshPublicKeys(),
                (first ? UserStatus.ACTIVE : UserStatus.PENDING).text(), first ? List.of(Group.SYSADMINS) : List.of());
    }
}
