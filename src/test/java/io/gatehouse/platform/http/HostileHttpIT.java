package io.gatehouse.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.GatehouseServer;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that break HTTP, JSON or patience. */
class HostileHttpIT {

    private static final String USERS = "/api/v1/users";

    private static GatehouseServer server;
    private static String authorization;

    @BeforeAll
    static void start() {
        server = GatehouseServer.with("gatehouse.http.request-timeout", "2s").start();
        authorization = "Authorization: Bearer " + server.adminToken() + "\r\n";
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: x\r\n" + authorization + "\r\n";
    }

    private static String post(String headers, String body) {
        return "POST " + USERS + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + authorization + headers
                + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    static Stream<Arguments> malformed() {
        var head = "POST " + USERS + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + authorization;
        return Stream.of(
                Arguments.of("GET /" + "x".repeat(10_000) + " HTTP/1.1\r\nHost: x\r\n\r\n", 414, "request-uri-too-long"),
                Arguments.of("F".repeat(5_000) + " / HTTP/1.1\r\nHost: x\r\n\r\n", 414, "request-uri-too-long"),
                Arguments.of("GET / HTTP/1.1\r\nHost: x\r\nX-Large: " + "x".repeat(20_000) + "\r\n\r\n", 431, "request-header-fields-too-large"),
                Arguments.of("GET / HTTP/1.1\r\nHost: x\r\n" + "X: y\r\n".repeat(5_000) + "\r\n", 431, "request-header-fields-too-large"),
                Arguments.of("GET /health HTTP/9.9\r\nHost: x\r\n\r\n", 505, "http-version-not-supported"),
                Arguments.of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "http-version-not-supported"),
                Arguments.of("GET /health HTTP/1.1\r\n\r\n", 400, "malformed-request"),
                Arguments.of("GET /health HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400, "malformed-request"),
                Arguments.of("GET /health HTTP/1.1\r\nHost: x\r\nnocolon\r\n\r\n", 400, "malformed-request"),
                Arguments.of("GET /health HTTP/1.1\r\nHost: x\r\nX: a\u0000b\r\n\r\n", 400, "malformed-request"),
                Arguments.of("GET /health?%zz HTTP/1.1\r\nHost: x\r\nX: a\u0001b\r\n\r\n", 400, "malformed-request"),
                Arguments.of("\u0016\u0003\u0001hello\r\n\r\n", 400, "malformed-request"),
                Arguments.of(head + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400, "malformed-request"),
                Arguments.of(head + "Content-Length: two\r\n\r\n{}", 400, "malformed-request"),
                Arguments.of(head + "Content-Length: -2\r\n\r\n{}", 400, "malformed-request"),
                Arguments.of(head + "Transfer-Encoding: chunked\r\n\r\nZZ\r\n", 400, "malformed-request"),
                Arguments.of(head + "Transfer-Encoding: xchunked\r\n\r\n", 400, "malformed-request"),
                Arguments.of(head + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400, "malformed-request"),
                Arguments.of(post("Content-Encoding: gzip\r\n", "no gzip"), 415, "unsupported-media-type"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void whatIsNoRequestIsRefusedAndEndsTheConnection(String request, int status, String type) {
        try (var connection = new RawHttp(server)) {
            var answer = connection.send(request).read();

            assertThat(answer.status()).as(answer.body()).isEqualTo(status);
            assertThat(answer.isProblem(type)).as(answer.toString()).isTrue();
            assertThat(answer.headers()).containsKeys("x-request-id", "x-content-type-options");
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/users/%zz", "/users?q=%", "/users?q=%zz", "/users/%FF", "/users?q=%ED%A0%80", "/users?q=%C0%80", "/users?q=\u0001",
            "/users?q=\u00ff"})
    void pathsAndQueriesThatAreNoTextAreMalformed(String path) {
        var answer = RawHttp.answer(server, get("/api/v1" + path));

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.isProblem("malformed-request")).isTrue();
    }

    @Test
    void nulIsNoCharacterOfAPathOrAParameter() {
        assertThat(RawHttp.answer(server, get(USERS + "/a%00b")).body()).contains("\"status\":422", "\"field\":\"path\"");
        assertThat(RawHttp.answer(server, get(USERS + "?limit=1&q=a%00b")).body()).contains("\"status\":422", "\"field\":\"q\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\\u0000b", "a\\ud800b", "a\\udc00b", "\\ud800", "\\udc00\\ud800"})
    void nulAndHalfCharactersAreNoText(String text) {
        for (var field : new String[] {"cn", "username", "password"}) {
            var answer = RawHttp.answer(server, post("", "{\"username\": \"mallory\", \"%s\": \"%s\"}".replace("\"username\": \"mallory\", \"%s\"",
                    field.equals("username") ? "\"%s\"" : "\"username\": \"mallory\", \"%s\"").formatted(field, text)));

            assertThat(answer.status()).as(answer.body()).isEqualTo(422);
            assertThat(answer.body()).contains("\"field\":\"" + field + "\"").doesNotContain("\\u");
        }
        assertThat(RawHttp.answer(server, post("", "{\"" + text + "\": 1}")).status()).isEqualTo(400);
    }

    @Test
    void wholeCharactersBeyondTheBasicPlaneAreText() {
        var answer = RawHttp.answer(server, post("", "{\"username\": \"emily\", \"cn\": \"\\ud83d\\ude00\"}"));

        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        assertThat(answer.body().toLowerCase(Locale.ROOT)).containsAnyOf("\uD83D\uDE00", "\\ud83d\\ude00");
    }

    static Stream<String> nested() {
        return Stream.of("{\"username\":" + "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_001),
                "{\"username\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}",
                "{\"username\":" + "9".repeat(100_000) + "}",
                "{\"username\":\"\u00ff\u00fe\"}",
                "{\"username\":\"a\",\"username\":\"a\"}");
    }

    @ParameterizedTest
    @MethodSource("nested")
    void bodiesThatWouldExhaustAReaderAreMalformed(String body) {
        var answer = RawHttp.answer(server, post("", body));

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.isProblem("malformed-request")).isTrue();
    }

    @Test
    void bodiesAboveOneMebibyteAreRefusedHoweverTheyCome() {
        var head = "POST " + USERS + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + authorization;
        try (var connection = new RawHttp(server)) {
            var chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
            var answer = connection.send(head + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(20) + "0\r\n\r\n").read();

            assertThat(answer.isProblem("request-entity-too-large")).as(answer.toString()).isTrue();
            assertThat(answer.body()).contains("The body may have 1 MiB here.");
            assertThat(connection.send(get("/health/liveness")).read().status()).isEqualTo(200);
        }
        var early = RawHttp.answer(server, head + "Expect: 100-continue\r\nContent-Length: 2000000\r\n\r\n");
        assertThat(early.status()).isEqualTo(413);
    }

    @Test
    void anAnnouncedBodyIsWaitedForAndTaken() {
        try (var connection = new RawHttp(server)) {
            connection.send("POST " + USERS + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + authorization
                    + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");

            assertThat(connection.read().status()).isEqualTo(100);
            assertThat(connection.send("{}").read().status()).isEqualTo(422);
        }
    }

    @Test
    void requestsThatDripInAreEnded() {
        for (var part : new String[] {"GET / HT", "GET /health HTTP/1.1\r\nHost: x\r\n", post("", "{}").replace("Content-Length: 2", "Content-Length: 9")}) {
            try (var connection = new RawHttp(server)) {
                var answer = connection.send(part).read();

                assertThat(answer.status()).isEqualTo(408);
                assertThat(answer.isProblem("request-timeout")).isTrue();
                assertThat(connection.isClosed()).isTrue();
            }
        }
    }

    @Test
    void aBodyThatNeverEndsBehindItsAnswerEndsTheConnectionWithoutASecondAnswer() {
        try (var connection = new RawHttp(server)) {
            var answer = connection.send("POST /api/v1/nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{").read();

            assertThat(answer.status()).isEqualTo(404);
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInTheirOrder() {
        try (var connection = new RawHttp(server)) {
            connection.send(get("/api/v1/me") + get("/nothing") + get("/health/liveness"));

            assertThat(connection.read().body()).contains(GatehouseServer.ADMINISTRATOR);
            assertThat(connection.read().status()).isEqualTo(404);
            assertThat(connection.read().body()).contains("UP");
        }
    }

    @Test
    void oldClientsAreServed() {
        try (var connection = new RawHttp(server)) {
            var answer = connection.send("GET /health/liveness HTTP/1.0\r\n\r\n").read();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void headAnswersWithoutABodyAndOptionsWithTheMethods() {
        var head = RawHttp.answer(server, get("/api/v1/me").replace("GET", "HEAD"));
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();

        var options = RawHttp.answer(server, get(USERS).replace("GET", "OPTIONS"));
        assertThat(options.status()).isEqualTo(405);
        assertThat(options.headers().get("allow")).contains("GET", "POST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Accept: image/png", "Accept: garbage;;;q=zz, /"})
    void mediaTypesThatAreNotOfferedAreNotAcceptable(String header) {
        var answer = RawHttp.answer(server, get(USERS).replace("\r\n\r\n", "\r\n" + header + "\r\n\r\n"));

        assertThat(answer.isProblem("not-acceptable")).as(answer.toString()).isTrue();
        assertThat(answer.status()).isEqualTo(406);
    }
}
