package io.gatehouse.identity;

import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * A user that an administrator creates. What is not given gets its default: {@code sn} is the user name, {@code cn} the given
 * name and the surname, the home directory {@code /home/<username>}, the shell {@code /bin/bash}, the status active.
 *
 * @param password               without one, only the SSH keys let the user in
 * @param passwordHash           instead of a password, the hash of one that another system made
 * @param passwordChangeRequired whether the user must set another password before anything else
 * @param groups                 besides {@code ldapusers}
 */
@RequestDocument
public record NewUser(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED, pattern = "^[a-z_][a-z0-9_.-]{0,31}$") @Nullable String username,
        @Nullable String givenName,
        @Nullable String sn,
        @Nullable String cn,
        @Nullable String mail,
        @Nullable String gecos,
        @Nullable String homeDirectory,
        @Nullable String loginShell,
        @Nullable String password,
        @Nullable String passwordHash,
        @Nullable Boolean passwordChangeRequired,
        @Nullable List<String> sshPublicKeys,
        @Schema(allowableValues = {"pending", "active", "suspended"}) @Nullable String status,
        @Nullable List<String> groups) {

    /** Without the password and its hash. */
    @Override
    public String toString() {
        return "NewUser[" + username + "]";
    }
}
