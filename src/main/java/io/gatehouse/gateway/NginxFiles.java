package io.gatehouse.gateway;

import io.gatehouse.cluster.TransportProtocol;
import io.gatehouse.gateway.SiteSnapshot.Certificate;
import io.gatehouse.gateway.SiteSnapshot.Container;
import io.gatehouse.gateway.SiteSnapshot.Domain;
import io.gatehouse.gateway.SiteSnapshot.HttpService;
import io.gatehouse.gateway.SiteSnapshot.TransportService;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The configuration of nginx. A service has a file of its own, so that one that nginx refuses can be left out by itself; an HTTP service
 * has another one below {@code unavailable/} to put in its place, which answers that the site is not in service.
 *
 * <p>What depends on the machine is included from {@code local/}: what is here suits nginx of Debian 12, and an agent writes its own.
 * The certificate of a domain comes with {@code domains/<id>.conf}; as long as it has none, its sites answer over plain HTTP. {@code
 * certificates} has a line for each that is to be fetched: the domain's id, the certificate's, and the domain.
 */
@Singleton
final class NginxFiles implements Rendering {

    private static final GatewayResources CONSTANT = new GatewayResources("nginx", "nginx.conf", "stream.conf",
            "local/main.conf", "local/http.conf", "local/stream.conf", "local/resolver.conf", "local/no-certificate.conf",
            "local/listen-http.conf", "local/listen-https.conf", "local/listen-http-default.conf", "local/listen-https-default.conf",
            "local/trust.conf", "shared/auth-server.conf", "shared/errors.conf", "shared/forwarded-headers.conf", "shared/https-only.conf",
            "shared/proxy-headers.conf", "shared/sign-in.conf", "shared/signed-in.conf");

    @Override
    public SortedMap<String, String> files(SiteSnapshot site) {
        var files = new TreeMap<>(CONSTANT.files());
        var leftOut = new LeftOut();
        files.put("nginx/certificates", "");
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
                %s""".formatted(domain.id(), domain.domain(), tls(domain.certificate())));
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
        if (domain.certificate() != null) {
            files.merge("nginx/certificates", "%d %s %s\n".formatted(domain.id(), domain.certificate().id(), domain.domain()), String::concat);
        }
    }

    private static String tls(@Nullable Certificate certificate) {
        if (certificate == null) {
            return "include local/no-certificate.conf;\n";
        }
        var id = RenderedName.fingerprint(certificate.id());
        return """
                ssl_certificate certificates/%s.pem;
                ssl_certificate_key certificates/%s.pem;
                include shared/https-only.conf;
                """.formatted(id, id);
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
        var backend = NginxValue.http(reachable(container), service.containerPort());
        files.put("nginx/http/" + path, head + (service.authRequired() ? signedIn(domain, backend) : """
                    location / {
                        proxy_pass %s;
                    }
                }
                """.formatted(backend)));
    }

    private static String signedIn(Domain domain, NginxValue backend) {
        if (domain.authServer() == null) {
            throw new Unrenderable("is for those who have signed in, and its domain has no auth server");
        }
        return """
                    set $gatehouse_auth_server %s;
                    include shared/sign-in.conf;

                    location / {
                        include shared/signed-in.conf;
                        proxy_pass %s;
                    }
                }
                """.formatted(NginxValue.webAddress(domain.authServer()), backend);
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

    /** @throws Unrenderable if there is no such file */
    private static NginxValue certificate(Domain domain) {
        RenderedName.hostName(domain.domain());
        tls(domain.certificate());
        return NginxValue.text("domains/" + domain.id() + ".conf");
    }
}
