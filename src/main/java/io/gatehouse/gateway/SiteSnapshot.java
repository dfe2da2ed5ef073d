package io.gatehouse.gateway;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.gatehouse.cluster.ContainerStatus;
import io.gatehouse.cluster.TransportProtocol;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.List;

/**
 * All that the gateway of a site needs, at one moment, and nothing else; no secret is in it.
 *
 * @param nodes           by their names
 * @param containers      by their host names
 * @param externalDomains those that HTTP services of the site have names in, and those that lead to the site by default; by their names
 */
@Serdeable
public record SiteSnapshot(Site site, List<Node> nodes, List<Container> containers, List<Domain> externalDomains) {

    /**
     * The site itself.
     *
     * @param internalDomain below which the nodes' and containers' names are
     * @param dhcpRange      the containers' addresses; null if the site has no DHCP
     * @param gateway        of the network
     * @param dnsForwarders  addresses of DNS servers; empty for none
     * @param externalIp     the public address of what the site offers
     */
    @Serdeable
    public record Site(
            int id,
            String name,
            String internalDomain,
            @Nullable Range dhcpRange,
            @Nullable String subnetMask,
            @Nullable String gateway,
            List<String> dnsForwarders,
            @Nullable String externalIp) {
    }

    /** IPv4 addresses, from the first to the last. */
    @Serdeable
    public record Range(String first, String last) {
    }

    /**
     * A hypervisor.
     *
     * @param name letters of both cases, digits and hyphens
     */
    @Serdeable
    public record Node(int id, String name, @Nullable String ipv4Address) {
    }

    /**
     * A container on one of the nodes.
     *
     * @param macAddress  in lower case with colons
     * @param ipv4Address null if it has none, and then none of its services can be reached
     * @param services    by their ids
     */
    @Serdeable
    public record Container(
            int id, String hostname, ContainerStatus status, String macAddress, @Nullable String ipv4Address, List<Service> services) {
    }

    /** What a container offers, at a port of its own. */
    @Serdeable
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
            @JsonSubTypes.Type(value = HttpService.class, name = "http"),
            @JsonSubTypes.Type(value = TransportService.class, name = "transport"),
            @JsonSubTypes.Type(value = DnsService.class, name = "dns")})
    public sealed interface Service permits HttpService, TransportService, DnsService {

        int id();

        int containerPort();
    }

    /**
     * A web site.
     *
     * @param externalName     its whole name; no other service of the cluster has it
     * @param externalDomainId in which the name is, one of the snapshot's
     * @param authRequired     whether only those get there who have signed in at the domain's auth server
     */
    @Serdeable
    public record HttpService(
            int id, int containerPort, String externalName, int externalDomainId, boolean authRequired) implements Service {
    }

    /**
     * A port of the gateway.
     *
     * @param externalPort of the protocol; no other service of the cluster has it
     * @param useTls       whether the gateway ends TLS there
     */
    @Serdeable
    public record TransportService(int id, int containerPort, TransportProtocol protocol, int externalPort, boolean useTls) implements Service {
    }

    /**
     * A record in the site's internal domain.
     *
     * @param recordType  SRV
     * @param serviceName service and protocol, such as {@code _ldap._tcp} (RFC 2782)
     */
    @Serdeable
    public record DnsService(int id, int containerPort, String recordType, String serviceName) implements Service {
    }

    /**
     * A public domain.
     *
     * @param defaultHere whether names in it that nobody has given lead to this site
     * @param certificate null if there is none
     * @param authServer  where people sign in; null if there is none
     */
    @Serdeable
    public record Domain(int id, String domain, boolean defaultHere, @Nullable Certificate certificate, @Nullable String authServer) {
    }

    /**
     * With what the gateway answers for a domain over TLS; itself it is no part of the snapshot.
     *
     * @param id SHA-256 of the certificate, in lower-case hexadecimal
     */
    @Serdeable
    public record Certificate(String id, Instant notAfter) {
    }
}
