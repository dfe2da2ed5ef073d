package io.gatehouse.identity;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.gatehouse.platform.http.Revised;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.List;

/**
 * A person with an account.
 *
 * @param sshPublicKeys          lines as in an authorized_keys file
 * @param statusUntil            when a suspension ends by itself
 * @param groups                 names of the groups that the user was made a member of
 * @param effectiveGroups        these, and all groups that they are in
 * @param administrator          whether one of the effective groups makes its members administrators
 * @param passwordChangedAt      null without a password
 * @param passwordChangeRequired whether the user must set another password before anything else
 * @param revision               also changes with the keys, and with the names of the groups
 */
@Serdeable
public record User(
        int uidNumber,
        String username,
        int gidNumber,
        String cn,
        String sn,
        @Nullable String givenName,
        @Nullable String mail,
        @Nullable String gecos,
        String homeDirectory,
        String loginShell,
        List<String> sshPublicKeys,
        UserStatus status,
        @Nullable String statusReason,
        @Nullable Instant statusUntil,
        List<String> groups,
        List<String> effectiveGroups,
        @JsonProperty("isAdministrator") boolean administrator,
        @Nullable Instant passwordChangedAt,
        boolean passwordChangeRequired,
        long revision,
        Instant createdAt,
        Instant updatedAt) implements Revised {
}
