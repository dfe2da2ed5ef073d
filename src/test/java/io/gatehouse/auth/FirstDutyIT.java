package io.gatehouse.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.Totp;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What people must do before anything else, over HTTP. */
class FirstDutyIT {

    private static final String PASSWORD = "told by the help desk";
    private static final String NEW = "chosen by its owner";
    private static final String MUST_CHANGE = "urn:gatehouse:problem:password-change-required";

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static GatehouseServer server;
    private static ApiClient administrator;

    @BeforeAll
    static void start() {
        server = GatehouseServer.start();
        administrator = ApiClient.administrator(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String person(boolean required, String... groups) {
        var username = "person" + NUMBER.incrementAndGet();
        var made = administrator.post("/users", """
                {"username": "%s", "password": "%s", "passwordChangeRequired": %s}""".formatted(username, PASSWORD, required));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.at("passwordChangeRequired")).isEqualTo(required);
        for (var group : groups) {
            administrator.put("/groups/" + group + "/members/" + username, null);
        }
        return username;
    }

    private static ApiClient loggedIn(String username) {
        return ApiClient.user(server, username, PASSWORD);
    }

    private static Answer change(ApiClient client, String username, String password) {
        return client.put("/users/" + username + "/password", """
                {"password": "%s", "currentPassword": "%s"}""".formatted(password, PASSWORD));
    }

    private static Object required(String username) {
        return administrator.get("/users/" + username).at("passwordChangeRequired");
    }

    private static void assertPasswordFirst(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(403);
        assertThat(answer.at("type")).isEqualTo(MUST_CHANGE);
        assertThat(answer.textAt("detail")).contains("PUT /api/v1/users/{username}/password");
    }

    @Test
    void aLoginSaysSoAndOpensNothingButTheChange() {
        var username = person(true, "sysadmins");
        var login = ApiClient.anonymous(server).login(username, PASSWORD);
        assertThat(login.status()).isEqualTo(200);
        assertThat(login.at("firstDuty")).isEqualTo("change-password");
        var client = ApiClient.withToken(server, login.textAt("access_token"));

        assertThat(client.get("/me").at("passwordChangeRequired")).isEqualTo(true);
        assertPasswordFirst(client.patch("/me", "{\"gecos\": \"x\"}"));
        assertPasswordFirst(client.get("/me/sessions"));
        assertPasswordFirst(client.post("/me/totp", null));
        assertPasswordFirst(client.post("/me/app-passwords", "{\"name\": \"phone\"}"));
        assertPasswordFirst(client.post("/api-keys", "{\"description\": \"x\", \"scopes\": [\"users:read\"]}"));
        assertPasswordFirst(client.get("/users"));
        assertPasswordFirst(client.patch("/users/" + username, "{\"passwordChangeRequired\": false}"));
        assertPasswordFirst(change(client, person(false), NEW));

        assertThat(change(client, username, NEW).status()).isEqualTo(204);
        assertThat(client.get("/me").status()).as("the session has ended").isEqualTo(401);
        var again = ApiClient.anonymous(server).login(username, NEW);
        assertThat(again.object()).containsEntry("firstDuty", null);
        assertThat(ApiClient.withToken(server, again.textAt("access_token")).get("/users").status()).isEqualTo(200);
        assertThat(required(username)).isEqualTo(false);
    }

    @Test
    void theNewPasswordIsAnotherOne() {
        var username = person(true);
        var refused = change(loggedIn(username), username, PASSWORD);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.at("field")).isEqualTo("password");
        assertThat(required(username)).isEqualTo(true);
    }

    @Test
    void whoeverIsLoggedInIsKeptToItAtOnceAndMayLogOut() {
        var username = person(false);
        var login = ApiClient.anonymous(server).login(username, PASSWORD);
        var client = ApiClient.withToken(server, login.textAt("access_token"));
        assertThat(client.get("/me/sessions").status()).isEqualTo(200);

        assertThat(administrator.patch("/users/" + username, "{\"passwordChangeRequired\": true}").at("passwordChangeRequired")).isEqualTo(true);

        assertPasswordFirst(client.get("/me/sessions"));
        var refreshed = ApiClient.anonymous(server).post("/auth/refresh", """
                {"refresh_token": "%s"}""".formatted(login.textAt("refresh_token")));
        assertThat(refreshed.at("firstDuty")).isEqualTo("change-password");
        assertPasswordFirst(ApiClient.withToken(server, refreshed.textAt("access_token")).get("/me/sessions"));
        assertThat(client.post("/auth/logout", null).status()).isEqualTo(204);
        assertThat(administrator.get("/audit?action=identity.user.modified&target=user:" + username).text())
                .contains("\"passwordChangeRequired\":{\"after\":true,\"before\":false}");
    }

    @Test
    void apiKeysGoOn() {
        var username = person(false);
        var key = loggedIn(username).post("/api-keys", "{\"description\": \"x\", \"scopes\": [\"users:read\"]}").textAt("key");
        administrator.patch("/users/" + username, "{\"passwordChangeRequired\": true}");
        assertThat(ApiClient.withToken(server, key).get("/users/" + username).status()).isEqualTo(200);
    }

