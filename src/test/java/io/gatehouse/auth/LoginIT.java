package io.gatehouse.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.SignedJWT;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LoginIT {

    private static final String PASSWORD = "seven bridges of ...";

    private static GatehouseServer server;
    private static ApiClient administrator;
    private static ApiClient anonymous;

    @BeforeAll
    static void start() {
        server = GatehouseServer.start();
        administrator = ApiClient.administrator(server);
        anonymous = ApiClient.anonymous(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void bringsAPairOfTokens() throws Exception {
        create("pair");

        var answer = anonymous.login("pair", PASSWORD);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.object()).containsEntry("token_type", "Bearer").containsEntry("expires_in", 900L)
                .containsEntry("username", "pair").containsEntry("roles", List.of("user")).containsKey("refresh_token");
        var token = SignedJWT.parse(answer.textAt("access_token"));
        assertThat(token.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.ES256);
        assertThat(token.getJWTClaimsSet().getSubject()).isEqualTo("pair");
        assertThat(ApiClient.withToken(server, answer.textAt("access_token")).get("/me").at("username")).isEqualTo("pair");
        assertThat(anonymous.login("PAIR", PASSWORD).status()).isEqualTo(200);
    }

    @Test
    void tellsNobodyWhyItIsRefused() {
        create("known");
        create("pending", "pending");
        create("suspended");
        administrator.post("/users/suspended/suspend", "{\"reason\": \"x\"}");
        assertThat(administrator.post("/users", "{\"username\": \"keysonly\"}").status()).isEqualTo(201);

        var wrong = anonymous.login("known", "not the password");

        assertThat(wrong.status()).isEqualTo(401);
        for (var other : List.of(
                anonymous.login("stranger", PASSWORD), anonymous.login("pending", PASSWORD), anonymous.login("suspended", PASSWORD),
                anonymous.login("keysonly", PASSWORD), anonymous.login("keysonly", ""), anonymous.login("", ""),
                anonymous.login("no name at all", PASSWORD))) {
            assertThat(other.status()).isEqualTo(401);
            assertThat(other.text()).isEqualTo(wrong.text());
        }
    }

    @Test
    void isRecordedWithoutThePassword() {
        create("watched");
        anonymous.login("watched", "hunter2 hunter2 hunter2");
        anonymous.login("hunter2 in the wrong field", "x");
        anonymous.login("watched", PASSWORD);

        var events = administrator.get("/audit?limit=10").items().stream()
                .filter(event -> "user:watched".equals(event.get("target"))).toList();

        assertThat(events).extracting(event -> event.get("action"))
                .containsSubsequence("auth.login.succeeded", "auth.login.failed", "identity.user.created");
        assertThat(events).extracting(event -> event.get("address")).contains("127.0.0.1");
        assertThat(administrator.get("/audit?limit=1000").text()).doesNotContain("hunter2").doesNotContain(PASSWORD);
    }

    @Test
    void storesAHashWithThePresentParametersWhenTheyHaveChanged() {
        create("outdated");
        var old = hash("outdated");
        var changedAt = administrator.get("/users/outdated").at("passwordChangedAt");
        try (var weaker = GatehouseServer.with("gatehouse.argon2.memory-kib", 512).start()) {
            ApiClient.administrator(weaker).post("/users", "{\"username\": \"outdated\", \"password\": \"" + PASSWORD + "\"}");
            var foreign = weaker.sql().withHandle(handle -> handle
                    .createQuery("select password_hash from users where username = 'outdated'").mapTo(String.class).one());
            server.sql().useHandle(handle -> handle.execute("update users set password_hash = ? where username = 'outdated'", foreign));
        }

        ApiClient.user(server, "outdated", PASSWORD);

        assertThat(hash("outdated")).contains("m=1024").isNotEqualTo(old);
        assertThat(administrator.get("/users/outdated").at("passwordChangedAt")).isEqualTo(changedAt);
        ApiClient.user(server, "outdated", PASSWORD);
    }

    @Test
    void isLockedAfterManyFailuresAndSaysForHowLong() {
        try (var strict = GatehouseServer.with("gatehouse.login.free-attempts", 1).with("gatehouse.login.lock-after", 2)
                .with("gatehouse.login.delay", "0ms").with("gatehouse.login.max-delay", "0ms").with("gatehouse.login.lock-for", "10m").start()) {
            ApiClient.administrator(strict).post("/users", "{\"username\": \"target\", \"password\": \"" + PASSWORD + "\"}");
            var guesser = ApiClient.anonymous(strict);
            assertThat(guesser.login("target", "guess").status()).isEqualTo(401);
            assertThat(guesser.login("target", "guess").status()).isEqualTo(401);

            var locked = guesser.login("target", PASSWORD);

            assertThat(locked.status()).isEqualTo(429);
            assertThat(Integer.parseInt(locked.header("Retry-After"))).isBetween(590, 600);
            assertThat(ApiClient.administrator(strict).get("/audit").items()).extracting(event -> event.get("action")).contains("auth.login.locked");
            ApiClient.administrator(strict).get("/me");
        }
    }

    @Test
    void sharesItsFailuresWithBindsOverLdap() throws Exception {
        try (var strict = GatehouseServer.with("gatehouse.login.free-attempts", 1).with("gatehouse.login.lock-after", 2)
                .with("gatehouse.login.delay", "0ms").with("gatehouse.login.max-delay", "0ms").start()) {
            for (var name : List.of("http-first", "ldap-first")) {
                ApiClient.administrator(strict).post("/users", "{\"username\": \"" + name + "\", \"password\": \"" + PASSWORD + "\"}");
            }
            var guesser = ApiClient.anonymous(strict);

            assertThat(guesser.login("http-first", "guess").status()).isEqualTo(401);
            assertThat(bind(strict, "http-first", "guess")).isEqualTo(ResultCode.INVALID_CREDENTIALS);
            assertThat(guesser.login("http-first", PASSWORD).status()).isEqualTo(429);
            assertThat(bind(strict, "http-first", PASSWORD)).isNotEqualTo(ResultCode.SUCCESS);

            assertThat(bind(strict, "ldap-first", "guess")).isEqualTo(ResultCode.INVALID_CREDENTIALS);
            assertThat(bind(strict, "ldap-first", "guess")).isEqualTo(ResultCode.INVALID_CREDENTIALS);
            assertThat(guesser.login("ldap-first", PASSWORD).status()).isEqualTo(429);
        }
    }

    private static ResultCode bind(GatehouseServer node, String username, String password) {
        try (var connection = node.ldapAs(username, password)) {
            return ResultCode.SUCCESS;
        } catch (LDAPException e) {
            return e.getResultCode();
        }
    }

    @Test
    void locksTheAddressThatATrustedProxyTellsAndNoOther() throws Exception {
        try (var strict = GatehouseServer.with("gatehouse.trusted-proxies", "127.0.0.1").with("gatehouse.login.address-lock-after", 2).start()) {
            assertThat(attempt(strict, "203.0.113.9", "nobody-1")).isEqualTo(401);
            assertThat(attempt(strict, "198.51.100.1, 203.0.113.9", "nobody-2")).isEqualTo(401);

            assertThat(attempt(strict, "203.0.113.9", "nobody-3")).isEqualTo(429);
            assertThat(attempt(strict, "198.51.100.1", "nobody-4")).isEqualTo(401);
        }
    }

    @Test
    void believesNoForwardedAddressFromAnybodyElse() throws Exception {
        try (var strict = GatehouseServer.with("gatehouse.login.address-lock-after", 2).start()) {
            for (int i = 0; i < 4; i++) {
                assertThat(attempt(strict, "203.0.113.9", "nobody-" + i)).isEqualTo(401);
            }
            var addresses = strict.sql().withHandle(handle -> handle.createQuery("select distinct address from audit_events where action = 'auth.login.failed'")
                    .mapTo(String.class).list());
            assertThat(addresses).containsExactly("127.0.0.1");
        }
    }

    private static int attempt(GatehouseServer node, String forwardedFor, String username) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create(node.httpUrl() + "/api/v1/auth/login")).header("X-Forwarded-For", forwardedFor)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"username\": \"" + username + "\", \"password\": \"x\"}")).build(),
                    HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    @Test
    void takesWholeWordsOnly() {
        assertThat(anonymous.post("/auth/login", "{\"username\": \"x\"}").at("field")).isEqualTo("password");
        assertThat(anonymous.post("/auth/login", "{\"username\": [\"x\"], \"password\": \"y\"}").at("field")).isEqualTo("username");
        assertThat(anonymous.post("/auth/login", "{\"username\": \"x\", \"password\": \"y\", \"otp\": \"z\"}").at("field")).isEqualTo("otp");
    }

    private static String hash(String username) {
        return server.sql().withHandle(handle -> handle.createQuery("select password_hash from users where username = :name")
                .bind("name", username).mapTo(String.class).one());
    }

    private static Answer create(String username) {
        return create(username, "active");
    }

    private static Answer create(String username, String status) {
        var answer = administrator.post("/users", """
                {"username": "%s", "password": "%s", "status": "%s"}""".formatted(username, PASSWORD, status));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer;
    }
}
