package io.gatehouse.cluster;

import io.gatehouse.platform.Problem;
import io.gatehouse.platform.Problem.Kind;
import io.micronaut.core.annotation.Nullable;
import java.util.Arrays;

/** The rules for containers and services. */
enum WorkloadRule implements Rule {

    CONTAINER_HOSTNAME_FORM("container_hostname_form", Kind.INVALID, "hostname", Hostname.RULE),
    CONTAINER_HOSTNAME_UNIQUE("container_hostname_unique", Kind.CONFLICT, "hostname", "This host name is taken."),
    CONTAINER_OWNER("container_owner", Kind.INVALID, "username", "There is no such user."),
    CONTAINER_STATUS_FORM("container_status_form", Kind.INVALID, "status", ContainerStatus.RULE),
    CONTAINER_TEMPLATE_FORM("container_template_form", Kind.INVALID, "template", Text.NAME_RULE),
    CONTAINER_NODE("container_node", Kind.CONFLICT, "nodeId", "There is no such node, or it still has containers."),
    CONTAINER_VMID_FORM("container_vmid_form", Kind.INVALID, "containerId", "The VMID of a container is from 100 to 999999999."),
    CONTAINER_VMID_UNIQUE("container_vmid_unique", Kind.CONFLICT, "containerId", "Another container of this node has this VMID."),
    CONTAINER_MAC_FORM("container_mac_form", Kind.INVALID, "macAddress", MacAddress.RULE),
    CONTAINER_MAC_UNIQUE("container_mac_unique", Kind.CONFLICT, "macAddress", "Another container has this MAC address."),
    CONTAINER_ADDRESS_FORM("container_address_form", Kind.INVALID, "ipv4Address", IpAddress.RULE),
    CONTAINER_ADDRESS_UNIQUE("container_address_unique", Kind.CONFLICT, "ipv4Address", "Another container has this address."),
    CONTAINER_ADDRESS_IN_NETWORK("container_address_in_network", Kind.INVALID, "ipv4Address",
            "The address must be one of a machine in the network of the node's site."),
    CONTAINER_ADDRESS_GATEWAY("container_address_gateway", Kind.INVALID, "ipv4Address", "The address is that of a gateway."),
    CONTAINER_ADDRESS_OF_NODE("container_address_of_node", Kind.CONFLICT, "ipv4Address", "A node has this address."),
    CONTAINER_AI_FORM("container_ai_form", Kind.INVALID, "aiContainer", "Y or N is needed."),
    CONTAINER_CREATION_JOB("container_creation_job", Kind.INVALID, "creationJobId", "There is no such job."),

    SERVICE_CONTAINER("service_container", Kind.CONFLICT, null, "The container has been deleted."),
    SERVICE_TYPE_FORM("service_type_form", Kind.INVALID, "type", "The type of a service is http, transport or dns."),
    SERVICE_CONTAINER_PORT_FORM("service_container_port_form", Kind.INVALID, "containerPort", "A port from 1 to 65535 is needed."),
    HTTP_SERVICE_HOSTNAME_FORM("http_service_hostname_form", Kind.INVALID, "externalHostname", ExternalHostname.RULE),
    HTTP_SERVICE_NAME_FORM("http_service_name_form", Kind.INVALID, "externalHostname",
            "Together with the domain the name has more than 253 characters."),
    HTTP_SERVICE_UNIQUE("http_service_unique", Kind.CONFLICT, "externalHostname", "This name is taken in this domain."),
    HTTP_SERVICE_NAME_UNIQUE("http_service_name_unique", Kind.CONFLICT, "externalHostname", "This name is taken, by way of another domain."),
    HTTP_SERVICE_DOMAIN("http_service_domain", Kind.CONFLICT, "externalDomainId", "There is no such external domain, or services use it."),
    TRANSPORT_SERVICE_PROTOCOL_FORM("transport_service_protocol_form", Kind.INVALID, "protocol", "The protocol is tcp or udp."),
    TRANSPORT_SERVICE_PORT_FORM("transport_service_port_form", Kind.INVALID, "externalPort", "A port from 1 to 65535 is needed."),
    TRANSPORT_SERVICE_PORT_OF_GATEWAY("transport_service_port_of_gateway", Kind.INVALID, "externalPort",
            "The TCP ports 80 and 443 and the UDP port 443 are the gateway's own, for HTTP."),
    TRANSPORT_SERVICE_UNIQUE("transport_service_unique", Kind.CONFLICT, "externalPort", "This port is taken."),
    TRANSPORT_SERVICE_TLS("transport_service_tls", Kind.INVALID, "useTls", "TLS needs TCP."),
    DNS_SERVICE_RECORD_FORM("dns_service_record_form", Kind.INVALID, "recordType", "The only type of record is SRV."),
    DNS_SERVICE_NAME_FORM("dns_service_name_form", Kind.INVALID, "serviceName", SrvName.RULE);

    private final String constraint;
    private final Kind kind;
    private final @Nullable String field;
    private final String text;

    WorkloadRule(String constraint, Kind kind, @Nullable String field, String text) {
        this.constraint = constraint;
        this.kind = kind;
        this.field = field;
        this.text = text;
    }

    static WorkloadRule of(String constraint) {
        return Arrays.stream(values()).filter(rule -> rule.constraint.equals(constraint)).findFirst().orElseThrow();
    }

    @Override
    public String constraint() {
        return constraint;
    }

    @Override
    public Problem broken() {
        return kind == Kind.INVALID ? Problem.invalidSecret(field, text) : Problem.conflict(field, null, text);
    }

    /** The refusal of a value. */
    Problem broken(@Nullable Object value) {
        return kind == Kind.INVALID ? Problem.invalid(field, value, text) : Problem.conflict(field, value, text);
    }

    /** Which field breaks it. */
    @Nullable String field() {
        return field;
    }
}
