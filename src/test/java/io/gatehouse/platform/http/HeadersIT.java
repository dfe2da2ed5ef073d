package io.gatehouse.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.GatehouseServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The headers that every answer has, and those for pages of other origins. */
class HeadersIT {

    private static final String ORIGIN = "https://console.example.org";

    private static GatehouseServer server;

    @BeforeAll
    static void start() {
        server = GatehouseServer.with("gatehouse.cors.origins", ORIGIN).with("gatehouse.trusted-proxies", "127.0.0.1,::1").start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static RawHttp.Response send(String method, String target, String... headers) {
        return RawHttp.answer(server, method + " " + target + " HTTP/1.1\r\nHost: x\r\n"
                + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n") + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/prometheus", "/nothing", "/api/v1/users", "/api/v1/ca.pem", "/%zz", "/api/v1/users/%00"})
    void browsersMayDoNothingWithAnyAnswer(String path) {
        var answer = send("GET", path);

        assertThat(answer.headers()).containsEntry("x-content-type-options", "nosniff").containsEntry("x-frame-options", "DENY")
                .containsEntry("referrer-policy", "no-referrer").containsEntry("content-security-policy", "default-src 'none'; frame-ancestors 'none'")
                .containsKey("x-request-id").doesNotContainKeys("server", "set-cookie", "strict-transport-security");
    }

    @Test
    void answersOfTheApiAreNotKept() {
        assertThat(send("GET", "/api/v1/users").headers()).containsEntry("cache-control", "no-store");
    }

    @Test
    void whoComesByTlsIsToldToStayThere() {
        assertThat(send("GET", "/health", "X-Forwarded-Proto: https").headers()).containsKey("strict-transport-security");
    }

    @Test
    void theForwardedProtocolOfNoTrustedProxyIsNotBelieved() {
        try (var other = GatehouseServer.start()) {
            assertThat(RawHttp.answer(other, "GET /health HTTP/1.1\r\nHost: x\r\nX-Forwarded-Proto: https\r\n\r\n").headers())
                    .doesNotContainKey("strict-transport-security");
        }
    }

    @Test
    void anAcceptableRequestIdIsKeptAndAnyOtherReplaced() {
        assertThat(send("GET", "/health", "X-Request-Id: mine.1-a_b").headers()).containsEntry("x-request-id", "mine.1-a_b");
        for (var id : new String[] {"a b", "x".repeat(65), "a\"b", ""}) {
            assertThat(send("GET", "/health", "X-Request-Id: " + id).headers().get("x-request-id")).matches("[0-9a-f]{32}");
        }
    }

    @Test
    void aPreflightOfAnAllowedOriginIsAnsweredWithoutAToken() {
        var answer = send("OPTIONS", "/api/v1/users/alice", "Origin: " + ORIGIN, "Access-Control-Request-Method: PATCH",
                "Access-Control-Request-Headers: authorization,if-match,content-type");

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.headers()).containsEntry("access-control-allow-origin", ORIGIN).containsEntry("vary", "Origin")
                .doesNotContainKey("access-control-allow-credentials");
        assertThat(answer.headers().get("access-control-allow-methods")).contains("PATCH", "DELETE");
        assertThat(answer.headers().get("access-control-allow-headers")).contains("Authorization", "If-Match", "Idempotency-Key", "Content-Type");
    }

    @Test
    void anAllowedOriginMayReadAnswersAndProblems() {
        for (var path : new String[] {"/health", "/api/v1/users", "/nothing"}) {
            var answer = send("GET", path, "Origin: " + ORIGIN);

            assertThat(answer.headers()).containsEntry("access-control-allow-origin", ORIGIN);
            assertThat(answer.headers().get("access-control-expose-headers")).contains("ETag", "Link", "Location", "Retry-After", "X-Request-Id");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example.org", "http://console.example.org", "https://console.example.org.evil.org", "null"})
    void otherOriginsGetNothing(String origin) {
        assertThat(send("OPTIONS", "/api/v1/users", "Origin: " + origin, "Access-Control-Request-Method: GET").headers())
                .doesNotContainKeys("access-control-allow-origin", "access-control-allow-methods");
        assertThat(send("GET", "/health", "Origin: " + origin).headers()).doesNotContainKey("access-control-allow-origin");
    }
}
