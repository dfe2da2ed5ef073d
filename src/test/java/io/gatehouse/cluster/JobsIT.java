package io.gatehouse.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobsIT {

    private static GatehouseServer server;
    private static TestLayout layout;
    private static ApiClient administrator;
    private static ApiClient alice;
    private static ApiClient bob;

    @BeforeAll
    static void start() {
        server = GatehouseServer.start();
        layout = new TestLayout(server);
        administrator = ApiClient.administrator(server);
        alice = layout.user("alice");
        bob = layout.user("bob");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Answer create(String name) {
        return administrator.post("/jobs", "{\"name\": \"" + name + "\"}");
    }

    private static String path(Answer job) {
        return "/jobs/" + job.at("id");
    }

    private static String jobOf(String username) {
        return "/jobs/" + layout.insert("""
                insert into jobs (name, created_by) values ('work', (select uid_number from users where username = '%s')) returning id"""
                .formatted(username));
    }

    private static Answer move(String job, String status) {
        return administrator.patch(job, "{\"status\": \"" + status + "\"}");
    }

    @Test
    void beginAsPending() {
        var job = administrator.post("/jobs", """
                {"name": "Create web1", "associatedResource": "container:web1"}""");

        assertThat(job.status()).as(job.text()).isEqualTo(201);
        assertThat(job.header("Location")).isEqualTo("/api/v1" + path(job));
        assertThat(job.header("ETag")).matches("\"[0-9]+\"");
        assertThat(job.object()).containsEntry("name", "Create web1").containsEntry("associatedResource", "container:web1")
                .containsEntry("status", "pending").containsEntry("createdBy", GatehouseServer.ADMINISTRATOR)
                .containsEntry("startedAt", null).containsEntry("endedAt", null);
        assertThat(administrator.get(path(job)).object()).isEqualTo(job.object());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "name | {}", "name | {\"name\": \"\"}", "name | {\"name\": \"a\\nb\"}", "associatedResource | {\"name\": \"a\", \"associatedResource\": \" \"}",
            "status | {\"name\": \"a\", \"status\": \"running\"}"})
    void refuseValuesThatBreakARule(String field, String json) {
        var refusal = administrator.post("/jobs", json);

        assertThat(refusal.status()).isEqualTo(422);
        assertThat(refusal.at("field")).isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource({"pending running", "pending cancelled", "pending failure", "running success", "running failure", "running cancelled"})
    void moveOn(String transition) {
        var ends = transition.split(" ");
        var job = path(create("mover"));
        if (!ends[0].equals("pending")) {
            move(job, ends[0]);
        }

        var moved = move(job, ends[1]);
        assertThat(moved.status()).as(moved.text()).isEqualTo(200);
        assertThat(moved.at("status")).isEqualTo(ends[1]);
        assertThat(moved.at("endedAt") != null).isEqualTo(!ends[1].equals("running"));
        assertThat(moved.at("startedAt") != null).isEqualTo(transition.contains("running"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pending success", "running pending", "success running", "success failure", "failure pending", "cancelled running"})
    void doNotMoveBackNorOnAfterTheirEnd(String transition) {
        var ends = transition.split(" ");
        var job = path(create("stays"));
        if (ends[0].equals("success") || ends[0].equals("running")) {
            move(job, "running");
        }
        if (!ends[0].equals("pending")) {
            move(job, ends[0]);
        }

        var refusal = move(job, ends[1]);
        assertThat(refusal.status()).isEqualTo(409);
        assertThat(refusal.at("field")).isEqualTo("status");
        assertThat(administrator.get(job).at("status")).isEqualTo(ends[0]);
        assertThat(move(job, ends[0]).status()).as("what it is already").isEqualTo(200);
    }

    @Test
    void areMovedByRulesAlone() {
        var job = create("patched");

        assertThat(administrator.patch(path(job), "{\"status\": \"done\"}").status()).isEqualTo(422);
        assertThat(administrator.patch(path(job), "{\"status\": null}").status()).isEqualTo(422);
        assertThat(administrator.patch(path(job), "{\"name\": \"other\"}").at("field")).isEqualTo("name");
        assertThat(administrator.patch(path(job), "{}").object()).isEqualTo(job.object());
        move(path(job), "running");
        var stale = TestRequests.send(server, "PATCH", path(job), Map.of("If-Match", job.header("ETag")), "{\"status\": \"success\"}");
        assertThat(stale.statusCode()).isEqualTo(412);
    }

    @Test
    void sayWhatTheyDoUntilTheyEnd() {
        var job = path(create("talker"));
        var first = administrator.post(job + "/statuses", "{\"message\": \"one\\ntwo\"}");
        assertThat(first.status()).as(first.text()).isEqualTo(201);
        assertThat(first.header("Location")).isEqualTo("/api/v1" + job + "/statuses");
        var second = administrator.post(job + "/statuses", "{\"message\": \"three\"}");

        var all = administrator.get(job + "/statuses");
        assertThat(all.items()).extracting(item -> item.get("message")).containsExactly("one\ntwo", "three");
        assertThat((long) second.at("id")).isGreaterThan((long) first.at("id"));
        var part = administrator.get(job + "/statuses?limit=1");
        assertThat(administrator.get(job + "/statuses?limit=1&cursor=" + part.at("next")).items())
                .extracting(item -> item.get("message")).containsExactly("three");

        move(job, "failure");
        assertThat(administrator.post(job + "/statuses", "{\"message\": \"late\"}").status()).isEqualTo(409);
        assertThat(administrator.get(job + "/statuses").items()).hasSize(2);
    }

    @Test
    void sayUpTo64KiBWithoutNul() {
        var job = path(create("big"));

        assertThat(administrator.post(job + "/statuses", "{\"message\": \"" + "é".repeat(32768) + "\"}").status()).isEqualTo(201);
        for (var message : List.of("é".repeat(32768) + "x", "", "a\\u0000b", "\\ud800")) {
            var refusal = administrator.post(job + "/statuses", "{\"message\": \"" + message + "\"}");
            assertThat(refusal.status()).isEqualTo(422);
            assertThat(refusal.at("field")).isEqualTo("message");
        }
        assertThat(administrator.post(job + "/statuses", "{}").status()).isEqualTo(422);
    }

    @Test
    void areSeenAndCancelledByTheirOwners() {
        var job = jobOf("alice");

        assertThat(alice.get(job).at("createdBy")).isEqualTo("alice");
        assertThat(alice.get(job + "/statuses").status()).isEqualTo(200);
        assertThat(bob.get(job).status()).isEqualTo(404);
        assertThat(bob.get(job + "/statuses").status()).isEqualTo(404);
        assertThat(bob.get(job + "/events").status()).isEqualTo(404);
        assertThat(bob.send("POST", job + "/cancel", null).status()).isEqualTo(404);
        assertThat(alice.patch(job, "{\"status\": \"running\"}").status()).isEqualTo(403);
        assertThat(alice.post(job + "/statuses", "{\"message\": \"x\"}").status()).isEqualTo(403);
        assertThat(alice.post("/jobs", "{\"name\": \"x\"}").status()).isEqualTo(403);

        assertThat(alice.send("POST", job + "/cancel", null).at("status")).isEqualTo("cancelled");
        assertThat(alice.send("POST", job + "/cancel", null).status()).as("cancelled is cancelled").isEqualTo(200);
        var ended = jobOf("alice");
        move(ended, "failure");
        assertThat(alice.send("POST", ended + "/cancel", null).status()).isEqualTo(409);
    }

    @Test
    void areListedAndFiltered() {
        var carol = layout.user("carol");
        var one = jobOf("carol");
        var two = jobOf("carol");
        move(two, "running");
        layout.execute("update jobs set associated_resource = 'container:x' where id = " + one.substring(6));

        assertThat(carol.get("/jobs").items()).extracting(item -> "/jobs/" + item.get("id")).containsExactly(one, two);
        assertThat(carol.get("/jobs?sort=-createdAt").items()).extracting(item -> "/jobs/" + item.get("id")).containsExactly(two, one);
        assertThat(carol.get("/jobs?createdBy=alice").items()).isEmpty();
        assertThat(administrator.get("/jobs?createdBy=carol&status=running").items()).extracting(item -> "/jobs/" + item.get("id")).containsExactly(two);
        assertThat(administrator.get("/jobs?associatedResource=container:x").items()).hasSize(1);
        assertThat(administrator.get("/jobs?q=CONTAINER:X").items()).hasSize(1);
        assertThat(administrator.get("/jobs?status=done").at("field")).isEqualTo("status");
    }

    @Test
    void areDrivenFromOutsideByAKeyWithThatScopeOnly() {
        administrator.post("/service-accounts", "{\"name\": \"runner\"}");
        var runner = withKeyOf("runner", "jobs:write");
        var reader = withKeyOf("runner", "jobs:read");

        var job = runner.post("/jobs", "{\"name\": \"driven\"}");
        assertThat(job.status()).as(job.text()).isEqualTo(201);
        assertThat(job.object()).containsEntry("createdBy", null);
        assertThat(runner.patch(path(job), "{\"status\": \"running\"}").status()).isEqualTo(200);
        assertThat(runner.post(path(job) + "/statuses", "{\"message\": \"x\"}").status()).isEqualTo(201);
        assertThat(runner.get("/containers").status()).isEqualTo(403);
        assertThat(reader.get(path(job) + "/statuses").items()).hasSize(1);
        assertThat(reader.post("/jobs", "{\"name\": \"x\"}").status()).isEqualTo(403);
        assertThat(reader.patch(path(job), "{\"status\": \"success\"}").status()).isEqualTo(403);
    }

    private static ApiClient withKeyOf(String serviceAccount, String scope) {
        var key = administrator.post("/api-keys", "{\"description\": \"for a test\", \"serviceAccount\": \"%s\", \"scopes\": [\"%s\"]}"
                .formatted(serviceAccount, scope));
        assertThat(key.status()).as(key.text()).isEqualTo(201);
        return ApiClient.withToken(server, key.textAt("key"));
    }

    @Test
    void outliveTheirOwners() {
        layout.user("dave");
        var job = jobOf("dave");
        move(job, "failure");

        assertThat(administrator.delete("/users/dave").status()).isEqualTo(204);
        assertThat(administrator.get(job).object()).containsEntry("createdBy", null).containsEntry("status", "failure");
    }

    @Test
    void areInTheAuditLogWithWhatChanged() {
        var job = create("audited");
        move(path(job), "running");
        administrator.send("POST", path(job) + "/cancel", null);

        var events = server.sql().withHandle(handle -> handle
                .createQuery("select action, detail::text as detail from audit_events where target = :target order by id")
                .bind("target", "job:" + job.at("id")).mapToMap().list());
        assertThat(events).extracting(event -> event.get("action"))
                .containsExactly("cluster.job.created", "cluster.job.modified", "cluster.job.cancelled");
        assertThat(events.get(2).get("detail").toString().replace(" ", ""))
                .isEqualTo("{\"changes\":{\"status\":{\"after\":\"cancelled\",\"before\":\"running\"}}}");
    }
}
