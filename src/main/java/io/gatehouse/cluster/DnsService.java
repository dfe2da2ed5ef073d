package io.gatehouse.cluster;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;

/** An SRV record in the site's own domain. */
@Serdeable
public record DnsService(
        int id,
        int containerId,
        int containerPort,
        String recordType,
        String serviceName,
        Instant createdAt,
        Instant updatedAt,
        @JsonIgnore long revision) implements Service {
}
