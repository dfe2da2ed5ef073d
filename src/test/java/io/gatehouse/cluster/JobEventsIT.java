package io.gatehouse.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.AtOnce;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two nodes on one database. */
class JobEventsIT {

    private static final String MASTER_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private static GatehouseServer server;
    private static GatehouseServer other;
    private static TestLayout layout;
    private static ApiClient administrator;

    @BeforeAll
    static void start() {
        var database = TestPostgres.freshDatabase();
        server = GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(database).start();
        other = GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(database).start();
        layout = new TestLayout(server);
        administrator = ApiClient.administrator(server);
    }

    @AfterAll
    static void stop() {
        other.close();
        server.close();
    }

    private static String job() {
        return "/jobs/" + administrator.post("/jobs", "{\"name\": \"work\"}").at("id");
    }

    private static void say(String job, String message) {
        assertThat(administrator.post(job + "/statuses", "{\"message\": \"" + message + "\"}").status()).isEqualTo(201);
    }

    private static void become(String job, String status) {
        assertThat(administrator.patch(job, "{\"status\": \"" + status + "\"}").status()).isEqualTo(200);
    }

    private static EventReader follow(GatehouseServer node, String job) throws Exception {
        return new EventReader(node, server.adminToken(), job + "/events", null);
    }

    /** Logs in a new user. */
    private static String tokenOf(String username) {
        layout.user(username);
        return ApiClient.anonymous(server).login(username, TestLayout.PASSWORD).textAt("access_token");
    }

    private static String jobOf(String username) {
        return "/jobs/" + layout.insert("insert into jobs (name, created_by) select 'work', uid_number from users where username = '"
                + username + "' returning id");
    }

    @Test
    void tellWhatThereIsAndThenWhatComesUntilTheEnd() throws Exception {
        var job = job();
        say(job, "one");
        try (var events = follow(server, job)) {
            events.assertStatus("pending");
            events.assertMessage("one");
            say(job, "two\\nthree");
            events.assertMessage("two\\nthree");
            become(job, "running");
            events.assertStatus("running");
            say(job, "four");
            become(job, "success");
            events.assertMessage("four");
            events.assertStatus("success");
            events.assertEnd();
        }
    }

    @Test
    void comeFromWhateverNodeItHappensOn() throws Exception {
        var job = job();
        try (var events = follow(other, job)) {
            events.assertStatus("pending");
            say(job, "seen elsewhere");
            events.assertMessage("seen elsewhere");
            become(job, "cancelled");
            events.assertStatus("cancelled");
            events.assertEnd();
        }
    }

    @Test
    void goOnBehindTheLastOneThatWasSeen() throws Exception {
        var job = job();
        for (int i = 0; i < 3 * JobWatch.BATCH; i++) {
            say(job, "message " + i);
        }
        String seen;
        try (var events = follow(server, job)) {
            events.assertStatus("pending");
            events.assertMessage("message 0");
            seen = events.assertMessage("message 1");
        }
        become(job, "failure");
        try (var events = new EventReader(other, server.adminToken(), job + "/events", seen)) {
            for (int i = 2; i < 3 * JobWatch.BATCH; i++) {
                events.assertMessage("message " + i);
            }
            events.assertStatus("failure");
            events.assertEnd();
        }
    }

    @Test
    void areRefusedBehindSomethingThatIsNoMessage() {
        var job = job();
        for (var id : new String[] {"x", "-1", "99999999999999999999"}) {
            var refusal = new Answer(TestRequests.send(server, "GET", job + "/events", Map.of("Last-Event-ID", id), null));
            assertThat(refusal.status()).isEqualTo(422);
            assertThat(refusal.at("field")).isEqualTo("Last-Event-ID");
        }
    }

