package io.gatehouse.identity;

import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import java.util.List;

/**
 * A person of another system. What is not given gets the default that a new user has.
 *
 * @param uidNumber              kept, if it is in the range and free; without it, the next free one
 * @param gidNumber              of the primary group, which is there or comes along
 * @param passwordHash           as the other system made it
 * @param passwordChangeRequired whether the user must set another password before anything else
 */
@RequestDocument
record ImportedUser(
        @Nullable String username,
        @Nullable Integer uidNumber,
        @Nullable Integer gidNumber,
        @Nullable String givenName,
        @Nullable String sn,
        @Nullable String cn,
        @Nullable String mail,
        @Nullable String gecos,
        @Nullable String homeDirectory,
        @Nullable String loginShell,
        @Nullable String passwordHash,
        @Nullable Boolean passwordChangeRequired,
        @Nullable List<String> sshPublicKeys,
        @Nullable String status) {

    NewUser withoutNumbers() {
        return new NewUser(username, givenName, sn, cn, mail, gecos, homeDirectory, loginShell, null, passwordHash, passwordChangeRequired, sshPublicKeys, status, null);
    }

    /** Without the hash. */
    @Override
    public String toString() {
        return "ImportedUser[" + username + "]";
    }
}
