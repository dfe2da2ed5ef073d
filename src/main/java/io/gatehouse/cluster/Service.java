package io.gatehouse.cluster;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.gatehouse.platform.http.Revised;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;

/** What a container offers to others, at a port of its own. */
@Serdeable
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
        @JsonSubTypes.Type(value = HttpService.class, name = "http"),
        @JsonSubTypes.Type(value = TransportService.class, name = "transport"),
        @JsonSubTypes.Type(value = DnsService.class, name = "dns")})
public sealed interface Service extends Revised permits HttpService, TransportService, DnsService {

    int id();

    /** The id of the container, not its VMID. */
    int containerId();

    int containerPort();

    Instant createdAt();

    Instant updatedAt();
}
