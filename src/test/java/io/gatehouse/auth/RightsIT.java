package io.gatehouse.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RightsIT {

    private static final String PASSWORD = "seven bridges of ...";
    private static final String OTHER_PASSWORD = "eight bridges of ...";
    private static final String KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAUF6YPA6NMIMQQ4Osb+CZDM6itQf0ZkV75SBqIJgVOO laptop";

    /** What a request asks for; the body does not matter, for rights are looked at first. */
    private record Route(String method, String path, String body) {

        static Route of(String route) {
            var parts = route.split(" ", 3);
            return new Route(parts[0], parts[1], parts.length == 3 ? parts[2] : null);
        }

        int status(ApiClient caller) {
            return caller.send(method, path, body).status();
        }
    }

    private static final List<Route> OF_ADMINISTRATORS = routes(
            "GET /users", "POST /users {}", "PATCH /users/alice {}", "PATCH /users/bob {}", "DELETE /users/alice", "DELETE /users/bob",
            "POST /users/bob/suspend {}", "POST /users/bob/activate", "POST /users/alice/activate",
            "GET /groups", "POST /groups {}", "GET /groups/ldapusers", "PATCH /groups/ldapusers {}", "DELETE /groups/ldapusers",
            "GET /groups/ldapusers/members", "PUT /groups/sysadmins/members/alice", "DELETE /groups/ldapusers/members/bob",
            "PUT /groups/sysadmins/groups/x", "DELETE /groups/sysadmins/groups/x",
            "GET /service-accounts", "POST /service-accounts {}", "GET /service-accounts/x", "POST /service-accounts/x/rotate",
            "DELETE /service-accounts/x", "GET /sssd.conf", "GET /audit");

    private static final List<Route> OF_THE_OTHER_USER = routes(
            "GET /users/bob", "GET /users/nobody-at-all", "PUT /users/bob/password {\"password\":\"" + OTHER_PASSWORD + "\",\"currentPassword\":\"" + PASSWORD + "\"}",
            "GET /users/bob/ssh-keys", "POST /users/bob/ssh-keys {\"publicKey\":\"" + KEY + "\"}", "DELETE /users/bob/ssh-keys/x");

    private static final List<Route> OF_USERS = routes("GET /me", "GET /sites", "GET /users/alice", "GET /users/alice/ssh-keys");

    private static GatehouseServer server;
    private static ApiClient administrator;
    private static ApiClient anonymous;
    private static ApiClient alice;

    @BeforeAll
    static void start() {
        server = GatehouseServer.start();
        administrator = ApiClient.administrator(server);
        anonymous = ApiClient.anonymous(server);
        for (var name : List.of("alice", "bob", "carol")) {
            administrator.post("/users", "{\"username\": \"" + name + "\", \"password\": \"" + PASSWORD + "\"}");
        }
        alice = ApiClient.user(server, "alice", PASSWORD);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void ofAnonymousCallersAreToRegisterToLogInAndToFetchTheAuthority() {
        for (var route : List.of(OF_ADMINISTRATORS, OF_THE_OTHER_USER, OF_USERS).stream().flatMap(List::stream).toList()) {
            assertThat(route.status(anonymous)).as(route.toString()).isEqualTo(401);
        }
        assertThat(anonymous.get("/ca.pem").status()).isEqualTo(200);
        assertThat(anonymous.post("/auth/login", "{}").status()).isEqualTo(422);
        assertThat(anonymous.post("/auth/refresh", "{}").status()).isEqualTo(422);
        assertThat(anonymous.post("/auth/register", "{}").status()).isEqualTo(422);
    }

    @Test
    void ofUsersAreAboutThemselves() {
        for (var route : OF_USERS) {
            assertThat(route.status(alice)).as(route.toString()).isEqualTo(200);
        }
        for (var route : OF_ADMINISTRATORS) {
            assertThat(route.status(alice)).as(route.toString()).isEqualTo(403);
        }
        for (var route : OF_THE_OTHER_USER) {
            assertThat(route.status(alice)).as(route.toString()).isEqualTo(403);
        }
    }

    @Test
    void ofAdministratorsAreAboutEverybody() {
        for (var route : List.of(OF_USERS, routes("GET /users/bob", "GET /users/bob/ssh-keys", "GET /users", "GET /groups", "GET /groups/ldapusers",
                "GET /groups/ldapusers/members", "GET /service-accounts", "GET /audit")).stream().flatMap(List::stream).toList()) {
            assertThat(route.status(administrator)).as(route.toString()).isEqualTo(200);
        }
    }

    @Test
    void letUsersKeepTheirOwnKeys() {
        var added = alice.post("/users/alice/ssh-keys", "{\"publicKey\": \"" + KEY + "\"}");

        assertThat(added.status()).isEqualTo(201);
        assertThat(alice.delete("/users/alice/ssh-keys/" + added.at("fingerprint")).status()).isEqualTo(204);
    }

    @Test
    void letUsersChangeTheirOwnPasswordIfTheyKnowIt() {
        var carol = ApiClient.user(server, "carol", PASSWORD);

        assertThat(carol.put("/users/carol/password", "{\"password\": \"" + OTHER_PASSWORD + "\"}").at("field")).isEqualTo("currentPassword");
        var wrong = carol.put("/users/carol/password", "{\"password\": \"" + OTHER_PASSWORD + "\", \"currentPassword\": \"not that\"}");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.at("field")).isEqualTo("currentPassword");
        assertThat(wrong.text()).doesNotContain("not that");
        var common = carol.put("/users/carol/password", "{\"password\": \"password1234\", \"currentPassword\": \"" + PASSWORD + "\"}");
        assertThat(common.at("field")).isEqualTo("password");

        assertThat(carol.put("/users/carol/password", "{\"password\": \"" + OTHER_PASSWORD + "\", \"currentPassword\": \"" + PASSWORD + "\"}")
                .status()).isEqualTo(204);
        ApiClient.user(server, "carol", OTHER_PASSWORD);
    }

    private static List<Route> routes(String... routes) {
        return List.of(routes).stream().map(Route::of).toList();
    }
}
