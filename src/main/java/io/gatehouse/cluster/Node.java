package io.gatehouse.cluster;

import io.gatehouse.platform.http.Revised;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;

/**
 * A hypervisor of a site, on which containers run.
 *
 * @param name                        that of the host in Proxmox VE
 * @param apiUrl                      where the hypervisor's API answers
 * @param apiTokenIdOrUsername        {@code user@realm!token}, or {@code user@realm}
 * @param hasApiTokenSecretOrPassword whether there is one; itself it is never shown
 * @param disableTlsVerification      whether any certificate of the hypervisor's API will do
 * @param imageStorage                where the hypervisor keeps templates
 * @param volumeStorage               where it keeps containers' file systems
 */
@Serdeable
public record Node(
        int id,
        int siteId,
        String name,
        @Nullable String ipv4Address,
        @Nullable String apiUrl,
        @Nullable String apiTokenIdOrUsername,
        boolean hasApiTokenSecretOrPassword,
        boolean disableTlsVerification,
        String imageStorage,
        String volumeStorage,
        long revision,
        Instant createdAt,
        Instant updatedAt) implements Revised {

    /** @param secret as it is stored, in the clear */
    NewNode wish(@Nullable String secret) {
        return new NewNode(siteId, name, ipv4Address, apiUrl, apiTokenIdOrUsername, secret, disableTlsVerification, imageStorage, volumeStorage);
    }
}
