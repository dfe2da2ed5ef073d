package io.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.cluster.TransportProtocol;
import io.gatehouse.gateway.SiteSnapshot.Certificate;
import io.gatehouse.gateway.SiteSnapshot.Domain;
import io.gatehouse.gateway.SiteSnapshot.HttpService;
import io.gatehouse.gateway.SiteSnapshot.TransportService;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class NginxFilesTest {

    private final NginxFiles nginx = new NginxFiles();

    @Test
    void aServiceHasAFileOfItsOwn() {
        assertThat(nginx.files(SampleSite.whole())).containsKeys("nginx/nginx.conf", "nginx/stream.conf", "nginx/domains/3.conf",
                        "nginx/http/domain-3.conf", "nginx/http/21.conf", "nginx/http/26.conf", "nginx/unavailable/21.conf",
                        "nginx/stream/tcp-2022.conf", "nginx/stream/tcp-2993.conf", "nginx/stream/udp-2053.conf")
                .allSatisfy((name, text) -> assertThat(text).doesNotContain("%"));
    }

    @Test
    void anHttpServiceLeadsToItsContainer() {
        assertThat(nginx.files(SampleSite.whole()).get("nginx/http/21.conf")).isEqualTo("""
                # service 21, www.example.org
                server {
                    include local/listen-http.conf;
                    include local/listen-https.conf;
                    server_name "www.example.org";
                    include "domains/3.conf";
                    include shared/errors.conf;

                    location / {
                        proxy_pass "http://10.20.0.100:8080";
                    }
                }
                """);
    }

    @Test
    void aPortLeadsToItsContainer() {
        var files = nginx.files(SampleSite.whole());
        assertThat(files.get("nginx/stream/tcp-2022.conf")).isEqualTo("""
                # service 22, tcp port 2022
                server {
                    listen 2022 so_keepalive=on;
                    listen [::]:2022 so_keepalive=on;
                    proxy_timeout 24h;
                    proxy_pass "10.20.0.100:22";
                }
                """);
        assertThat(files.get("nginx/stream/udp-2053.conf")).contains("listen 2053 udp reuseport;", "proxy_pass \"10.20.0.100:53\";");
        assertThat(files.get("nginx/stream/tcp-2993.conf")).contains("listen 2993 ssl so_keepalive=on;", "ssl_certificate_key");
    }

    @Test
    void whatHasNoAddressYetIsNotInServiceAndSaysSo() {
        var files = nginx.files(SampleSite.whole());
        assertThat(files.get("nginx/http/26.conf")).isEqualTo(files.get("nginx/unavailable/26.conf")).contains("return 503;");
        assertThat(files.get("nginx/left-out")).isEqualTo("service 26: leads to a container without an address\n");
    }

    @Test
    void whatIsHostileIsLeftOutAndNamed() {
        var files = nginx.files(SampleSite.with(
                new HttpService(31, 80, "x\"; } error_log /tmp/canary; #", 3, false),
                new HttpService(32, 80, "~.*", 3, false),
                new HttpService(33, 80, "good.example.org", 3, false),
                new HttpService(34, 80, "elsewhere.example.org", 99, false),
                new TransportService(35, 80, TransportProtocol.TCP, 70_000, false),
                new TransportService(36, -1, TransportProtocol.TCP, 2036, false)));

        assertThat(files).containsKey("nginx/http/33.conf").doesNotContainKeys("nginx/http/31.conf", "nginx/unavailable/31.conf",
                "nginx/http/32.conf", "nginx/http/34.conf", "nginx/stream/tcp-70000.conf", "nginx/stream/tcp-2036.conf");
        assertThat(files.get("nginx/left-out")).isEqualTo("""
                service 31: is no host name
                service 32: is no host name
                service 34: is in a domain that the site does not have
                service 35: is no port: 70000
                service 36: is no port: -1
                """);
    }

    @Test
    void aHostileDomainLeadsToNoFileElsewhere() {
        var site = new SiteSnapshot(SampleSite.SITE, List.of(), List.of(SampleSite.container(11, "web1", "10.20.0.100",
                new HttpService(31, 80, "www.example.org", 4, false))), List.of(new Domain(4, "../../etc/cron.d/x", true, null, null), SampleSite.DOMAIN));

        var files = nginx.files(site);

        assertThat(files.keySet()).noneMatch(name -> name.contains("..") || name.contains("cron"));
        assertThat(files.get("nginx/left-out")).isEqualTo("domain 4: is no host name\nservice 31: is no host name\n");
        assertThat(files).containsKey("nginx/http/domain-3.conf");
    }

    private static SiteSnapshot with(Domain domain, HttpService... services) {
        return new SiteSnapshot(SampleSite.SITE, List.of(), List.of(SampleSite.container(11, "web1", "10.20.0.100", services)), List.of(domain));
    }

    @Test
    void aDomainWithACertificateIsServedOverTlsOnly() {
        var id = "0123456789abcdef".repeat(4);
        var files = nginx.files(with(new Domain(3, "example.org", true, new Certificate(id, Instant.EPOCH), null)));

        assertThat(files.get("nginx/domains/3.conf")).isEqualTo("""
                # domain 3, example.org
                ssl_certificate certificates/%1$s.pem;
                ssl_certificate_key certificates/%1$s.pem;
                include shared/https-only.conf;
                """.formatted(id));
        assertThat(files.get("nginx/certificates")).isEqualTo("3 " + id + " example.org\n");
    }

    @Test
    void aDomainWithoutACertificateIsServedInTheClear() {
        var files = nginx.files(SampleSite.whole());

        assertThat(files.get("nginx/domains/3.conf")).isEqualTo("# domain 3, example.org\ninclude local/no-certificate.conf;\n");
        assertThat(files.get("nginx/certificates")).isEmpty();
    }

    @Test
    void aCertificateLeadsToNoFileElsewhere() {
        var files = nginx.files(with(new Domain(3, "example.org", true, new Certificate("../../../etc/shadow", Instant.EPOCH), null)));

        assertThat(files.get("nginx/certificates")).isEmpty();
        assertThat(files.get("nginx/left-out")).isEqualTo("domain 3: is no fingerprint\n");
        assertThat(files).doesNotContainKeys("nginx/domains/3.conf", "nginx/http/domain-3.conf");
    }

    @Test
    void aServiceForThoseWhoHaveSignedInAsksTheAuthServerOfItsDomain() {
        var files = nginx.files(with(new Domain(3, "example.org", true, null, "https://auth.example.org/"),
                new HttpService(21, 8080, "www.example.org", 3, true), new HttpService(22, 80, "open.example.org", 3, false)));

        assertThat(files.get("nginx/http/21.conf")).endsWith("""
                    include shared/errors.conf;

                    set $gatehouse_auth_server "https://auth.example.org";
                    include shared/sign-in.conf;

                    location / {
                        include shared/signed-in.conf;
                        proxy_pass "http://10.20.0.100:8080";
                    }
                }
                """);
        assertThat(files.get("nginx/unavailable/21.conf")).contains("return 503;");
        assertThat(files.get("nginx/http/22.conf")).doesNotContain("sign", "auth");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "auth.example.org", "ftp://auth.example.org", "https://auth.example.org\"; error_log /tmp/canary; #", "https://$host",
            "https://auth.example.org/$uri", "https://u:p@auth.example.org", "https://auth.example.org/\n}", "https://auth.example.org?x", "https://a b"})
    void withoutAnAuthServerNobodyGetsThere(String authServer) {
        var files = nginx.files(with(new Domain(3, "example.org", true, null, authServer), new HttpService(21, 8080, "www.example.org", 3, true)));

        assertThat(files.get("nginx/http/21.conf")).isEqualTo(files.get("nginx/unavailable/21.conf")).contains("return 503;").doesNotContain("proxy_pass");
        assertThat(files.get("nginx/left-out")).startsWith("service 21: is ");
    }

    @Test
    void pathsAreShortWhateverIsCalledHow() {
        var domain = "a".repeat(60) + ".";
        var name = "www." + domain.repeat(4) + "org";
        var site = new SiteSnapshot(SampleSite.SITE, List.of(), List.of(SampleSite.container(11, "web1", "10.20.0.100",
                new HttpService(Integer.MAX_VALUE, 80, name, 4, false))), List.of(new Domain(4, domain.repeat(4) + "org", true, null, null)));

        assertThat(nginx.files(site)).containsKey("nginx/http/2147483647.conf").allSatisfy((path, text) -> assertThat(path).hasSizeLessThan(100));
    }

    @Test
    void theSameSiteGivesTheSameFiles() {
        assertThat(nginx.files(SampleSite.whole())).isEqualTo(new NginxFiles().files(SampleSite.whole()));
    }
}
