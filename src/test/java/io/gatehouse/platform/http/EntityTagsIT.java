package io.gatehouse.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.GatehouseServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for the entity tags of all resources, seen at a group. */
class EntityTagsIT {

    private static final String PATH = "/api/v1/groups/tagged";
    private static GatehouseServer server;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        server = GatehouseServer.start();
        assertThat(server.send("POST", "/api/v1/groups", "{\"cn\": \"tagged\", \"description\": \"0\"}").headers().firstValue("ETag")).isPresent();
    }

    @AfterAll
    static void stop() {
        server.close();
        HTTP.close();
    }

    @Test
    void areTheSameUntilTheResourceChanges() throws Exception {
        var tag = tag();

        assertThat(tag()).isEqualTo(tag);
        assertThat(patch("*", "changed").statusCode()).isEqualTo(200);
        assertThat(tag()).isNotEqualTo(tag);
    }

    @Test
    void saveReadingAgainWhatIsKnown() throws Exception {
        var tag = tag();

        for (var known : List.of(tag, "W/" + tag, "\"0\", " + tag, "*")) {
            var answer = send("GET", "If-None-Match", known, null);
            assertThat(answer.statusCode()).as(known).isEqualTo(304);
            assertThat(answer.body()).isEmpty();
            assertThat(answer.headers().firstValue("ETag")).hasValue(tag);
        }
        assertThat(send("GET", "If-None-Match", "\"0\"", null).statusCode()).isEqualTo(200);
    }

    @Test
    void keepAChangeFromASpoiltState() throws Exception {
        var stale = tag();
        assertThat(patch(stale, "first").statusCode()).isEqualTo(200);

        var refusal = patch(stale, "second");

        assertThat(refusal.statusCode()).isEqualTo(412);
        assertThat(refusal.body()).contains("urn:gatehouse:problem:precondition-failed");
        assertThat(server.send("GET", PATH, null).body()).contains("first").doesNotContain("second");
        assertThat(send("DELETE", "If-Match", stale, null).statusCode()).isEqualTo(412);
    }

    @Test
    void keepAnActionFromASpoiltState() {
        server.send("POST", "/api/v1/users", "{\"username\": \"acted-on\"}");
        server.send("POST", "/api/v1/service-accounts", "{\"name\": \"acted-on\"}");
        var stale = Map.of("If-Match", "\"0\"");

        for (var action : List.of("users/acted-on/suspend", "users/acted-on/activate", "service-accounts/acted-on/rotate")) {
            var body = action.endsWith("suspend") ? "{\"reason\": \"gone\"}" : null;
            assertThat(server.send("POST", "/api/v1/" + action, server.adminToken(), body, stale).statusCode()).as(action).isEqualTo(412);
            assertThat(server.send("POST", "/api/v1/" + action, body).statusCode()).as(action).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"42", "\"42", "W/42", "\"1\" \"2\"", "\"1\",", ",", "*, \"1\"", "W/\"1\";x"})
    void areRefusedWhenTheyAreNone(String header) throws Exception {
        assertThat(patch(header, "not this").statusCode()).isEqualTo(400);
        assertThat(server.send("GET", PATH, null).body()).doesNotContain("not this");
    }

    @Test
    void neverMatchAWeakOne() throws Exception {
        assertThat(patch("W/" + tag(), "not this").statusCode()).isEqualTo(412);
    }

    @Test
    void keepEveryOneOfManyChangesAtOnce() throws Exception {
        assertThat(patch("*", "0").statusCode()).isEqualTo(200);
        int people = 50;
        try (var threads = Executors.newFixedThreadPool(people)) {
            var increments = new ArrayList<Callable<Void>>();
            for (int i = 0; i < people; i++) {
                increments.add(EntityTagsIT::increment);
            }
            for (var increment : threads.invokeAll(increments)) {
                increment.get();
            }
        }

        assertThat(server.send("GET", PATH, null).body()).contains("\"description\":\"" + people + "\"");
    }

    private static Void increment() throws Exception {
        for (int attempt = 0; attempt < 1000; attempt++) {
            var read = server.send("GET", PATH, null);
            int count = Integer.parseInt(read.body().replaceFirst("(?s).*\"description\":\"(\\d+)\".*", "$1"));
            int status = patch(read.headers().firstValue("ETag").orElseThrow(), Integer.toString(count + 1)).statusCode();
            if (status == 200) {
                return null;
            }
            assertThat(status).isEqualTo(412);
        }
        throw new AssertionError("never got through");
    }

    private static String tag() {
        return server.send("GET", PATH, null).headers().firstValue("ETag").orElseThrow();
    }

    private static HttpResponse<String> patch(String ifMatch, String description) throws Exception {
        return send("PATCH", "If-Match", ifMatch, "{\"description\": \"" + description + "\"}");
    }

    private static HttpResponse<String> send(String method, String header, String value, String json) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(server.httpUrl() + PATH))
                .header("Authorization", "Bearer " + server.adminToken())
                .header(header, value)
                .header("Content-Type", "application/json")
                .method(method, json == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(json))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
