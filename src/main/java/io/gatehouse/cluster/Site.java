package io.gatehouse.cluster;

import io.gatehouse.platform.http.Revised;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;

/**
 * A place with a network of its own.
 *
 * @param internalDomain below which its containers' names are
 * @param dhcpRange      first and last address for containers, with a hyphen between; of no other site
 * @param subnetMask     with the gateway, or else the range, it tells the network
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
        long revision,
        Instant createdAt,
        Instant updatedAt) implements Revised {

    NewSite wish() {
        return new NewSite(name, internalDomain, dhcpRange, subnetMask, gateway, dnsForwarders, externalIp);
    }

    SiteValues values() {
        return SiteValues.of(wish());
    }
}
