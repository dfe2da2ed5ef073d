package io.gatehouse.cluster;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;

/**
 * A place with a network of its own.
 *
 * @param internalDomain below which its containers' names are
 * @param dhcpRange      first and last address for containers, with a hyphen between
 * @param dnsForwarders  addresses of DNS servers, separated by commas
 * @param externalIp     the public address of what it offers
 */
@Serdeable
public record Site(
        int id,
        String name,
        String internalDomain,
        @Nullable String dhcpRange,
        @Nullable String subnetMask,
        @Nullable String gateway,
        @Nullable String dnsForwarders,
        @Nullable String externalIp,
        Instant createdAt,
        Instant updatedAt) {
}
