package io.gatehouse.cluster;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;

/**
 * A web site, behind the gateway's own ports.
 *
 * @param externalHostname its name below the domain; an at sign for the domain itself
 * @param authRequired     whether only those get there who have signed in at the domain's auth server
 */
@Serdeable
public record HttpService(
        int id,
        int containerId,
        int containerPort,
        String externalHostname,
        int externalDomainId,
        boolean authRequired,
        Instant createdAt,
        Instant updatedAt,
        @JsonIgnore long revision) implements Service {
}
