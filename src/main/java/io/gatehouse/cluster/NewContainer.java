package io.gatehouse.cluster;

import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import io.swagger.v3.oas.annotations.media.Schema;

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
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED, pattern = "^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$") @Nullable String hostname,
        @Nullable String username,
        @Nullable String status,
        @Nullable String template,
        @Nullable Integer siteId,
        @Nullable Integer nodeId,
        @Nullable Integer containerId,
        @Nullable String macAddress,
        @Nullable String ipv4Address,
        @Schema(allowableValues = {"N", "Y"}) @Nullable String aiContainer,
        @Nullable Integer creationJobId) {
}
