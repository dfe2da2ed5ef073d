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
import java.util.Random;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HostileTokensIT {

    private static GatehouseServer server;
    private static String genuine;
    private static String session;
    private static String kid;

    @BeforeAll
    static void start() throws Exception {
        server = GatehouseServer.start();
        genuine = server.adminToken();
        session = SignedJWT.parse(genuine).getJWTClaimsSet().getStringClaim("sid");
        kid = SignedJWT.parse(genuine).getHeader().getKeyID();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void ofTheRightFormAreTheRealThing() throws Exception {
        assertThat(ask(signed(claims -> claims)).status()).isEqualTo(200);
    }

    @Test
    void withOtherClaimsAreRefused() throws Exception {
        refused("expired", signed(claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(1)))));
        refused("without an end", signed(claims -> claims.expirationTime(null)));
        refused("another session", signed(claims -> claims.claim("sid", UUID.randomUUID().toString())));
        refused("no session", signed(claims -> claims.claim("sid", null)));
        refused("a session that is none", signed(claims -> claims.claim("sid", "x")));
        refused("a session that is no text", signed(claims -> claims.claim("sid", List.of(session))));
        refused("another issuer", signed(claims -> claims.issuer("https://elsewhere.example.org")));
        refused("no issuer", signed(claims -> claims.issuer(null)));
        refused("another audience", signed(claims -> claims.audience("elsewhere")));
        refused("more audiences", signed(claims -> claims.audience(List.of("gatehouse", "elsewhere"))));
        refused("no audience", signed(claims -> claims.audience((String) null)));
    }

    @Test
    void thatNobodyHereSignedAreRefused() throws Exception {
        var foreign = SigningKey.generate(Instant.now());
        String jwk = server.sql().withHandle(handle -> handle.createQuery("select public_jwk from signing_keys").mapTo(String.class).one());
        var publicKey = ECKey.parse(jwk);

        refused("not signed", new PlainJWT(claims().build()).serialize());
        refused("a foreign key", signed(JWSAlgorithm.ES256, foreign.id().toString(), foreign.pair()));
        refused("a foreign key of the same name", signed(JWSAlgorithm.ES256, kid, foreign.pair()));
        refused("no name of a key", signed(JWSAlgorithm.ES256, null, foreign.pair()));
        for (var secret : List.of(publicKey.toPublicKey().getEncoded(), publicKey.toPublicJWK().toJSONString().getBytes(), publicKey.getX().decode())) {
            var mac = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(kid).build(), claims().build());
            mac.sign(new MACSigner(secret));
            refused("the public key as a secret", mac.serialize());
        }
        refused("a key that it brings itself", withOwnKey(foreign.pair()));
    }

    @Test
    void thatWereChangedAreRefused() {
        var random = new Random(1);
        for (int i = 0; i < 200; i++) {
            var changed = new StringBuilder(genuine);
            int at = random.nextInt(genuine.length());
            changed.setCharAt(at, changed.charAt(at) == 'A' ? 'B' : 'A');
            // The last character of a part in Base64 has bits that mean nothing.
            if (at < genuine.length() - 1 && changed.charAt(at + 1) != '.' && genuine.charAt(at) != '.') {
                refused("changed at " + at, changed.toString());
            }
        }
        for (int length : List.of(1, 10, genuine.indexOf('.'), genuine.lastIndexOf('.'), genuine.lastIndexOf('.') + 1, genuine.length() - 2)) {
            refused("cut to " + length, genuine.substring(0, length));
        }
    }

    @Test
    void ofNoFormAtAllAreRefused() {
        var key = ApiKeyToken.generate();
        for (var token : List.of("x", ".", "..", "...", "a.b.c", "{}", "null", "eyJ9.e30.", "e30.e30.e30", "gh_", "gh__", "gh_x", "gh_" + "a".repeat(8),
                "gh_" + "a".repeat(8) + "_", "gh_" + "A".repeat(8) + "_" + "a".repeat(49), "gh_" + "a".repeat(8) + "_" + "a".repeat(49),
                "gh_'; drop table users; --", "gh_%00_%00", key.text(), key.text() + "x", key.text().toUpperCase(), " " + key.text(),
                "x".repeat(2049), genuine + "." + genuine, "gh_" + "a".repeat(4000))) {
            refused(token, token);
        }
    }

    @Test
    void ofAnySizeAreNoFailureOfTheServer() {
        for (int size : List.of(6_000, 9_000, 100_000)) {
            assertThat(ask("e30." + "x".repeat(size)).status()).isBetween(400, 499);
            assertThat(ask("gh_" + "x".repeat(size)).status()).isBetween(400, 499);
        }
    }

    @Test
    void areToldFromNoneByAnErrorCode() {
        var none = ApiClient.anonymous(server).get("/me");
        assertThat(none.status()).isEqualTo(401);
        assertThat(none.header("WWW-Authenticate")).isEqualTo("Bearer");
    }

    private static void refused(String what, String token) {
        var answer = ask(token);
        assertThat(answer.status()).as(what).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).as(what).isEqualTo("Bearer error=\"invalid_token\"");
        assertThat(answer.at("type")).as(what).isEqualTo("urn:gatehouse:problem:not-authenticated");
        assertThat(answer.text()).as(what).isEqualTo(ask("another").text());
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder().issuer("gatehouse").audience("gatehouse").subject(GatehouseServer.ADMINISTRATOR).claim("sid", session)
                .expirationTime(Date.from(Instant.now().plusSeconds(600)));
    }

    private static String signed(UnaryOperator<JWTClaimsSet.Builder> change) throws Exception {
        return server.bean(SigningKeys.class).sign(change.apply(claims()).build(), Instant.now()).serialize();
    }

    private static String signed(JWSAlgorithm algorithm, String kid, ECKey key) throws Exception {
        var token = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(kid).build(), claims().build());
        token.sign(new ECDSASigner(key));
        return token.serialize();
    }

    private static String withOwnKey(ECKey key) throws Exception {
        var token = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(kid).jwk(key.toPublicJWK()).build(), claims().build());
        token.sign(new ECDSASigner(key));
        return token.serialize();
    }

    private static Answer ask(String token) {
        return ApiClient.withToken(server, token).get("/me");
    }
}
