package io.gatehouse.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;
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
                anonymous.login("no name at all", PASSWORD), anonymous.login("known", "\\u0000"))) {
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

        var events = administrator.get("/audit-events?limit=10").items().stream()
                .filter(event -> "user:watched".equals(event.get("target"))).toList();

        assertThat(events).extracting(event -> event.get("action"))
                .containsSubsequence("auth.login.succeeded", "auth.login.failed", "identity.user.created");
        assertThat(events).extracting(event -> event.get("address")).contains("127.0.0.1");
        assertThat(administrator.get("/audit-events?limit=1000").text()).doesNotContain("hunter2").doesNotContain(PASSWORD);
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
            assertThat(ApiClient.administrator(strict).get("/audit-events").items()).extracting(event -> event.get("action")).contains("auth.login.locked");
            ApiClient.administrator(strict).get("/me");
        }
    }

    @Test
    void isDemandedForTokensThatNobodyIssued() throws Exception {
        create("forged");
        var session = SignedJWT.parse(anonymous.login("forged", PASSWORD).textAt("access_token")).getJWTClaimsSet().getStringClaim("sid");
        var keys = server.bean(SigningKeys.class);
        var genuine = keys.sign(claims(session, 600));
        var kid = genuine.getHeader().getKeyID();
        var foreign = SigningKey.generate();

        assertThat(me(genuine.serialize())).isEqualTo(200);
        assertThat(me(keys.sign(claims(session, -60)).serialize())).as("expired").isEqualTo(401);
        assertThat(me(keys.sign(claims(UUID.randomUUID().toString(), 600)).serialize())).as("another session").isEqualTo(401);
        assertThat(me(keys.sign(claims("x", 600)).serialize())).as("no session").isEqualTo(401);
        assertThat(me(keys.sign(claims(null, 600)).serialize())).as("without session").isEqualTo(401);
        assertThat(me(new PlainJWT(claims(session, 600)).serialize())).as("not signed").isEqualTo(401);
        assertThat(me(signed(foreign.pair(), foreign.id().toString(), session))).as("foreign key").isEqualTo(401);
        assertThat(me(signed(foreign.pair(), kid, session))).as("foreign key of the same name").isEqualTo(401);
        assertThat(me(macWithPublicKey(kid, session))).as("public key as a secret").isEqualTo(401);
        assertThat(me(genuine.serialize().substring(0, genuine.serialize().length() - 8) + "AAAAAAAA")).as("changed").isEqualTo(401);
        assertThat(me("nonsense")).isEqualTo(401);
        assertThat(me("")).isEqualTo(401);
    }

    @Test
    void takesWholeWordsOnly() {
        assertThat(anonymous.post("/auth/login", "{\"username\": \"x\"}").at("field")).isEqualTo("password");
        assertThat(anonymous.post("/auth/login", "{\"username\": [\"x\"], \"password\": \"y\"}").at("field")).isEqualTo("username");
        assertThat(anonymous.post("/auth/login", "{\"username\": \"x\", \"password\": \"y\", \"otp\": \"z\"}").at("field")).isEqualTo("otp");
    }

    private static JWTClaimsSet claims(String session, int seconds) {
        return new JWTClaimsSet.Builder().issuer("gatehouse").subject("forged").claim("sid", session)
                .expirationTime(Date.from(Instant.now().plusSeconds(seconds))).build();
    }

    private static String signed(ECKey key, String kid, String session) throws Exception {
        var token = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(kid).build(), claims(session, 600));
        token.sign(new ECDSASigner(key));
        return token.serialize();
    }

    private static String macWithPublicKey(String kid, String session) throws Exception {
        var publicJwk = server.sql().withHandle(handle -> handle.createQuery("select public_jwk from signing_keys").mapTo(String.class).one());
        var token = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(kid).build(), claims(session, 600));
        token.sign(new MACSigner(ECKey.parse(publicJwk).toPublicKey().getEncoded()));
        return token.serialize();
    }

    private static int me(String token) {
        return ApiClient.withToken(server, token).get("/me").status();
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
