package io.gatehouse.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.GatehouseServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemsIT {

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
    void unknownPathsAreNotFoundForEverybody() {
        assertProblem(administrator.get("/nothing-here"), 404, "not-found");
        assertProblem(anonymous.get("/nothing-here"), 404, "not-found");
        assertProblem(anonymous.get("/users/alice/nothing/here"), 404, "not-found");
    }

    @Test
    void methodsThatAPathDoesNotHaveAreRefusedWithThoseItHas() {
        var answer = administrator.put("/users", "{}");

        assertProblem(answer, 405, "method-not-allowed");
        assertThat(answer.header("Allow")).contains("GET", "POST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"username\": ", "{\"username\": \"a\"} x", "username=a", "[]", "null", "\"a\"", "{'username': 'a'}", "{\"username\": \"a\", \"username\": \"b\"}", "{\"username\": nil}", "{\"username\": \"\u0001\"}"})
    void bodiesThatAreNoJsonObjectAreMalformed(String body) {
        assertProblem(administrator.post("/users", body), 400, "malformed-request");
        assertProblem(administrator.patch("/users/" + GatehouseServer.ADMINISTRATOR, body), 400, "malformed-request");
    }

    @Test
    void missingBodiesAreMalformed() {
        assertProblem(administrator.post("/users", null), 400, "malformed-request");
        assertProblem(administrator.post("/users", ""), 400, "malformed-request");
    }

    @Test
    void unknownFieldsAndWrongTypesAreNamedButNotRepeated() {
        var unknown = administrator.post("/users", "{\"username\": \"mallory\", \"pasword\": \"sesame open sesame\"}");
        assertProblem(unknown, 422, "invalid-value");
        assertThat(unknown.at("field")).isEqualTo("pasword");
        assertThat(unknown.text()).doesNotContain("sesame");

        var type = administrator.post("/users", "{\"username\": \"mallory\", \"password\": [\"sesame open sesame\"]}");
        assertProblem(type, 422, "invalid-value");
        assertThat(type.at("field")).isEqualTo("password");
        assertThat(type.text()).doesNotContain("sesame");
    }

    @Test
    void parametersOfTheWrongTypeAreNamed() {
        var answer = administrator.get("/users?limit=many");

        assertProblem(answer, 422, "invalid-value");
        assertThat(answer.at("field")).isEqualTo("limit");
    }

    @Test
    void bodiesAboveOneMebibyteAreRefused() {
        assertProblem(administrator.post("/users", "{\"gecos\": \"" + "x".repeat(1 << 20) + "\"}"), 413, "request-entity-too-large");
        assertProblem(anonymous.post("/auth/login", "{\"username\": \"" + "x".repeat(1 << 20) + "\"}"), 413, "request-entity-too-large");
    }

    @Test
    void longValuesAreCutShort() {
        var answer = administrator.post("/users", "{\"username\": \"" + "x".repeat(100_000) + "\"}");

        assertProblem(answer, 422, "invalid-value");
        assertThat(answer.textAt("value")).hasSizeLessThan(300).startsWith("xxx").endsWith("...");
    }

    @Test
    void otherMediaTypesAreRefused() throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var answer = new Answer(client.send(HttpRequest.newBuilder(URI.create(server.httpUrl() + "/api/v1/auth/login"))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString("username=a&password=b")).build(), HttpResponse.BodyHandlers.ofString()));

            assertProblem(answer, 415, "unsupported-media-type");
        }
    }

    @Test
    void deeplyNestedBodiesAreRefused() {
        var deep = "{\"username\": " + "[".repeat(100_000) + "]".repeat(100_000) + "}";

        assertProblem(anonymous.post("/auth/login", deep), 400, "malformed-request");
        assertThat(anonymous.get("/auth/nothing").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/users/%00", "/users/%FF", "/users/..%2F", "/users/a%20b", "/users/ALICE", "/groups/%00", "/groups/%E2%82%AC",
            "/service-accounts/%00", "/groups/ldapusers/members?cursor=AAAA", "/users?cursor=AAAA", "/users?limit=-1", "/audit?cursor=AAAA",
            "/audit?cursor=eA", "/audit?cursor=OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "/sssd.conf?serviceAccount=%00"})
    void strangeNamesAndCursorsAreRefusedNotFailedUpon(String path) {
        assertThat(administrator.get(path).status()).isIn(400, 404, 422);
    }

    @Test
    void whoIsNotLoggedInLearnsHow() {
        var answer = anonymous.get("/users");

        assertProblem(answer, 401, "not-authenticated");
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
    }

    @Test
    void healthTellsNoSecretsToAnybody() {
        var answer = new Answer(server.send("GET", "/health", null, null));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.at("status")).isEqualTo("UP");
        assertThat(List.of("database", "changeFeed", "ldap", "process")).allSatisfy(part ->
                assertThat(answer.at("details." + part + ".status")).isEqualTo("UP"));
        assertThat(answer.text()).doesNotContain("jdbc", "postgres", "/");
    }

    private static void assertProblem(Answer answer, int status, String type) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.at("type")).isEqualTo("urn:gatehouse:problem:" + type);
        assertThat(((Number) answer.at("status")).intValue()).isEqualTo(status);
    }
}
