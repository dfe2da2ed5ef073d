package io.gatehouse.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.gatehouse.platform.Database;
import io.gatehouse.platform.MasterKey;
import io.gatehouse.platform.StartupFailure;
import io.gatehouse.platform.Transactions;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class SigningKeysIT {

    private static final String MASTER_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    @Test
    void areTheSameOnAllNodesAndAfterARestart() {
        var database = TestPostgres.freshDatabase();
        String token;
        try (var one = GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(database).start();
             var other = GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(database).start()) {
            token = one.adminToken();
            assertThat(ApiClient.withToken(other, token).get("/me").status()).isEqualTo(200);
        }
        try (var later = GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(database).start()) {
            assertThat(ApiClient.withToken(later, token).get("/me").status()).isEqualTo(200);
        }
    }

    @Test
    void areMadeOnceByNodesThatStartTogether() throws Exception {
        try (var server = GatehouseServer.start(); var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            server.sql().useHandle(handle -> handle.execute("delete from signing_keys"));
            Callable<SigningKeys> start = () -> new SigningKeys(
                    server.bean(Database.class), server.bean(MasterKey.class), server.bean(AuthConfiguration.class));

            for (var started : threads.invokeAll(Collections.nCopies(6, start))) {
                started.get();
            }

            int keys = server.sql().withHandle(handle -> handle.createQuery("select count(*) from signing_keys").mapTo(int.class).one());
            assertThat(keys).isEqualTo(1);
        }
    }

    @Test
    void stopTheStartWithOneLineUnderAnotherMasterKey() {
        var database = TestPostgres.freshDatabase();
        GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(database).start().close();

        var other = Base64.getEncoder().encodeToString(new byte[32]);
        assertThatThrownBy(() -> GatehouseServer.with("gatehouse.master-key", other).on(database).start())
                .isInstanceOf(StartupFailure.class).message().contains("master key").doesNotContain("\n");
    }

    @Test
    void arePublishedForWhoeverVerifiesTokens() throws Exception {
        try (var server = GatehouseServer.with("gatehouse.public-url", "https://gatehouse.example.org").start()) {
            var answer = server.send("GET", "/.well-known/jwks.json", null, null);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Cache-Control")).hasValue("public, max-age=300");
            assertThat(answer.body()).doesNotContain("\"d\"");
            var token = SignedJWT.parse(server.adminToken());
            var key = JWKSet.parse(answer.body()).getKeyByKeyId(token.getHeader().getKeyID()).toECKey();
            assertThat(token.verify(new ECDSAVerifier(key))).isTrue();
            assertThat(key.getKeyUse()).isEqualTo(KeyUse.SIGNATURE);
            assertThat(token.getJWTClaimsSet().getIssuer()).isEqualTo("https://gatehouse.example.org");
            assertThat(token.getJWTClaimsSet().getAudience()).containsExactly("gatehouse");
            assertThat(token.getJWTClaimsSet().getJWTID()).isNotBlank();
        }
    }

    @Test
    void areReplacedInTimeWithoutAnyTokenLosingItsWorth() {
        var database = TestPostgres.freshDatabase();
        try (var one = GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(database).start();
             var other = GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(database).start()) {
            var start = Instant.now();
            var first = login(one);
            var old = kid(first);

            rotate(one, start.plus(Duration.ofDays(29)));
            assertThat(published(other)).as("not yet").containsExactly(old);

            var published = start.plus(Duration.ofDays(30));
            rotate(one, published);
            rotate(other, published);
            awaitPublished(other, 2);
            assertThat(published(one)).hasSize(2).contains(old);
            assertThat(kid(login(one))).as("published, but not signing yet").isEqualTo(old);
            assertThat(kid(login(other))).isEqualTo(old);
            assertThat(signs(one, published.plus(SigningKeys.PUBLICATION).minusSeconds(1))).isEqualTo(old);
            assertThat(signs(other, published.plus(SigningKeys.PUBLICATION).plusSeconds(1))).isNotEqualTo(old);

            // Now is then: the new key signs, on both nodes.
            one.sql().useHandle(handle -> handle.execute("update signing_keys set signs_from = now() where signs_from > now()"));
            awaitSigning(one, old);
            awaitSigning(other, old);
            var second = login(one);
            assertThat(me(other, first)).as("the old key's token").isEqualTo(200);
            assertThat(me(other, second)).isEqualTo(200);

            rotate(one, Instant.now().plus(AccessTokens.LIFE));
            assertThat(published(one)).as("the last token of the old key may still be good").contains(old);

            rotate(one, Instant.now().plus(Duration.ofMinutes(21)));
            awaitPublished(other, 1);
            awaitPublished(one, 1);
            assertThat(published(one)).doesNotContain(old);
            assertThat(me(other, first)).as("of a key that is gone, though it was found genuine before").isEqualTo(401);
            assertThat(me(one, second)).isEqualTo(200);
        }
    }

    @Test
    void canAllBeDeletedToVoidAllTokens() {
        var database = TestPostgres.freshDatabase();
        try (var one = GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(database).start();
             var other = GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(database).start()) {
            var token = login(one);
            assertThat(me(other, token)).isEqualTo(200);

            one.sql().useHandle(handle -> handle.execute("delete from signing_keys"));

            awaitSigning(one, kid(token));
            awaitSigning(other, kid(token));
            await(() -> me(other, token) == 401);
            await(() -> me(other, login(one)) == 200);
            assertThat(published(one)).hasSize(1).isEqualTo(published(other));
        }
    }

    private static void rotate(GatehouseServer server, Instant now) {
        var keys = server.bean(SigningKeys.class);
        server.bean(Transactions.class).write(handle -> {
            keys.rotate(handle, now);
            return null;
        });
    }

    private static String login(GatehouseServer server) {
        return ApiClient.anonymous(server).login(GatehouseServer.ADMINISTRATOR, GatehouseServer.PASSWORD).textAt("access_token");
    }

    private static int me(GatehouseServer server, String token) {
        return ApiClient.withToken(server, token).get("/me").status();
    }

    private static String kid(String token) {
        try {
            return SignedJWT.parse(token).getHeader().getKeyID();
        } catch (ParseException e) {
            throw new AssertionError(e);
        }
    }

    private static String signs(GatehouseServer server, Instant now) {
        try {
            return server.bean(SigningKeys.class).sign(new JWTClaimsSet.Builder().build(), now).getHeader().getKeyID();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> published(GatehouseServer server) {
        return server.bean(SigningKeys.class).published().getKeys().stream().map(JWK::getKeyID).toList();
    }

    /** Told by a notification, which a node that did not make the change itself need not have had yet. */
    private static void awaitPublished(GatehouseServer server, int count) {
        await(() -> published(server).size() == count);
    }

    private static void awaitSigning(GatehouseServer server, String old) {
        await(() -> !signs(server, Instant.now()).equals(old));
    }

    private static void await(BooleanSupplier event) {
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            while (!event.getAsBoolean()) {
                Thread.onSpinWait();
            }
        });
    }
}
