package io.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
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

            assertThat(answer.object()).containsEntry("status", "pending").containsEntry("groups", List.of("ldapusers"));
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
    void isRefusedWhenTooManyWaitOrItIsClosed() {
        try (var server = GatehouseServer.with("gatehouse.max-registrations", 2).start()) {
            assertThat(register(server, "one", null).status()).isEqualTo(201);
            assertThat(register(server, "two", null).status()).isEqualTo(201);
            assertThat(register(server, "three", null).status()).isEqualTo(403);

            ApiClient.administrator(server).post("/users/one/activate", null);
            assertThat(register(server, "three", null).status()).isEqualTo(201);
        }
        try (var server = GatehouseServer.with("gatehouse.max-registrations", 0).start()) {
            assertThat(register(server, "one", null).textAt("detail")).contains("closed");
        }
    }

    private static GatehouseServer withoutUsers() {
        return GatehouseServer.with("gatehouse.admin-username", "").with("gatehouse.admin-password", "").start();
    }

    private static Answer register(GatehouseServer server, String username, String token) {
        return ApiClient.anonymous(server).post("/auth/register", """
                {"username": "%s", "password": "%s"%s}""".formatted(username, PASSWORD, token == null ? "" : ", \"bootstrapToken\": \"" + token + "\""));
    }
}
