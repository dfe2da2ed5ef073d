package io.gatehouse.identity;

import io.gatehouse.platform.http.Revised;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;

/**
 * The account by which a client, such as a container's SSSD, reads the directory.
 *
 * @param dn               what it binds as
 * @param ldapSecondFactor whether people need a second factor who bind on its connections; null leaves it to their groups
 */
@Serdeable
public record ServiceAccount(
        String name,
        String dn,
        @Nullable String description,
        @Nullable LdapSecondFactor ldapSecondFactor,
        long revision,
        Instant createdAt,
        Instant updatedAt) implements Revised {
}
