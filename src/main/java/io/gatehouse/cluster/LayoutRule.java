package io.gatehouse.cluster;

import io.gatehouse.platform.Problem;
import io.gatehouse.platform.Problem.Kind;
import io.gatehouse.platform.WebAddress;
import io.micronaut.core.annotation.Nullable;
import java.util.List;

/** The rules for sites, nodes and external domains. */
enum LayoutRule implements Rule {

    SITE_NAME_FORM("site_name_form", Kind.INVALID, "name", Text.NAME_RULE),
    SITE_NAME_UNIQUE("site_name_unique", Kind.CONFLICT, "name", "There is a site of this name already."),
    SITE_INTERNAL_DOMAIN_FORM("site_internal_domain_form", Kind.INVALID, "internalDomain", DnsName.RULE),
    SITE_SUBNET_MASK_FORM("site_subnet_mask_form", Kind.INVALID, "subnetMask", Netmask.RULE),
    SITE_GATEWAY_FORM("site_gateway_form", Kind.INVALID, "gateway", IpAddress.RULE),
    SITE_GATEWAY_NEEDS_MASK("site_gateway_needs_mask", Kind.INVALID, "subnetMask", "A gateway needs the subnet mask."),
    SITE_GATEWAY_IN_NETWORK("site_gateway_in_network", Kind.INVALID, "gateway",
            "The gateway must not be the first or the last address of its subnet, which are the network's own and that for broadcasts."),
    SITE_DHCP_RANGE_FORM("site_dhcp_range_form", Kind.INVALID, "dhcpRange", AddressRange.RULE),
    SITE_DHCP_RANGE_NEEDS_MASK("site_dhcp_range_needs_mask", Kind.INVALID, "subnetMask", "A DHCP range needs the subnet mask."),
    SITE_DHCP_RANGE_IN_NETWORK("site_dhcp_range_in_network", Kind.INVALID, "dhcpRange",
            "The DHCP range must lie inside of the subnet of the gateway, without its first and its last address."),
    SITE_DHCP_RANGE_GATEWAY("site_dhcp_range_gateway", Kind.INVALID, "dhcpRange", "The DHCP range must not hold the gateway."),
    SITE_DHCP_RANGE_OVERLAP("site_dhcp_range_overlap", Kind.CONFLICT, "dhcpRange",
            "The DHCP range shares addresses with that of another site, and containers' addresses are unique in the whole cluster."),
    SITE_DHCP_RANGE_GATEWAY_OF_OTHER("site_dhcp_range_gateway_of_other", Kind.CONFLICT, "dhcpRange",
            "The gateway of a site must not lie in the DHCP range of another."),
    SITE_DHCP_RANGE_IN_USE("site_dhcp_range_in_use", Kind.CONFLICT, null, "Nodes have addresses in this DHCP range."),
    SITE_NETWORK_IN_USE("site_network_in_use", Kind.CONFLICT, null, "Addresses of this site would lie outside of its network."),
    SITE_GATEWAY_IN_USE("site_gateway_in_use", Kind.CONFLICT, null, "The address of the gateway is in use."),
    SITE_DNS_FORWARDERS_FORM("site_dns_forwarders_form", Kind.INVALID, "dnsForwarders", DnsForwarders.RULE),
    SITE_EXTERNAL_IP_FORM("site_external_ip_form", Kind.INVALID, "externalIp", IpAddress.RULE),

    NODE_NAME_FORM("node_name_form", Kind.INVALID, "name", Hostname.RULE),
    NODE_NAME_UNIQUE("node_name_unique", Kind.CONFLICT, "name", "There is a node of this name already."),
    NODE_SITE("node_site", Kind.CONFLICT, "siteId", "There is no such site, or it still has nodes."),
    NODE_ADDRESS_FORM("node_address_form", Kind.INVALID, "ipv4Address", IpAddress.RULE),
    NODE_ADDRESS_UNIQUE("node_address_unique", Kind.CONFLICT, "ipv4Address", "Another node has this address."),
    NODE_ADDRESS_IN_NETWORK("node_address_in_network", Kind.INVALID, "ipv4Address", "The address must be one of a machine in the site's network."),
    NODE_ADDRESS_GATEWAY("node_address_gateway", Kind.INVALID, "ipv4Address", "The address is that of the site's gateway."),
    NODE_ADDRESS_IN_DHCP_RANGE("node_address_in_dhcp_range", Kind.INVALID, "ipv4Address", "The address lies in a DHCP range, whose addresses are for containers."),
    NODE_ADDRESS_OF_CONTAINER("node_address_of_container", Kind.CONFLICT, "ipv4Address", "A container has this address."),
    NODE_SITE_CONTAINERS("node_site_containers", Kind.CONFLICT, null, "Containers of this node have addresses outside of the site's network."),
    NODE_API_URL_FORM("node_api_url_form", Kind.INVALID, "apiUrl", WebAddress.RULE),
    NODE_API_USER_FORM("node_api_user_form", Kind.INVALID, "apiTokenIdOrUsername", Text.WORD_RULE),
    NODE_IMAGE_STORAGE_FORM("node_image_storage_form", Kind.INVALID, "imageStorage", Text.STORAGE_RULE),
    NODE_VOLUME_STORAGE_FORM("node_volume_storage_form", Kind.INVALID, "volumeStorage", Text.STORAGE_RULE),

    EXTERNAL_DOMAIN_FORM("external_domain_form", Kind.INVALID, "domain", DnsName.PUBLIC_RULE),
    EXTERNAL_DOMAIN_UNIQUE("external_domain_unique", Kind.CONFLICT, "domain", "This domain is there already."),
    EXTERNAL_DOMAIN_SITE("external_domain_site", Kind.CONFLICT, "siteId", "There is no such site, or it still has external domains."),
    EXTERNAL_DOMAIN_ACME_EMAIL_FORM("external_domain_acme_email_form", Kind.INVALID, "acmeEmail", Text.MAIL_RULE),
    EXTERNAL_DOMAIN_ACME_DIRECTORY_FORM("external_domain_acme_directory_form", Kind.INVALID, "acmeDirectory", WebAddress.HTTPS_RULE),
    EXTERNAL_DOMAIN_CLOUDFLARE_WHOLE("external_domain_cloudflare_whole", Kind.INVALID, "cloudflareApiKey",
            "Mail address and key of Cloudflare belong together: both are needed, or neither."),
    EXTERNAL_DOMAIN_AUTH_SERVER_FORM("external_domain_auth_server_form", Kind.INVALID, "authServer",
            "An address of the form https://host:port/path is needed, without user, query, fragment and dollar sign, of 1024 characters at most."),
    EXTERNAL_DOMAIN_PUBLISHED("external_domain_published", Kind.CONFLICT, null,
            "Records of this domain are at Cloudflare still. They go within moments after the services; remove the credentials first to leave them there.");

    private final String constraint;
    private final Kind kind;
    private final @Nullable String field;
    private final String text;

    LayoutRule(String constraint, Kind kind, @Nullable String field, String text) {
        this.constraint = constraint;
        this.kind = kind;
        this.field = field;
        this.text = text;
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
    Problem broken(Object value) {
        return kind == Kind.INVALID ? Problem.invalid(field, value, text) : Problem.conflict(field, value, text);
    }

    /** @throws Problem if anything stands against the change: {@code node:pve1}, say */
    void refuseIfHeld(List<String> holders) {
        if (!holders.isEmpty()) {
            throw Problem.held(text, holders);
        }
    }
}
