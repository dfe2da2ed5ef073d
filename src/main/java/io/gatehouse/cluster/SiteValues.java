package io.gatehouse.cluster;

import io.micronaut.core.annotation.Nullable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;

/** What a site is, each value well-formed and none against another. */
record SiteValues(
        String name,
        DnsName internalDomain,
        @Nullable AddressRange dhcpRange,
        @Nullable Netmask subnetMask,
        @Nullable IpAddress gateway,
        @Nullable DnsForwarders dnsForwarders,
        @Nullable IpAddress externalIp) {

    /** @throws io.gatehouse.platform.Problem if a value breaks a rule */
    static SiteValues of(NewSite wish) {
        var values = new SiteValues(
                Text.name("name", Text.required("name", wish.name())),
                DnsName.parse("internalDomain", Text.required("internalDomain", wish.internalDomain())),
                optional("dhcpRange", wish.dhcpRange(), AddressRange::parse),
                optional("subnetMask", wish.subnetMask(), Netmask::parse),
                optional("gateway", wish.gateway(), IpAddress::parse),
                optional("dnsForwarders", wish.dnsForwarders(), DnsForwarders::parse),
                optional("externalIp", wish.externalIp(), IpAddress::parse));
        values.checkNetwork();
        return values;
    }

    private void checkNetwork() {
        if (subnetMask == null && gateway != null) {
            throw LayoutRule.SITE_GATEWAY_NEEDS_MASK.broken();
        }
        if (subnetMask == null && dhcpRange != null) {
            throw LayoutRule.SITE_DHCP_RANGE_NEEDS_MASK.broken();
        }
        var network = network();
        if (gateway != null && !network.hosts(gateway)) {
            throw LayoutRule.SITE_GATEWAY_IN_NETWORK.broken(gateway.toString());
        }
        if (dhcpRange != null && !(network.hosts(dhcpRange.first()) && network.hosts(dhcpRange.last()))) {
            throw LayoutRule.SITE_DHCP_RANGE_IN_NETWORK.broken(dhcpRange.toString());
        }
        if (dhcpRange != null && gateway != null && dhcpRange.contains(gateway)) {
            throw LayoutRule.SITE_DHCP_RANGE_GATEWAY.broken(dhcpRange.toString());
        }
    }

    /** Null if it is not known. */
    @Nullable Network network() {
        if (subnetMask == null || gateway == null && dhcpRange == null) {
            return null;
        }
        return new Network(gateway == null ? dhcpRange.first() : gateway, subnetMask);
    }

    /** As the API shows them. */
    Map<String, Object> shown() {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("name", name);
        shown.put("internalDomain", internalDomain.text());
        shown.put("dhcpRange", text(dhcpRange));
        shown.put("subnetMask", text(subnetMask));
        shown.put("gateway", text(gateway));
        shown.put("dnsForwarders", text(dnsForwarders));
        shown.put("externalIp", text(externalIp));
        return shown;
    }

    private static <T> @Nullable T optional(String field, @Nullable String value, BiFunction<String, String, T> parser) {
        return value == null ? null : parser.apply(field, value);
    }

    private static @Nullable String text(@Nullable Object value) {
        return Objects.toString(value, null);
    }
}
