package io.gatehouse.identity;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.gatehouse.platform.http.Revised;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.List;

/**
 * A group of users and of other groups, whose members are in this one, too.
 *
 * @param administrator    whether its active members administer the cluster
 * @param ldapSecondFactor whether members need a second factor to bind over LDAP
 * @param memberCount      of the users who were made members, active or not
 * @param memberGroups     names of the groups that were put into it
 * @param memberOf         names of the groups that it was put into
 * @param revision         also changes with the members, at any depth, and their names
 */
@Serdeable
public record Group(
        int gidNumber,
        String cn,
        @Nullable String description,
        @JsonProperty("isAdministrator") boolean administrator,
        LdapSecondFactor ldapSecondFactor,
        int memberCount,
        List<String> memberGroups,
        List<String> memberOf,
        long revision,
        Instant createdAt,
        Instant updatedAt) implements Revised {

    /** The group that everybody joins. */
    public static final String LDAPUSERS = "ldapusers";
    /** The group of those who administer the cluster from its first day. */
    public static final String SYSADMINS = "sysadmins";
}
