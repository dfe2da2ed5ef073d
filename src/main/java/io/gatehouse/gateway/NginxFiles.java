package io.gatehouse.gateway;

import io.gatehouse.cluster.TransportProtocol;
import io.gatehouse.gateway.SiteSnapshot.Container;
import io.gatehouse.gateway.SiteSnapshot.Domain;
import io.gatehouse.gateway.SiteSnapshot.HttpService;
import io.gatehouse.gateway.SiteSnapshot.TransportService;
import jakarta.inject.Singleton;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The configuration of nginx. A service has a file of its own, so that one that nginx refuses can be left out by itself; an HTTP service
 * has another one below {@code unavailable/} to put in its place, which answers that the site is not in service.
 *
 * <p>What depends on the machine is included from {@code local/}: what is here suits nginx of Debian 12, and an agent writes its own.
 * The certificate of a domain comes with {@code domains/<id>.conf}; as long as it has none, its sites answer over plain HTTP.
 */
@Singleton
final class NginxFiles implements Rendering {

    private static final GatewayResources CONSTANT = new GatewayResources("nginx", "nginx.conf", "stream.conf",
            "local/main.conf", "local/http.conf", "local/stream.conf", "local/resolver.conf", "local/no-certificate.conf",
            "local/listen-http.conf", "local/listen-https.conf", "local/listen-http-default.conf", "local/listen-https-default.conf",
            "shared/errors.conf", "shared/https-only.conf", "shared/proxy-headers.conf");

    @Override
    public SortedMap<String, String> files(SiteSnapshot site) {
        var files = new TreeMap<>(CONSTANT.files());
        var leftOut = new LeftOut();
        for (var domain : site.externalDomains()) {
            leftOut.unless("domain " + domain.id(), () -> addDomain(files, domain));
        }
        for (var container : site.containers()) {
            for (var service : container.services()) {
                switch (service) {
                    case HttpService http -> leftOut.unless("service " + http.id(), () -> addHttp(files, site, container, http));
                    case TransportService transport ->
                            leftOut.unless("service " + transport.id(), () -> addTransport(files, container, transport));
                    case SiteSnapshot.DnsService _ -> { }
                }
            }
        }
        files.put("nginx/left-out", leftOut.text());
        return files;
    }

    /** What the names of a domain have in common, and what answers for those of its names that nobody has. */
    private static void addDomain(SortedMap<String, String> files, Domain domain) {
        var name = NginxValue.hostName(domain.domain());
        files.put("nginx/domains/" + domain.id() + ".conf", """
                # domain %d, %s
                include local/no-certificate.conf;
                """.formatted(domain.id(), domain.domain()));
        files.put("nginx/http/domain-" + domain.id() + ".conf", """
                # domain %d, %s
                server {
                    include local/listen-http.conf;
                    include local/listen-https.conf;
                    server_name %s %s;
                    include %s;
                    include shared/errors.conf;

                    location / {
                        return 404;
                    }
                }
                """.formatted(domain.id(), domain.domain(), name, NginxValue.everyNameBelow(domain.domain()), certificate(domain)));
    }

    private static void addHttp(SortedMap<String, String> files, SiteSnapshot site, Container container, HttpService service) {
        var domain = site.externalDomains().stream().filter(candidate -> candidate.id() == service.externalDomainId()).findFirst()
                .orElseThrow(() -> new Unrenderable("is in a domain that the site does not have"));
        var head = """
                # service %d, %s
                server {
                    include local/listen-http.conf;
                    include local/listen-https.conf;
                    server_name %s;
                    include %s;
                    include shared/errors.conf;

                """.formatted(service.id(), RenderedName.hostName(service.externalName()), NginxValue.hostName(service.externalName()),
                certificate(domain));
        var path = service.id() + ".conf";
        var unavailable = head + """
                    location / {
                        return 503;
                    }
                }
                """;
        files.put("nginx/unavailable/" + path, unavailable);
        // Whatever follows may refuse its values.
        files.put("nginx/http/" + path, unavailable);
        files.put("nginx/http/" + path, head + """
                    location / {
                        proxy_pass %s;
                    }
                }
                """.formatted(NginxValue.http(reachable(container), service.containerPort())));
    }

    private static void addTransport(SortedMap<String, String> files, Container container, TransportService service) {
        var protocol = service.protocol();
        var port = RenderedName.port(service.externalPort());
        files.put("nginx/stream/%s-%d.conf".formatted(protocol.text(), port), """
                # service %d, %s port %d
                server {
                    listen %d%s;
                    listen [::]:%d%s;
                %s    proxy_pass %s;
                }
                """.formatted(service.id(), protocol.text(), port, port, listening(service), port, listening(service),
                session(service), NginxValue.endpoint(reachable(container), service.containerPort())));
    }

    /** A client's datagrams must all reach the worker that knows where they go: {@code reuseport} lets the kernel see to it. */
    private static String listening(TransportService service) {
        if (service.protocol() == TransportProtocol.UDP) {
            return " udp reuseport";
        }
        return service.useTls() ? " ssl so_keepalive=on" : " so_keepalive=on";
    }

    private static String session(TransportService service) {
        if (service.protocol() == TransportProtocol.UDP) {
            return "    proxy_timeout 120s;\n";
        }
        var certificate = """
                    ssl_certificate "data:$gatehouse_certificate";
                    ssl_certificate_key "data:$gatehouse_key";
                """;
        return "    proxy_timeout 24h;\n" + (service.useTls() ? certificate : "");
    }

    private static String reachable(Container container) {
        if (container.ipv4Address() == null) {
            throw new Unrenderable("leads to a container without an address");
        }
        return container.ipv4Address();
    }

    private static NginxValue certificate(Domain domain) {
        RenderedName.hostName(domain.domain());
        return NginxValue.text("domains/" + domain.id() + ".conf");
    }
}
