package io.gatehouse.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.RecurringTasks;
import io.gatehouse.testing.GatehouseServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeysIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String CREDENTIALS =
            "{\"username\": \"" + GatehouseServer.ADMINISTRATOR + "\", \"password\": \"" + GatehouseServer.PASSWORD + "\"}";
    private static GatehouseServer server;

    @BeforeAll
    static void start() {
        server = GatehouseServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
        HTTP.close();
    }

    @Test
    void makeACreationHappenOnceAndAnswerTwice() throws Exception {
        var first = create("key-1", "{\"cn\": \"once\"}");
        var second = create("key-1", "{\"cn\": \"once\"}");

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(second.statusCode()).isEqualTo(201);
        assertThat(second.body()).isEqualTo(first.body());
        for (var header : new String[] {"Location", "ETag", "Content-Type"}) {
            assertThat(second.headers().firstValue(header)).as(header).isPresent().isEqualTo(first.headers().firstValue(header));
        }
        assertThat(second.headers().firstValue("Idempotent-Replayed")).hasValue("true");
        assertThat(audited("group:once")).isEqualTo(1);
    }

    @Test
    void areRefusedForAnotherRequest() throws Exception {
        assertThat(create("key-2", "{\"cn\": \"mine\"}").statusCode()).isEqualTo(201);

        var refusal = create("key-2", "{\"cn\": \"other\"}");

        assertThat(refusal.statusCode()).isEqualTo(409);
        assertThat(refusal.body()).contains("\"field\":\"Idempotency-Key\"");
        assertThat(server.send("GET", "/api/v1/groups/other", null).statusCode()).isEqualTo(404);
        assertThat(post("/api/v1/service-accounts", "key-2", "{\"cn\": \"mine\"}", server.adminToken()).statusCode()).isEqualTo(409);
    }

    @Test
    void letWhatWasRefusedBeTriedAgain() throws Exception {
        assertThat(create("key-3", "{\"cn\": \"taken-for-now\"}").statusCode()).isEqualTo(201);
        assertThat(create("key-4", "{\"cn\": \"taken-for-now\"}").statusCode()).isEqualTo(409);
        assertThat(create("key-4", "not json").statusCode()).isEqualTo(400);
        server.send("DELETE", "/api/v1/groups/taken-for-now", null);

        assertThat(create("key-4", "{\"cn\": \"taken-for-now\"}").statusCode()).isEqualTo(201);
        int records = server.sql().withHandle(handle -> handle.createQuery("select count(*) from idempotency_keys where key = 'key-4'")
                .mapTo(int.class).one());
        assertThat(records).isEqualTo(1);
    }

    @Test
    void belongToWhoeverSentThem() throws Exception {
        server.send("POST", "/api/v1/users", "{\"username\": \"second\", \"password\": \"never guess this one\", \"groups\": [\"sysadmins\"]}");
        var login = server.send("POST", "/api/v1/auth/login", null, "{\"username\": \"second\", \"password\": \"never guess this one\"}");
        var token = login.body().replaceFirst("(?s).*\"access_token\":\"([^\"]+)\".*", "$1");
        assertThat(create("key-5", "{\"cn\": \"of-the-first\"}").statusCode()).isEqualTo(201);

        assertThat(post("/api/v1/groups", "key-5", "{\"cn\": \"of-the-second\"}", token).statusCode()).isEqualTo(201);
    }

    @Test
    void makeOneOfManyRequestsAtOnceHappen() throws Exception {
        int senders = 50;
        try (var threads = Executors.newFixedThreadPool(senders)) {
            var requests = new ArrayList<Callable<HttpResponse<String>>>();
            for (int i = 0; i < senders; i++) {
                requests.add(() -> post("/api/v1/service-accounts", "key-6", "{\"name\": \"agent\"}", server.adminToken()));
            }
            var answers = new ArrayList<HttpResponse<String>>();
            for (var answer : threads.invokeAll(requests)) {
                answers.add(answer.get());
            }

            assertThat(answers).allMatch(answer -> answer.statusCode() == 201);
            assertThat(answers.stream().map(HttpResponse::body).collect(Collectors.toSet())).hasSize(1);
        }
        assertThat(audited("service-account:agent")).isEqualTo(1);
    }

    @Test
    void keepAnswersWithSecretsEncrypted() throws Exception {
        var password = post("/api/v1/service-accounts", "key-7", "{\"name\": \"secretive\"}", server.adminToken()).body()
                .replaceFirst("(?s).*\"password\":\"([^\"]+)\".*", "$1");

        String stored = server.sql().withHandle(handle -> handle.createQuery("select encode(answer, 'escape') from idempotency_keys where key = 'key-7'")
                .mapTo(String.class).one());
        assertThat(stored).doesNotContain(password).doesNotContain("secretive");
    }

    @Test
    void areForgottenAfterADay() throws Exception {
        assertThat(create("key-8", "{\"cn\": \"yesterday\"}").statusCode()).isEqualTo(201);
        server.sql().useHandle(handle -> handle.execute("update idempotency_keys set created_at = created_at - interval '25 hours' where key = 'key-8'"));

        assertThat(create("key-8", "{\"cn\": \"today\"}").statusCode()).isEqualTo(201);
    }

    @Test
    void areRemovedAfterADay() throws Exception {
        assertThat(create("key-old", "{\"cn\": \"old\"}").statusCode()).isEqualTo(201);
        assertThat(create("key-new", "{\"cn\": \"new\"}").statusCode()).isEqualTo(201);
        server.sql().useHandle(handle -> handle.execute("update idempotency_keys set created_at = created_at - interval '25 hours' where key = 'key-old'"));

        server.bean(RecurringTasks.class).run(server.bean(ExpiredAnswers.class));

        List<String> left = server.sql().withHandle(handle ->
                handle.createQuery("select key from idempotency_keys where key in ('key-old', 'key-new')").mapTo(String.class).list());
        assertThat(left).containsExactly("key-new");
    }

    @Test
    void showTheChangeOverLdapWhenTheAnswerArrives() throws Exception {
        assertThat(create("key-9", "{\"cn\": \"seen-at-once\"}").statusCode()).isEqualTo(201);

        try (var ldap = server.ldapAsAdministrator()) {
            assertThat(ldap.getEntry("cn=seen-at-once,ou=groups," + server.baseDn())).isNotNull();
        }
    }

    @Test
    void doNotUndoTheEndOfASessionWhoseRefreshTokenIsUsedTwice() throws Exception {
        var login = server.send("POST", "/api/v1/auth/login", null, CREDENTIALS);
        var spent = "{\"refresh_token\": \"" + member(login, "refresh_token") + "\"}";
        var refreshed = server.send("POST", "/api/v1/auth/refresh", null, spent);
        assertThat(refreshed.statusCode()).isEqualTo(200);

        assertThat(post("/api/v1/auth/refresh", "key-10", spent, server.adminToken()).statusCode()).isEqualTo(401);

        assertThat(server.send("GET", "/api/v1/me", member(refreshed, "access_token"), null).statusCode()).isEqualTo(401);
    }

    @Test
    void doNotAnswerALoginWithTheTokensOfAnother() throws Exception {
        var first = post("/api/v1/auth/login", "key-11", CREDENTIALS, server.adminToken());
        var second = post("/api/v1/auth/login", "key-11", CREDENTIALS, server.adminToken());

        assertThat(member(second, "refresh_token")).isNotEqualTo(member(first, "refresh_token"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two words"})
    void areRefusedWhenTheyAreNone(String key) throws Exception {
        assertThat(create(key, "{\"cn\": \"never\"}").statusCode()).isEqualTo(400);
    }

    @Test
    void areRefusedWhenTheyAreTooLong() throws Exception {
        assertThat(create("k".repeat(256), "{\"cn\": \"never\"}").statusCode()).isEqualTo(400);
        assertThat(create("k".repeat(255), "{\"cn\": \"long-key\"}").statusCode()).isEqualTo(201);
    }

    private static String member(HttpResponse<String> answer, String name) {
        return answer.body().replaceFirst("(?s).*\"" + name + "\":\"([^\"]+)\".*", "$1");
    }

    private static long audited(String target) {
        return server.sql().withHandle(handle -> handle.createQuery("select count(*) from audit_events where target = :target")
                .bind("target", target).mapTo(long.class).one());
    }

    private static HttpResponse<String> create(String key, String json) throws Exception {
        return post("/api/v1/groups", key, json, server.adminToken());
    }

    private static HttpResponse<String> post(String path, String key, String json, String token) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(URI.create(server.httpUrl() + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(json)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
