package io.gatehouse.cluster;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.gatehouse.platform.http.Revised;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;

/**
 * A Linux container on a node.
 *
 * @param username      whose it is
 * @param template      what it is made from
 * @param siteId        where its node is
 * @param containerId   its VMID on the node; null as long as it has none
 * @param ipv4Address   null if its site has no DHCP range to take one from
 * @param aiContainer   {@code Y} or {@code N}
 * @param creationJobId the job that creates it
 * @param joinedAt      when it joined the directory; null if it has not
 * @param revision      another one after each change
 */
@Serdeable
public record Container(
        int id,
        String hostname,
        String username,
        ContainerStatus status,
        @Nullable String template,
        int siteId,
        int nodeId,
        @Nullable Integer containerId,
        String macAddress,
        @Nullable String ipv4Address,
        String aiContainer,
        @Nullable Integer creationJobId,
        @Nullable Instant joinedAt,
        Instant createdAt,
        Instant updatedAt,
        @JsonIgnore long revision) implements Revised {
}
