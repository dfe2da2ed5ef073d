package io.gatehouse.cluster;

import io.micronaut.core.annotation.Nullable;

/** A site to create; see {@link Site}. */
public record NewSite(
        String name,
        String internalDomain,
        @Nullable String dhcpRange,
        @Nullable String subnetMask,
        @Nullable String gateway,
        @Nullable String dnsForwarders,
        @Nullable String externalIp) {
}
