package io.gatehouse.gateway.agents;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.List;

/**
 * An agent of a site, as it told last.
 *
 * @param host         where it runs
 * @param state        how it does now
 * @param key          the name of the key that it came with; null: that was deleted
 * @param address      where it came from
 * @param applied      the hash of the bundle it works with; null: none yet
 * @param failingSince since when it could not apply what it was given; null: it could
 * @param nginxError   what nginx said to the last attempt; null: nothing
 * @param dnsmasqError what dnsmasq said to it; null: nothing
 * @param leftOut      what is not in service there, so that all else is
 */
@Serdeable
record Agent(
        String id,
        int siteId,
        String host,
        AgentState state,
        @Nullable String key,
        @Nullable String address,
        String agentVersion,
        @Nullable String nginxVersion,
        @Nullable String dnsmasqVersion,
        @Nullable String applied,
        @Nullable Instant failingSince,
        @Nullable String nginxError,
        @Nullable String dnsmasqError,
        List<LeftOut> leftOut,
        Instant firstSeenAt,
        Instant seenAt) {
}
