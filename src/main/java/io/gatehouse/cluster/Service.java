package io.gatehouse.cluster;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.gatehouse.platform.http.Revised;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;

/** What a container offers to others, at a port of its own. */
@Serdeable
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
        @JsonSubTypes.Type(value = Service.Http.class, name = "http"),
        @JsonSubTypes.Type(value = Service.Transport.class, name = "transport"),
        @JsonSubTypes.Type(value = Service.Dns.class, name = "dns")})
public sealed interface Service extends Revised {

    int id();

    /** The id of the container, not its VMID. */
    int containerId();

    int containerPort();

    Instant createdAt();

    Instant updatedAt();

    /**
     * A web site, behind the gateway's own ports.
     *
     * @param externalHostname its name below the domain; {@code @}: the domain itself
     */
    @Serdeable
    record Http(int id, int containerId, int containerPort, String externalHostname, int externalDomainId,
                Instant createdAt, Instant updatedAt, @JsonIgnore long revision) implements Service {
    }

    /**
     * A port of the gateway that leads to the container.
     *
     * @param useTls whether the gateway ends TLS there
     */
    @Serdeable
    record Transport(int id, int containerId, int containerPort, TransportProtocol protocol, int externalPort, boolean useTls,
                     Instant createdAt, Instant updatedAt, @JsonIgnore long revision) implements Service {
    }

    /** An SRV record in the site's own domain. */
    @Serdeable
    record Dns(int id, int containerId, int containerPort, String recordType, String serviceName,
               Instant createdAt, Instant updatedAt, @JsonIgnore long revision) implements Service {
    }
}
