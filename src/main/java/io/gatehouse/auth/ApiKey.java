package io.gatehouse.auth;

import io.gatehouse.platform.http.Revised;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.List;

/**
 * A key for programs.
 *
 * @param prefix          names the key wherever it must not be shown whole
 * @param key             the whole key, in the answer to its creation; otherwise null
 * @param username        whose it is, if a person's
 * @param serviceAccount  whose it is, if a service account's
 * @param scopes          what it may be used for, {@code area:read} or {@code area:write}
 * @param expiresAt       null: never
 * @param allowedNetworks from where it may be used; empty: from anywhere
 * @param rateLimit       requests a minute
 * @param createdBy       a user name
 * @param lastUsedAt      to the minute
 */
@Serdeable
record ApiKey(
        String id,
        String prefix,
        @Nullable String key,
        String description,
        @Nullable String username,
        @Nullable String serviceAccount,
        List<String> scopes,
        @Nullable Instant expiresAt,
        List<String> allowedNetworks,
        int rateLimit,
        Instant createdAt,
        String createdBy,
        @Nullable Instant lastUsedAt,
        @Nullable String lastUsedAddress,
        long revision) implements Revised {

    ApiKey shownOnce(ApiKeyToken token) {
        return new ApiKey(id, prefix, token.text(), description, username, serviceAccount, scopes, expiresAt, allowedNetworks, rateLimit,
                createdAt, createdBy, lastUsedAt, lastUsedAddress, revision);
    }

    ApiKeyTerms terms() {
        return new ApiKeyTerms(description, scopes, expiresAt, allowedNetworks, rateLimit);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "ApiKey[" + prefix + "]";
    }
}
