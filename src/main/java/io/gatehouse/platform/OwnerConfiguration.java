package io.gatehouse.platform;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.annotation.Nullable;

/**
 * The role that owns the schema of an outside PostgreSQL and migrates it. Without one, the server's own role does both.
 */
@ConfigurationProperties("gatehouse.database.owner")
record OwnerConfiguration(@Nullable String username, @Nullable String password) {

    @Override
    public String toString() {
        return "OwnerConfiguration[" + username + "]";
    }
}
