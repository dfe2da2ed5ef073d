package io.gatehouse.cluster;

import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;

/**
 * A container to create; see {@link Container}.
 *
 * @param username    null: the caller
 * @param status      null: pending
 * @param siteId      instead of a node: that of the site with the fewest containers
 * @param macAddress  null: a random one
 * @param ipv4Address null: the lowest free one of the site's DHCP range
 * @param aiContainer null: {@code N}
 */
@RequestDocument
public record NewContainer(
        @Nullable String hostname,
        @Nullable String username,
        @Nullable String status,
        @Nullable String template,
        @Nullable Integer siteId,
        @Nullable Integer nodeId,
        @Nullable Integer containerId,
        @Nullable String macAddress,
        @Nullable String ipv4Address,
        @Nullable String aiContainer,
        @Nullable Integer creationJobId) {
}
