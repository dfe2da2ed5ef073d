package io.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.gateway.SiteSnapshot.Certificate;
import io.gatehouse.gateway.SiteSnapshot.Domain;
import io.gatehouse.gateway.SiteSnapshot.HttpService;
import io.gatehouse.platform.tls.PrivateAuthorities;
import io.gatehouse.testing.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real nginx answers over TLS. */
class TlsSiteIT {

    private static final String ID = "0123456789abcdef".repeat(4);

    @TempDir
    Path folder;

    private LocalNginx nginx;
    private SSLSocketFactory trusting;

    @BeforeEach
    void start() throws IOException {
        GatewayTools.areNeeded();
        var certificate = TestCertificate.of("example.org", "*.example.org");
        trusting = PrivateAuthorities.trusted(certificate.writeTo(folder.resolve("ca.pem")), "the test");
        var site = new SiteSnapshot(SampleSite.SITE, List.of(), List.of(SampleSite.container(11, "web1", "127.0.0.1",
                new HttpService(1, LocalNginx.freePort(), "www.example.org", 3, false),
                new HttpService(2, LocalNginx.freePort(), "www.example.net", 4, false))),
                List.of(new Domain(3, "example.org", true, new Certificate(ID, Instant.EPOCH), null), new Domain(4, "example.net", true, null, null)));
        nginx = new LocalNginx(folder, new NginxFiles().files(site), Map.of(ID, certificate.pem() + certificate.keyPem()));
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (nginx != null) {
            nginx.close();
        }
    }

    private static String exchange(Socket socket, String host, String path) throws IOException {
        socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private String http(String host, String path) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), nginx.httpPort())) {
            return exchange(socket, host, path);
        }
    }

    private String https(String host) throws IOException {
        try (var socket = (SSLSocket) trusting.createSocket(InetAddress.getLoopbackAddress(), nginx.httpsPort())) {
            var parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            parameters.setEndpointIdentificationAlgorithm(null);
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return exchange(socket, host, "/");
        }
    }

    @Test
    void aDomainWithACertificateAnswersWithIt() throws Exception {
        assertThat(https("www.example.org")).as("whose program is not there").startsWith("HTTP/1.1 502 ");
        assertThat(https("other.example.org")).startsWith("HTTP/1.1 404 ").doesNotContainIgnoringCase("Strict-Transport-Security");
        assertThat(https("example.org")).startsWith("HTTP/1.1 404 ");
    }

    @Test
    void plainHttpLeadsThereWithPathAndQuery() throws Exception {
        for (var host : List.of("www.example.org", "example.org", "other.example.org")) {
            assertThat(http(host, "/a%20b?c=d")).startsWith("HTTP/1.1 308 ").contains("Location: https://" + host + "/a%20b?c=d\r\n");
        }
    }

    @Test
    void aDomainWithoutOneAnswersOverPlainHttpOnly() throws Exception {
        assertThat(http("www.example.net", "/")).startsWith("HTTP/1.1 502 ");
        assertThatThrownBy(() -> https("www.example.net")).isInstanceOf(SSLHandshakeException.class);
        assertThatThrownBy(() -> https("nobody.example.com")).isInstanceOf(SSLHandshakeException.class);
    }
}
