package io.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.platform.RecurringTasks;
import io.gatehouse.platform.StartupFailure;
import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.MailBox;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegistrationIT {

    private static final String PASSWORD = "seven bridges of ...";

    @Test
    void makesTheFirstUserAnAdministratorByTheBootstrapToken() {
        try (var server = withoutUsers()) {
            var answer = register(server, "first", server.bootstrapToken());

            assertThat(answer.status()).as(answer.text()).isEqualTo(201);
            assertThat(answer.object()).containsEntry("status", "active").containsEntry("isAdministrator", true)
                    .containsEntry("groups", List.of("ldapusers", "sysadmins")).containsEntry("uidNumber", 2000L);
            assertThat(answer.text()).doesNotContain(PASSWORD);
            assertThat(ApiClient.user(server, "first", PASSWORD).get("/users").status()).isEqualTo(200);
        }
    }

    @Test
    void needsTheTokenWhileThereAreNoUsersAndVoidsItThen() {
        try (var server = withoutUsers()) {
            var token = server.bootstrapToken();

            assertThat(register(server, "first", null).status()).isEqualTo(403);
            assertThat(register(server, "first", "guess").status()).isEqualTo(403);
            assertThat(register(server, "first", token.substring(1)).status()).isEqualTo(403);
            assertThat(server.bean(Users.class).find("first")).isEmpty();

            assertThat(register(server, "first", token).status()).isEqualTo(201);
            assertThat(server.bean(Bootstrap.class).token()).isEmpty();
            assertThat(register(server, "second", token).status()).isEqualTo(403);
        }
    }

    @Test
    void keepsTheTokenWhenTheFirstUserIsRefused() {
        try (var server = withoutUsers()) {
            var token = server.bootstrapToken();

            assertThat(register(server, "root", token).status()).isEqualTo(422);
            assertThat(ApiClient.anonymous(server).post("/auth/register", """
                    {"username": "first", "password": "short", "bootstrapToken": "%s"}""".formatted(token)).at("field")).isEqualTo("password");
            assertThat(server.bootstrapToken()).isEqualTo(token);
        }
    }

    @Test
    void makesEverybodyElseWaitForApproval() {
        try (var server = GatehouseServer.start()) {
            var answer = register(server, "hopeful", null);

            assertThat(answer.status()).as(answer.text()).isEqualTo(202);
            assertThat(answer.text()).isEmpty();
            assertThat(ApiClient.administrator(server).get("/users/hopeful").object())
                    .containsEntry("status", "pending").containsEntry("groups", List.of("ldapusers"));
            assertThat(ApiClient.anonymous(server).login("hopeful", PASSWORD).status()).isEqualTo(401);

            assertThat(ApiClient.administrator(server).post("/users/hopeful/activate", null).status()).isEqualTo(200);
            assertThat(ApiClient.user(server, "hopeful", PASSWORD).get("/me").at("isAdministrator")).isEqualTo(false);
        }
    }

    @Test
    void takesNeitherRolesNorAMissingPassword() {
        try (var server = GatehouseServer.start()) {
            var anonymous = ApiClient.anonymous(server);

            for (var field : List.of("status", "groups", "uidNumber", "isAdministrator", "homeDirectory")) {
                assertThat(anonymous.post("/auth/register", """
                        {"username": "sneaky", "password": "%s", "%s": "active"}""".formatted(PASSWORD, field)).at("field")).isEqualTo(field);
            }
            assertThat(anonymous.post("/auth/register", "{\"username\": \"sneaky\"}").at("field")).isEqualTo("password");
        }
    }

    @Test
    void isRefusedWhenTooManyWait() {
        try (var server = GatehouseServer.with("gatehouse.max-registrations", 2).start()) {
            assertThat(register(server, "one", null).status()).isEqualTo(202);
            assertThat(register(server, "two", null).status()).isEqualTo(202);
            assertThat(register(server, "three", null).status()).isEqualTo(403);

            ApiClient.administrator(server).post("/users/one/activate", null);
            assertThat(register(server, "three", null).status()).isEqualTo(202);
        }
        assertThatThrownBy(() -> GatehouseServer.with("gatehouse.max-registrations", 0).start())
                .isInstanceOf(StartupFailure.class).hasMessageContaining("registration_open");
    }

    @Test
    void isByInvitationOnlyWhileItIsNotOpen() {
        try (var server = GatehouseServer.start()) {
            var administrator = ApiClient.administrator(server);
            administrator.put("/settings/registration_open", "{\"value\": \"false\"}");
            assertThat(register(server, "hopeful", null).textAt("detail")).contains("by invitation");

            administrator.delete("/settings/registration_open");
            assertThat(register(server, "hopeful", null).status()).isEqualTo(202);
        }
    }

    @Test
    void endsWhenNobodyApprovesOrTouchesItForLong() throws Exception {
        try (var box = new MailBox(); var server = box.sender().start()) {
            var administrator = ApiClient.administrator(server);
            withMail(server, "waiting", "waiting@example.org");
            withMail(server, "touched", "touched@example.org");
            withMail(server, "approved", "approved@example.org");
            administrator.post("/users", "{\"username\": \"made\", \"status\": \"pending\"}");
            administrator.post("/users/approved/activate", null);
            age(server, 30);
            administrator.patch("/users/touched", "{\"gecos\": \"asked who he is\"}");

            server.bean(RecurringTasks.class).run(server.bean(RegistrationEnds.class));

            for (var left : List.of("touched", "approved", "made")) {
                assertThat(administrator.get("/users/" + left).status()).as(left).isEqualTo(200);
            }
            assertThat(administrator.get("/users/waiting").status()).isEqualTo(404);
            assertThat(administrator.get("/audit?action=identity.user.deleted&target=user:waiting").text())
                    .contains("\"type\":\"system\"", "\"by\":\"registration_lifetime\"");
            assertThat(box.await(5)).extracting(letter -> letter.to() + ": " + letter.subject())
                    .contains("waiting@example.org: Your registration as waiting at gatehouse.example.org has ended");
            assertThat(withMail(server, "waiting2", "waiting@example.org").status()).isEqualTo(202);
            assertThat(administrator.get("/users/waiting2").object()).containsEntry("mail", "waiting@example.org");
        }
    }

    @Test
    void endsAsSoonAsTheSettingSays() throws Exception {
        try (var server = GatehouseServer.start()) {
            var administrator = ApiClient.administrator(server);
            register(server, "hopeful", null);
            age(server, 29);
            server.bean(RecurringTasks.class).run(server.bean(RegistrationEnds.class));
            assertThat(administrator.get("/users/hopeful").status()).isEqualTo(200);

            administrator.put("/settings/registration_lifetime", "{\"value\": \"29d\"}");
            server.bean(RecurringTasks.class).run(server.bean(RegistrationEnds.class));
            assertThat(administrator.get("/users/hopeful").status()).isEqualTo(404);
        }
    }

    /** As if nobody had done anything for so many days. */
    private static void age(GatehouseServer server, int days) throws SQLException {
        try (var connection = server.database().connect(server.database().superuser()); var statement = connection.createStatement()) {
            statement.execute("set session_replication_role = replica");
            statement.execute("update users set updated_at = updated_at - interval '" + days + " days'");
        }
    }

    @Test
    void doesNotTellWhetherAnAddressBelongsToSomebody() {
        try (var server = GatehouseServer.start()) {
            var administrator = ApiClient.administrator(server);
            administrator.post("/users", "{\"username\": \"owner\", \"mail\": \"Owner@example.org\"}");
            administrator.post("/invitations", "{\"mails\": [\"invited@example.org\"]}");

            var free = withMail(server, "one", "free@example.org");
            assertThat(free.status()).isEqualTo(202);
            for (var mail : List.of("owner@Example.org", "invited@example.org")) {
                var name = mail.substring(0, 3);
                var taken = withMail(server, name, mail);

                assertThat(taken.status()).isEqualTo(free.status());
                assertThat(taken.text()).isEqualTo(free.text());
                assertThat(taken.response().headers().map().keySet()).isEqualTo(free.response().headers().map().keySet());
                assertThat(administrator.get("/users/" + name).object()).containsEntry("status", "pending").containsEntry("mail", null);
                assertThat(administrator.get("/users/" + name).textAt("statusReason")).contains("mail address");
                assertThat(withMail(server, name, "another@example.org").status()).isEqualTo(409);
            }
            assertThat(withMail(server, "one", "another@example.org").status()).isEqualTo(409);
            assertThat(administrator.get("/users/one").at("mail")).isEqualTo("free@example.org");
        }
    }

    /** To hash a password takes most of the time here: who refuses without, or answers before, is twice as fast. */
    @Test
    void takesAsLongWhetherAnAddressBelongsToSomebodyOrNot() {
        try (var server = GatehouseServer.with("gatehouse.max-registrations", 1_000)
                .with("gatehouse.argon2.memory-kib", 32_768).with("gatehouse.argon2.iterations", 2).start()) {
            ApiClient.administrator(server).post("/users", "{\"username\": \"owner\", \"mail\": \"owner@example.org\"}");
            var free = new ArrayList<Long>();
            var taken = new ArrayList<Long>();
            for (int i = 0; i < 40; i++) {
                free.add(nanos(server, "free" + i, "free" + i + "@example.org"));
                taken.add(nanos(server, "taken" + i, "owner@example.org"));
            }
            assertThat((double) median(taken) / median(free)).as("%s and %s", taken, free).isBetween(0.5, 2.0);
        }
    }

    private static long nanos(GatehouseServer server, String username, String mail) {
        long start = System.nanoTime();
        assertThat(withMail(server, username, mail).status()).isEqualTo(202);
        return System.nanoTime() - start;
    }

    private static long median(List<Long> times) {
        return times.stream().sorted().toList().get(times.size() / 2);
    }

    @Test
    void refusesAddressesThatAreMoreThanOne() {
        try (var server = GatehouseServer.start()) {
            for (var mail : List.of("a@example.org\\r\\nBcc: b@example.org", "a@example.org\\nSubject: x", "a@example.org,b@example.org", "<a@example.org>",
                    "a@example.org\\u2028Bcc: b@example.org")) {
                assertThat(withMail(server, "sneaky", mail).at("field")).as(mail).isEqualTo("mail");
            }
        }
    }

    private static Answer withMail(GatehouseServer server, String username, String mail) {
        return ApiClient.anonymous(server).post("/auth/register", """
                {"username": "%s", "mail": "%s", "password": "%s"}""".formatted(username, mail, PASSWORD));
    }

    private static GatehouseServer withoutUsers() {
        return GatehouseServer.with("gatehouse.admin-username", "").with("gatehouse.admin-password", "").start();
    }

    private static Answer register(GatehouseServer server, String username, String token) {
        return ApiClient.anonymous(server).post("/auth/register", """
                {"username": "%s", "password": "%s"%s}""".formatted(username, PASSWORD, token == null ? "" : ", \"bootstrapToken\": \"" + token + "\""));
    }

    @Test
    void isLimitedForEachAddress() throws Exception {
        try (var strict = GatehouseServer.with("gatehouse.requests.per-address", 2).with("gatehouse.trusted-proxies", "127.0.0.1").start()) {
            assertThat(from("203.0.113.9", "one", strict).statusCode()).isEqualTo(202);
            assertThat(from("203.0.113.9", "two", strict).statusCode()).isEqualTo(202);

            var refused = from("203.0.113.9", "three", strict);

            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow()).isBetween(3500L, 3600L);
            assertThat(from("203.0.113.10", "three", strict).statusCode()).isEqualTo(202);
        }
    }

    private static HttpResponse<String> from(String address, String username, GatehouseServer server) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create(server.httpUrl() + "/api/v1/auth/register"))
                    .header("X-Forwarded-For", address).header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"username\": \"" + username + "\", \"password\": \"seven bridges of ...\"}"))
                    .build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