    @Test
    void administratorsSayItWithAPasswordForSomebodyElse() {
        var username = person(false);
        assertThat(administrator.put("/users/" + username + "/password", """
                {"password": "%s", "passwordChangeRequired": true}""".formatted(NEW)).status()).isEqualTo(204);
        assertThat(required(username)).isEqualTo(true);
        assertThat(administrator.put("/users/" + username + "/password", "{\"password\": \"another told one\"}").status()).isEqualTo(204);
        assertThat(required(username)).as("said nothing about it").isEqualTo(true);
        assertThat(administrator.put("/users/" + username + "/password", """
                {"password": "%s", "passwordChangeRequired": false}""".formatted(PASSWORD)).status()).isEqualTo(204);
        assertThat(required(username)).isEqualTo(false);
    }

    @Test
    void nobodySaysItOfTheOwnPassword() {
        var username = person(true);
        var client = loggedIn(username);
        var refused = client.put("/users/" + username + "/password", """
                {"password": "%s", "currentPassword": "%s", "passwordChangeRequired": false}""".formatted(NEW, PASSWORD));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.at("field")).isEqualTo("passwordChangeRequired");
        var free = person(false);
        var own = loggedIn(free).patch("/me", "{\"passwordChangeRequired\": true}");
        assertThat(own.status()).isEqualTo(403);
        assertThat(own.at("field")).isEqualTo("passwordChangeRequired");
        administrator.put("/groups/sysadmins/members/" + free, null);
        assertThat(loggedIn(free).patch("/users/" + free, "{\"passwordChangeRequired\": false}").at("field")).as("an administrator's own")
                .isEqualTo("passwordChangeRequired");
        administrator.delete("/groups/sysadmins/members/" + free);
        assertThat(loggedIn(free).patch("/users/" + free, "{\"passwordChangeRequired\": true}").status()).isEqualTo(403);
    }

    @Test
    void anAdministratorWhoMustChangeTheOwnPasswordProvesIt() {
        var username = person(true, "sysadmins");
        var unproved = loggedIn(username).put("/users/" + username + "/password", "{\"password\": \"" + NEW + "\"}");
        assertThat(unproved.status()).isEqualTo(422);
        assertThat(unproved.at("field")).isEqualTo("currentPassword");
        assertThat(change(loggedIn(username), username, NEW).status()).isEqualTo(204);
        assertThat(required(username)).isEqualTo(false);
    }

    @Test
    void aPasswordThatAnAdministratorSetsAfterTheOldOneWasProvedStays() throws Exception {
        var username = person(true);
        var client = loggedIn(username);
        try (var thread = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = server.sql().inTransaction(handle -> {
                handle.execute("select pg_advisory_xact_lock(hashtext('gatehouse.directory'))");
                var change = thread.submit(() -> change(client, username, NEW));
                for (int i = 0; i < 3000 && !handle.createQuery("select exists (select from pg_locks where not granted)").mapTo(boolean.class).one(); i++) {
                    Thread.sleep(10);
                }
                handle.execute("update users set password_changed_at = clock_timestamp() where username = ?", username);
                return change;
            });
            assertThat(waiting.get().status()).isEqualTo(409);
        }
        assertThat(required(username)).isEqualTo(true);
        assertThat(ApiClient.anonymous(server).login(username, PASSWORD).status()).as("still the one that was set").isEqualTo(200);
    }

    @Test
    void aResetByALinkIsAChangeOfTheOwnPassword() {
        var username = person(true);
        var link = administrator.post("/users/" + username + "/password-reset", null).textAt("link");
        var token = link.substring(link.lastIndexOf('#') + 1);

        assertThat(ApiClient.anonymous(server).post("/auth/password-reset/" + token, "{\"password\": \"" + PASSWORD + "\"}").status()).isEqualTo(422);
        assertThat(ApiClient.anonymous(server).post("/auth/password-reset/" + token, "{\"password\": \"" + NEW + "\"}").status()).isEqualTo(204);
        assertThat(required(username)).isEqualTo(false);
    }

    @Test
    void thePasswordComesBeforeTheSecondFactor() {
        try (var strict = GatehouseServer.start()) {
            var root = ApiClient.administrator(strict);
            assertThat(root.post("/users", """
                    {"username": "boss", "password": "%s", "passwordChangeRequired": true, "groups": ["sysadmins"]}"""
                    .formatted(PASSWORD)).status()).isEqualTo(201);
            assertThat(root.put("/settings/second_factor_required_for_administrators", "{\"value\": \"true\"}").status()).isEqualTo(200);

            var first = ApiClient.anonymous(strict).login("boss", PASSWORD);
            assertThat(first.at("firstDuty")).isEqualTo("change-password");
            assertPasswordFirst(ApiClient.withToken(strict, first.textAt("access_token")).post("/me/totp", null));
            assertThat(change(ApiClient.withToken(strict, first.textAt("access_token")), "boss", NEW).status()).isEqualTo(204);

            var second = ApiClient.anonymous(strict).login("boss", NEW);
            assertThat(second.at("firstDuty")).isEqualTo("set-up-second-factor");
            var boss = ApiClient.withToken(strict, second.textAt("access_token"));
            assertThat(boss.get("/users").at("type")).isEqualTo("urn:gatehouse:problem:second-factor-required");
            assertThat(change(boss, "boss", PASSWORD).status()).as("the password waits now").isEqualTo(403);
            var secret = boss.post("/me/totp", null).textAt("secret");
            assertThat(boss.post("/me/totp/confirm", "{\"code\": \"" + Totp.code(secret, 0) + "\"}").status()).isEqualTo(200);
            assertThat(boss.get("/users").status()).isEqualTo(200);
        }
    }
}
