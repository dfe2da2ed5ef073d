package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.gatehouse.platform.MasterKey;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.StartupFailure;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** How the first administrator comes to be. */
@Singleton
public final class Bootstrap {

    private final DirectoryTransactions transactions;
    private final UserRows rows;
    private final Users users;
    private final IdentityConfiguration configuration;
    private final String token;

    Bootstrap(DirectoryTransactions transactions, UserRows rows, Users users, IdentityConfiguration configuration, MasterKey masterKey) {
        this.transactions = transactions;
        this.rows = rows;
        this.users = users;
        this.configuration = configuration;
        token = Base64.getUrlEncoder().withoutPadding().encodeToString(masterKey.derive("bootstrap"));
    }

    /** What registers the first user, the same on every node; empty as soon as there is one. */
    public Optional<String> token() {
        return transactions.read(rows::isEmpty) ? Optional.of(token) : Optional.empty();
    }

    /**
     * Creates the administrator that the configuration names, if it names one and there are no users. Any number of nodes may
     * do so at once.
     *
     * @throws StartupFailure if the configuration is incomplete, or breaks the rules for names and passwords
     */
    public void createConfiguredAdministrator() {
        if (configuration.adminUsername() == null || !transactions.read(rows::isEmpty)) {
            return;
        }
        try {
            var account = users.withPassword(NewAccount.of(administrator(configuration.adminUsername())), configuredPassword());
            transactions.write(handle -> rows.isEmpty(handle) ? users.insert(handle, account, "identity.user.created", Actor.SYSTEM) : null);
        } catch (Problem e) {
            throw new StartupFailure("The administrator " + configuration.adminUsername() + " cannot be created: " + e.getMessage()
                    + " Check GATEHOUSE_ADMIN_USERNAME and GATEHOUSE_ADMIN_PASSWORD.", e);
        }
    }

    /** Whether there are no users yet; in a transaction of the directory's writers that stays so until its end. */
    boolean isDue(Handle handle) {
        return rows.isEmpty(handle);
    }

    boolean isToken(String presented) {
        return MessageDigest.isEqual(presented.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    }

    private static NewUser administrator(String username) {
        return new NewUser(username, null, null, null, null, null, null, null, null, null, null, null, UserStatus.ACTIVE.text(), List.of(Group.SYSADMINS));
    }

    private String configuredPassword() {
        if (configuration.adminPassword() != null) {
            return configuration.adminPassword();
        }
        var file = configuration.adminPasswordFile();
        if (file == null) {
            throw new StartupFailure("GATEHOUSE_ADMIN_USERNAME is set, but neither GATEHOUSE_ADMIN_PASSWORD nor GATEHOUSE_ADMIN_PASSWORD_FILE.");
        }
        try {
            return Files.readString(file).stripTrailing();
        } catch (IOException e) {
            throw new StartupFailure("Cannot read GATEHOUSE_ADMIN_PASSWORD_FILE " + file + ": it must exist and be readable by this user.", e);
        }
    }
}
