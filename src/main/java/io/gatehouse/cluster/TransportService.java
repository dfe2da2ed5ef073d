package io.gatehouse.cluster;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;

/**
 * A port of the gateway that leads to the container.
 *
 * @param useTls whether the gateway ends TLS there
 */
@Serdeable
public record TransportService(
        int id,
        int containerId,
        int containerPort,
        TransportProtocol protocol,
        int externalPort,
        boolean useTls,
        Instant createdAt,
        Instant updatedAt,
        @JsonIgnore long revision) implements Service {
}
