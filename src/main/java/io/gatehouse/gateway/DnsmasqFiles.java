package io.gatehouse.gateway;

import io.gatehouse.gateway.SiteSnapshot.Container;
import io.gatehouse.gateway.SiteSnapshot.DnsService;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The configuration of dnsmasq, by the names of its options. {@code conf} and {@code conf.d} are read when it starts, the others again
 * at a SIGHUP. They name no path: whoever starts dnsmasq tells it where they are.
 */
@Singleton
final class DnsmasqFiles implements Rendering {

    @Override
    public SortedMap<String, String> files(SiteSnapshot site) {
        var files = new TreeMap<String, String>();
        var leftOut = new LeftOut();
        files.put("dnsmasq/conf", conf(site, leftOut));
        files.put("dnsmasq/hosts", hosts(site, leftOut));
        files.put("dnsmasq/dhcp-hosts", dhcpHosts(site, leftOut));
        files.put("dnsmasq/dhcp-opts", dhcpOpts(site, leftOut));
        files.put("dnsmasq/servers", servers(site, leftOut));
        for (var container : site.containers()) {
            for (var service : container.services()) {
                if (service instanceof DnsService dns) {
                    leftOut.unless("service " + dns.id(), () ->
                            files.put("dnsmasq/conf.d/service-" + dns.id() + ".conf", record(site, container, dns)));
                }
            }
        }
        files.put("dnsmasq/left-out", leftOut.text());
        return files;
    }

    private static String conf(SiteSnapshot site, LeftOut leftOut) {
        var text = new StringBuilder("""
                # Made by Gatehouse: what is changed here is lost.
                no-hosts
                domain-needed
                bogus-priv
                bind-dynamic
                local-service
                expand-hosts
                """);
        if (!site.site().dnsForwarders().isEmpty()) {
            text.append("no-resolv\n");
        }
        leftOut.unless("the internal domain", () -> {
            var domain = DnsmasqValue.hostName(site.site().internalDomain());
            text.append("domain=%s\nlocal=/%s/\n".formatted(domain, domain));
        });
        leftOut.unless("the DHCP range", () -> text.append(dhcp(site.site())));
        return text.toString();
    }

    /**
     * An address of the range belongs to the container that Gatehouse gave it to. Were it lent to a stranger, the container that is given
     * it next would not get it; so nobody else is answered.
     */
    private static String dhcp(SiteSnapshot.Site site) {
        if (site.dhcpRange() == null || site.subnetMask() == null) {
            return "";
        }
        return """
                dhcp-authoritative
                dhcp-range=%s,%s,%s,12h
                dhcp-ignore=tag:!known
                """.formatted(DnsmasqValue.address(site.dhcpRange().first()), DnsmasqValue.address(site.dhcpRange().last()),
                DnsmasqValue.address(site.subnetMask()));
    }

    private static String hosts(SiteSnapshot site, LeftOut leftOut) {
        var text = new StringBuilder();
        for (var node : site.nodes()) {
            leftOut.unless("node " + node.id(), () -> text.append(host(site, node.ipv4Address(), node.name())));
        }
        for (var container : site.containers()) {
            leftOut.unless("container " + container.id(), () -> text.append(host(site, container.ipv4Address(), container.hostname())));
        }
        return text.toString();
    }

    private static String host(SiteSnapshot site, @Nullable String address, String name) {
        if (address == null) {
            return "";
        }
        return "%s %s %s\n".formatted(DnsmasqValue.address(address), inSite(site, name), DnsmasqValue.hostName(name));
    }

    private static String dhcpHosts(SiteSnapshot site, LeftOut leftOut) {
        var text = new StringBuilder();
        for (var container : site.containers()) {
            if (container.ipv4Address() != null) {
                leftOut.unless("container " + container.id(), () -> text.append("%s,%s,%s\n".formatted(
                        DnsmasqValue.macAddress(container.macAddress()), DnsmasqValue.address(container.ipv4Address()),
                        DnsmasqValue.hostName(container.hostname()))));
            }
        }
        return text.toString();
    }

    private static String dhcpOpts(SiteSnapshot site, LeftOut leftOut) {
        var text = new StringBuilder();
        if (site.site().gateway() != null) {
            leftOut.unless("the gateway", () ->
                    text.append("option:router,%s\n".formatted(DnsmasqValue.address(site.site().gateway()))));
        }
        leftOut.unless("the internal domain", () ->
                text.append("option:domain-search,%s\n".formatted(DnsmasqValue.hostName(site.site().internalDomain()))));
        return text.toString();
    }

    private static String servers(SiteSnapshot site, LeftOut leftOut) {
        var text = new StringBuilder();
        for (var forwarder : site.site().dnsForwarders()) {
            leftOut.unless("a forwarder", () -> text.append("server=%s\n".formatted(DnsmasqValue.address(forwarder))));
        }
        return text.toString();
    }

    /** Priority and weight are those of an only one (RFC 2782). */
    private static String record(SiteSnapshot site, Container container, DnsService service) {
        return """
                # service %d, %s
                srv-host=%s,%s,%s,0,0
                """.formatted(service.id(), RenderedName.serviceName(service.serviceName()),
                DnsmasqValue.serviceName(service.serviceName(), site.site().internalDomain()),
                inSite(site, container.hostname()), DnsmasqValue.port(service.containerPort()));
    }

    private static DnsmasqValue inSite(SiteSnapshot site, String name) {
        return DnsmasqValue.hostName(name + "." + site.site().internalDomain());
    }
}
