package io.gatehouse.identity;

import io.gatehouse.platform.http.Revised;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;

/**
 * The account by which a client, such as a container's SSSD, reads the directory.
 *
 * @param dn what it binds as
 */
@Serdeable
public record ServiceAccount(
        String name,
        String dn,
        @Nullable String description,
        long revision,
        Instant createdAt,
        Instant updatedAt) implements Revised {
}
