package io.gatehouse.gateway.agents;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.List;

/**
 * A key by which agents of a site ask for what that site's gateway needs, and for nothing else.
 *
 * @param name            no other key of the site has it
 * @param key             the key itself, in the answer to its creation; otherwise null
 * @param expiresAt       null: never
 * @param allowedNetworks from where it may be used; empty: from anywhere
 * @param createdBy       a user name
 * @param lastUsedAt      when an agent last checked in with it; null: none has
 */
@Serdeable
record AgentKey(
        String id,
        int siteId,
        String name,
        @Nullable String key,
        @Nullable Instant expiresAt,
        List<String> allowedNetworks,
        Instant createdAt,
        String createdBy,
        @Nullable Instant lastUsedAt) {

    AgentKey shownOnce(String secret) {
        return new AgentKey(id, siteId, name, secret, expiresAt, allowedNetworks, createdAt, createdBy, lastUsedAt);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "AgentKey[" + id + "]";
    }
}