    @Test
    void areForTheOwnerOfTheJobAndAdministrators() throws Exception {
        var token = tokenOf("owner");
        layout.user("stranger");
        var job = jobOf("owner");

        var stranger = ApiClient.user(server, "stranger", TestLayout.PASSWORD);
        assertThat(stranger.get(job + "/events").status()).isEqualTo(404);
        assertThat(ApiClient.anonymous(server).get(job + "/events").status()).isEqualTo(401);
        try (var events = new EventReader(server, token, job + "/events", null)) {
            events.assertStatus("pending");
        }
    }

    @Test
    void breakOffWhenTheirReaderIsSuspended() throws Exception {
        var token = tokenOf("suspended");
        var job = jobOf("suspended");
        try (var here = new EventReader(server, token, job + "/events", null); var there = new EventReader(other, token, job + "/events", null)) {
            here.assertStatus("pending");
            there.assertStatus("pending");
            administrator.post("/users/suspended/suspend", "{\"reason\": \"gone\"}");
            say(job, "secret");
            here.assertEnd();
            there.assertEnd();
        }
    }

    @Test
    void breakOffWhenTheirReaderIsNoAdministratorAnyMore() throws Exception {
        var token = tokenOf("demoted");
        administrator.put("/groups/sysadmins/members/demoted", null);
        try (var events = new EventReader(server, token, job() + "/events", null)) {
            events.assertStatus("pending");
            administrator.delete("/groups/sysadmins/members/demoted");
            events.assertEnd();
        }
    }

    @Test
    void breakOffWhenTheSessionIsFoundToHaveEnded() throws Exception {
        var token = tokenOf("logged-out");
        var job = jobOf("logged-out");
        try (var events = new EventReader(server, token, job + "/events", null)) {
            events.assertStatus("pending");
            layout.execute("delete from sessions where uid_number = (select uid_number from users where username = 'logged-out')");
            server.bean(JobEvents.class).tick();
            events.assertEnd();
        }
    }

    @Test
    void showThatTheConnectionIsAlive() throws Exception {
        var job = job();
        try (var events = follow(server, job)) {
            events.assertStatus("pending");
            server.bean(JobEvents.class).tick();
            assertThat(events.next()).isEqualTo(":");
            say(job, "still here");
            events.assertMessage("still here");
        }
    }

    @Test
    void areForgottenWhenTheirReaderGoes() throws Exception {
        var job = job();
        var watches = other.bean(JobEvents.class);
        try (var events = follow(other, job)) {
            events.assertStatus("pending");
            assertThat(watches.watching()).isPositive();
        }
        var limit = Instant.now().plus(Duration.ofSeconds(20));
        while (watches.watching() > 0 && Instant.now().isBefore(limit)) {
            Thread.onSpinWait();
        }
        assertThat(watches.watching()).isZero();
    }

    @Test
    void comeOnceAndInTheirOrderHoweverManyWrite() throws Exception {
        var job = job();
        try (var events = follow(other, job)) {
            events.assertStatus("pending");
            var answers = AtOnce.call(50, i -> administrator.post(job + "/statuses", "{\"message\": \"one of many\"}"));
            assertThat(answers).extracting(Answer::status).containsOnly(201);
            long last = 0;
            for (int i = 0; i < 50; i++) {
                long id = Long.parseLong(events.assertMessage("one of many"));
                assertThat(id).isGreaterThan(last);
                last = id;
            }
            become(job, "failure");
            events.assertStatus("failure");
            events.assertEnd();
        }
    }

    @Test
    void haveNothingBehindTheEndHoweverManyWrite() throws Exception {
        var job = job();
        become(job, "running");
        try (var events = follow(server, job)) {
            events.assertStatus("running");
            var answers = AtOnce.call(50, i -> i == 25
                    ? administrator.patch(job, "{\"status\": \"success\"}")
                    : administrator.post(job + "/statuses", "{\"message\": \"one of many\"}"));
            assertThat(answers).extracting(Answer::status).isSubsetOf(200, 201, 409);
            long said = answers.stream().filter(answer -> answer.status() == 201).count();
            for (int i = 0; i < said; i++) {
                events.assertMessage("one of many");
            }
            events.assertStatus("success");
            events.assertEnd();
        }
    }
}
