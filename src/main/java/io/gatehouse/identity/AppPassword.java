package io.gatehouse.identity;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.List;

/**
 * A password of a program that logs in over LDAP for somebody.
 *
 * @param password        told when it is made, and never again
 * @param expiresAt       null: never
 * @param allowedNetworks from where it is good; none: from anywhere
 * @param lastUsedAt      to the minute
 */
@Serdeable
record AppPassword(
        String id,
        String name,
        @Nullable String password,
        @Nullable Instant expiresAt,
        List<String> allowedNetworks,
        Instant createdAt,
        @Nullable Instant lastUsedAt,
        @Nullable String lastUsedAddress) {

    AppPassword telling(String secret) {
        return new AppPassword(id, name, secret, expiresAt, allowedNetworks, createdAt, lastUsedAt, lastUsedAddress);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "AppPassword[" + id + ", " + name + "]";
    }
}
