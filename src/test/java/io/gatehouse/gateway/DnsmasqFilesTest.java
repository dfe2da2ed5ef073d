package io.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.gateway.SiteSnapshot.DnsService;
import io.gatehouse.gateway.SiteSnapshot.Node;
import io.gatehouse.gateway.SiteSnapshot.Range;
import io.gatehouse.gateway.SiteSnapshot.Site;
import java.util.List;
import org.junit.jupiter.api.Test;

class DnsmasqFilesTest {

    private final DnsmasqFiles dnsmasq = new DnsmasqFiles();

    @Test
    void nodesAndContainersHaveAddresses() {
        assertThat(dnsmasq.files(SampleSite.whole()).get("dnsmasq/hosts")).isEqualTo("""
                10.20.0.5 Node1.berlin.internal Node1
                10.20.0.100 web1.berlin.internal web1
                """);
    }

    @Test
    void containersHaveTheirAddressesReserved() {
        assertThat(dnsmasq.files(SampleSite.whole()).get("dnsmasq/dhcp-hosts")).isEqualTo("02:00:5e:10:00:0b,10.20.0.100,web1\n");
    }

    @Test
    void theRangeIsForContainersOnly() {
        assertThat(dnsmasq.files(SampleSite.whole()).get("dnsmasq/conf").lines()).contains(
                "domain=berlin.internal", "local=/berlin.internal/",
                "dhcp-range=10.20.0.100,10.20.0.199,255.255.255.0,12h", "dhcp-ignore=tag:!known", "no-resolv");
    }

    @Test
    void clientsAreToldTheGatewayAndTheDomain() {
        assertThat(dnsmasq.files(SampleSite.whole()).get("dnsmasq/dhcp-opts"))
                .isEqualTo("option:router,10.20.0.1\noption:domain-search,berlin.internal\n");
    }

    @Test
    void whatIsNotOfTheSiteIsAskedOfTheForwarders() {
        assertThat(dnsmasq.files(SampleSite.whole()).get("dnsmasq/servers")).isEqualTo("server=9.9.9.9\nserver=1.1.1.1\n");
    }

    @Test
    void aDnsServiceIsARecordInAFileOfItsOwn() {
        assertThat(dnsmasq.files(SampleSite.whole()).get("dnsmasq/conf.d/service-25.conf"))
                .isEqualTo("# service 25, _ldap._tcp\nsrv-host=_ldap._tcp.berlin.internal,web1.berlin.internal,389,0,0\n");
    }

    @Test
    void aSiteOfWhichLittleIsKnownHasNames() {
        var bare = new SiteSnapshot(new Site(1, "Berlin", "berlin.internal", null, null, null, List.of(), null),
                List.of(new Node(1, "node1", "10.20.0.5")), List.of(), List.of());

        var files = dnsmasq.files(bare);

        assertThat(files.get("dnsmasq/conf")).doesNotContain("dhcp", "no-resolv");
        assertThat(files.get("dnsmasq/servers")).isEmpty();
        assertThat(files.get("dnsmasq/hosts")).isEqualTo("10.20.0.5 node1.berlin.internal node1\n");
    }

    @Test
    void whatIsHostileIsLeftOutAndNamed() {
        var site = new SiteSnapshot(
                new Site(1, "Berlin", "berlin.internal", new Range("10.20.0.100", "10.20.0.199\ndhcp-script=/tmp/x"), "255.255.255.0",
                        "10.20.0.1,evil", List.of("9.9.9.9#53\nno-resolv", "1.1.1.1"), null),
                List.of(new Node(1, "a b", "10.20.0.5"), new Node(2, "good", "10.20.0.6")),
                List.of(SampleSite.container(11, "web1\naddress=/#/6.6.6.6", "10.20.0.100", new DnsService(25, 389, "SRV", "_ldap._tcp")),
                        SampleSite.container(12, "web2", "10.20.0.101", new DnsService(26, 389, "SRV", "_x,y._tcp"))),
                List.of());

        var files = dnsmasq.files(site);

        assertThat(files.get("dnsmasq/hosts")).isEqualTo("10.20.0.6 good.berlin.internal good\n10.20.0.101 web2.berlin.internal web2\n");
        assertThat(files.get("dnsmasq/dhcp-hosts")).isEqualTo("02:00:5e:10:00:0c,10.20.0.101,web2\n");
        assertThat(files.get("dnsmasq/servers")).isEqualTo("server=1.1.1.1\n");
        assertThat(files.get("dnsmasq/conf")).doesNotContain("dhcp");
        assertThat(files.get("dnsmasq/dhcp-opts")).doesNotContain("router");
        assertThat(files.keySet()).noneMatch(name -> name.startsWith("dnsmasq/conf.d/"));
        assertThat(files.get("dnsmasq/left-out").lines()).containsExactlyInAnyOrder(
                "the DHCP range: is no IPv4 address", "node 1: is no host name", "container 11: is no host name",
                "container 11: is no host name", "the gateway: is no IPv4 address", "a forwarder: is no IPv4 address",
                "service 25: is no host name", "service 26: is no name of an SRV record");
    }
}
