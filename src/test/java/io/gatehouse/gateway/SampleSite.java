package io.gatehouse.gateway;

import io.gatehouse.cluster.ContainerStatus;
import io.gatehouse.cluster.TransportProtocol;
import io.gatehouse.gateway.SiteSnapshot.Container;
import io.gatehouse.gateway.SiteSnapshot.DnsService;
import io.gatehouse.gateway.SiteSnapshot.Domain;
import io.gatehouse.gateway.SiteSnapshot.HttpService;
import io.gatehouse.gateway.SiteSnapshot.Node;
import io.gatehouse.gateway.SiteSnapshot.Range;
import io.gatehouse.gateway.SiteSnapshot.Service;
import io.gatehouse.gateway.SiteSnapshot.Site;
import io.gatehouse.gateway.SiteSnapshot.TransportService;
import java.util.List;

/** Snapshots to make files of. */
final class SampleSite {

    static final Site SITE = new Site(1, "Berlin", "berlin.internal", new Range("10.20.0.100", "10.20.0.199"), "255.255.255.0",
            "10.20.0.1", List.of("9.9.9.9", "1.1.1.1"), "203.0.113.7");
    static final Domain DOMAIN = new Domain(3, "example.org", true, null, "https://sign-in.example.org");

    private SampleSite() {
    }

    /** One of each. */
    static SiteSnapshot whole() {
        return new SiteSnapshot(SITE, List.of(new Node(1, "Node1", "10.20.0.5"), new Node(2, "node2", null)),
                List.of(container(11, "web1", "10.20.0.100",
                        new HttpService(21, 8080, "www.example.org", 3, false),
                        new TransportService(22, 22, TransportProtocol.TCP, 2022, false),
                        new TransportService(23, 993, TransportProtocol.TCP, 2993, true),
                        new TransportService(24, 53, TransportProtocol.UDP, 2053, false),
                        new DnsService(25, 389, "SRV", "_ldap._tcp"),
                        new HttpService(27, 8081, "closed.example.org", 3, true)),
                        container(12, "new1", null, new HttpService(26, 80, "new.example.org", 3, false))),
                List.of(DOMAIN));
    }

    static SiteSnapshot with(Service... services) {
        return new SiteSnapshot(SITE, List.of(), List.of(container(11, "web1", "10.20.0.100", services)), List.of(DOMAIN));
    }

    static Container container(int id, String hostname, String address, Service... services) {
        return new Container(id, hostname, ContainerStatus.RUNNING, "02:00:5e:10:00:%02x".formatted(id), address, List.of(services));
    }
}
