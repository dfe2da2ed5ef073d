package io.gatehouse.platform.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.platform.http.HttpsListener;
import io.gatehouse.testing.GatehouseServer;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.cert.Certificate;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/** HTTP over TLS, with the server's own certificate. */
class HttpsIT {

    private static URL url(GatehouseServer server, String path) throws IOException {
        return URI.create("https://localhost:" + server.bean(HttpsListener.class).port().orElseThrow() + path).toURL();
    }

    private static HttpsURLConnection get(GatehouseServer server, String path) throws IOException {
        var connection = (HttpsURLConnection) url(server, path).openConnection();
        connection.setSSLSocketFactory(server.trustingCa());
        connection.setRequestProperty("Connection", "close");
        return connection;
    }

    private static Certificate certificate(GatehouseServer server) throws IOException {
        var connection = get(server, "/health/liveness");
        assertThat(connection.getResponseCode()).isEqualTo(200);
        return connection.getServerCertificates()[0];
    }

    @Test
    void isServedBesideHttp() throws IOException {
        try (var server = GatehouseServer.with("gatehouse.https.port", 0).start()) {
            var me = get(server, "/api/v1/me");
            me.setRequestProperty("Authorization", "Bearer " + server.adminToken());
            assertThat(me.getResponseCode()).isEqualTo(200);
            assertThat(new String(me.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).contains(GatehouseServer.ADMINISTRATOR);
            assertThat(me.getHeaderField("Strict-Transport-Security")).isNotNull();
            assertThat(me.getHeaderField("X-Request-Id")).isNotNull();
            var page = get(server, "/docs");
            assertThat(page.getResponseCode()).isEqualTo(200);
            assertThat(page.getInputStream().readAllBytes()).isNotEmpty();

            assertThat(ApiClient.administrator(server).get("/me").status()).as("without TLS").isEqualTo(200);
            assertThat(ApiClient.administrator(server).get("/me").header("Strict-Transport-Security")).isNull();
            assertThatThrownBy(() -> url(server, "/health/liveness").openStream()).as("whoever does not trust the CA").isInstanceOf(SSLHandshakeException.class);
            assertThatThrownBy(() -> URI.create(url(server, "/health/liveness").toString().replace("https", "http")).toURL().openStream())
                    .as("in the clear").isInstanceOf(IOException.class);
        }
    }

    @Test
    void takesOverANewCertificate() throws IOException {
        try (var server = GatehouseServer.with("gatehouse.https.port", 0).start()) {
            var before = certificate(server);
            assertThat(certificate(server)).isEqualTo(before);

            Files.delete(server.dataDirectory().resolve("tls/server.pem"));
            server.bean(TlsMaterial.class).refresh();

            assertThat(certificate(server)).isNotEqualTo(before);
        }
    }

    @Test
    void isNotServedUnlessItIsConfigured() {
        try (var server = GatehouseServer.start()) {
            assertThat(server.bean(HttpsListener.class).port()).isEmpty();
        }
    }
}
