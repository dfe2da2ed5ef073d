package io.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.sdk.LDAPException;
import io.gatehouse.platform.RecurringTasks;
import io.gatehouse.platform.Transactions;
import io.gatehouse.testing.AtOnce;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/** Who is suspended for a time is gone everywhere at once, on all nodes, and comes back by himself. */
class SuspensionIT {

    private static final String MASTER_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private static final String PASSWORD = "the harvard mark one";
    private static final int PATIENCE_MILLIS = 20_000;

    private static TestPostgres.TestDatabase database;
    private static GatehouseServer server;
    private static GatehouseServer other;

    @BeforeAll
    static void start() {
        database = TestPostgres.freshDatabase();
        server = node();
        other = node();
    }

    @AfterAll
    static void stop() {
        other.close();
        server.close();
    }

    @Test
    void endsByItselfAndMeanwhileTheUserIsGoneFromEveryNode() throws Exception {
        var person = person("grace");
        var token = login("grace");
        var key = apiKey(token);
        var appPassword = appPassword(token);
        settle();
        assertSeen("grace", true);
        other.ldapAs("grace", appPassword).close();

        try (var handle = server.sql().open();
             var bound = other.ldapAs("grace", PASSWORD)) {
            handle.execute("listen gatehouse");
            var suspended = server.send("POST", "/api/v1/users/grace/suspend", """
                    {"reason": "lost laptop", "until": "%s"}""".formatted(Instant.now().plusSeconds(4)));
            assertThat(suspended.statusCode()).isEqualTo(200);
            assertThat(suspended.body()).contains("\"status\":\"suspended\"", "\"statusReason\":\"lost laptop\"").doesNotContain("\"statusUntil\":null");

            // Over HTTP without waiting for anything.
            for (var node : List.of(other, server)) {
                assertThat(node.send("GET", "/api/v1/me", token, null).statusCode()).isEqualTo(401);
                assertThat(node.send("GET", "/api/v1/users/grace", key, null).statusCode()).isEqualTo(401);
                assertThat(node.send("POST", "/api/v1/auth/login", null, user("grace")).statusCode()).isEqualTo(401);
            }
            settle();
            assertSeen("grace", false);
            for (var node : List.of(other, server)) {
                assertThatThrownBy(() -> node.ldapAs("grace", appPassword)).isInstanceOf(LDAPException.class);
            }
            assertThatThrownBy(() -> bound.getEntry("ou=people," + other.baseDn())).isInstanceOf(LDAPException.class);
            awaitActive(handle, person);
        }

        settle();
        assertSeen("grace", true);
        other.ldapAs("grace", appPassword).close();
        var user = server.send("GET", "/api/v1/users/grace", null);
        assertThat(user.body()).contains("\"status\":\"active\"", "\"statusReason\":null", "\"statusUntil\":null");
        for (var node : List.of(server, other)) {
            assertThat(node.send("GET", "/api/v1/users/grace", key, null).statusCode()).isEqualTo(200);
            assertThat(node.send("GET", "/api/v1/me", token, null).statusCode()).as("sessions do not come back").isEqualTo(401);
        }
        assertThat(ends("grace")).containsExactly("system system");
    }

    @Test
    void endsAtTheStartOfAServerIfNoneWasThereInTime() throws Exception {
        var alone = TestPostgres.freshDatabase();
        try (var before = GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(alone).start()) {
            assertThat(before.send("POST", "/api/v1/users", user("ada")).statusCode()).isEqualTo(201);
            suspendUntil(before, "ada", Instant.now().plusSeconds(3600));
        }
        try (var sql = alone.connect(alone.owner());
             var listening = sql.createStatement()) {
            listening.execute("update users set status_until = now() - interval '1 minute' where username = 'ada'");
            listening.execute("listen gatehouse");
            try (var after = GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(alone).start()) {
                awaitActive(after, sql.unwrap(PGConnection.class), "ada");
                after.bean(Transactions.class).<Void, RuntimeException>write(handle -> null);
                after.ldapAs("ada", PASSWORD).close();
            }
        }
    }

    @Test
    void isEndedOnceByManyNodesAtOnce() throws Exception {
        int uidNumber = person("joan");
        suspendUntil(server, "joan", Instant.now().plusSeconds(3600));
        server.sql().useHandle(handle -> handle.execute(
                "update users set status_until = now() - interval '1 second' where uid_number = ?", uidNumber));
        AtOnce.call(8, number -> (number % 2 == 0 ? server : other).bean(RecurringTasks.class)
                .run((number % 2 == 0 ? server : other).bean(SuspensionEnds.class)));
        // Refused while somebody is at it; once it is not, everybody's work is committed.
        while (!server.bean(RecurringTasks.class).run(server.bean(SuspensionEnds.class))) {
            Thread.onSpinWait();
        }
        assertThat(ends("joan")).containsExactly("system system");
    }

    @Test
    void ofSomebodyWhomNobodyApprovedDoesNotEndInAnApproval() {
        server.send("POST", "/api/v1/users", """
                {"username": "eager", "password": "%s", "status": "pending"}""".formatted(PASSWORD));
        suspendUntil(server, "eager", Instant.now().plusSeconds(3600));
        suspendUntil(server, "eager", Instant.now().plusSeconds(7200));
        server.sql().useHandle(handle -> handle.execute("update users set status_until = now() where username = 'eager'"));
        while (server.send("GET", "/api/v1/users/eager", null).body().contains("\"status\":\"suspended\"")) {
            server.bean(RecurringTasks.class).run(server.bean(SuspensionEnds.class));
        }
        assertThat(server.send("GET", "/api/v1/users/eager", null).body()).contains("\"status\":\"pending\"", "\"statusUntil\":null");
    }

    @Test
    void againChangesReasonAndTime() {
        person("mary");
        var later = "2999-12-31T23:59:59Z";
        suspendUntil(server, "mary", Instant.parse(later));
        assertThat(server.send("GET", "/api/v1/users/mary", null).body()).contains("\"statusUntil\":\"" + later + "\"");

        var without = server.send("POST", "/api/v1/users/mary/suspend", """
                {"reason": "for good"}""");
        assertThat(without.body()).contains("\"statusUntil\":null", "\"statusReason\":\"for good\"");

        suspendUntil(server, "mary", Instant.parse(later));
        var activated = server.send("POST", "/api/v1/users/mary/activate", null);
        assertThat(activated.body()).contains("\"status\":\"active\"", "\"statusUntil\":null");
        assertThat(server.send("GET", "/api/v1/audit?target=user:mary&action=identity.user.activated", null).body())
                .contains("\"statusUntil\":{\"after\":null,\"before\":\"" + later + "\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2001-01-01T00:00:00Z", "tomorrow", "2999-12-31", "+10000-01-01T00:00:00Z", "", "9999-12-31T23:59:59-12:00"})
    void untilMustBeATimeInTheFuture(String until) {
        if (server.send("GET", "/api/v1/users/until", null).statusCode() == 404) {
            person("until");
        }
        var refusal = server.send("POST", "/api/v1/users/until/suspend", """
                {"reason": "x", "until": "%s"}""".formatted(until));
        assertThat(refusal.statusCode()).isEqualTo(422);
        assertThat(refusal.body()).contains("\"until\"");
        assertThat(server.send("GET", "/api/v1/users/until", null).body()).contains("\"status\":\"active\"");
    }

    @Test
    void deletionKeepsTheNumberAndTheTrail() {
        int uidNumber = person("gone");
        assertThat(server.send("DELETE", "/api/v1/users/gone", null).statusCode()).isEqualTo(204);
        assertThatThrownBy(() -> server.sql().useHandle(handle -> handle.execute("""
                insert into users (uid_number, username, cn, sn, home_directory) values (?, 'heir', 'H', 'H', '/home/heir')""", uidNumber)))
                .hasMessageContaining("never reused");
        assertThat(person("gone")).isGreaterThan(uidNumber);
        assertThat(server.send("GET", "/api/v1/audit?target=user:gone", null).body())
                .contains("identity.user.created", "identity.user.deleted", "\"uidNumber\":" + uidNumber);
    }

    private static GatehouseServer node() {
        return GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(database).start();
    }

    private static int person(String username) {
        assertThat(server.send("POST", "/api/v1/users", user(username)).statusCode()).isEqualTo(201);
        settle();
        return server.sql().withHandle(handle -> handle.createQuery("select uid_number from users where username = :name")
                .bind("name", username).mapTo(int.class).one());
    }

    private static String user(String username) {
        return """
                {"username": "%s", "password": "%s"}""".formatted(username, PASSWORD);
    }

    private static String login(String username) {
        return field(server.send("POST", "/api/v1/auth/login", null, user(username)).body(), "access_token");
    }

    private static String apiKey(String token) {
        return field(server.send("POST", "/api/v1/api-keys", token, """
                {"description": "test", "scopes": ["users:read"]}""").body(), "key");
    }

    private static String appPassword(String token) {
        return field(server.send("POST", "/api/v1/me/app-passwords", token, """
                {"name": "mail"}""").body(), "password");
    }

    private static String field(String json, String name) {
        return json.replaceFirst("(?s).*\"" + name + "\"\\s*:\\s*\"([^\"]+)\".*", "$1");
    }

    private static void suspendUntil(GatehouseServer node, String username, Instant until) {
        assertThat(node.send("POST", "/api/v1/users/" + username + "/suspend", """
                {"reason": "for a while", "until": "%s"}""".formatted(until)).statusCode()).isEqualTo(200);
    }

    /** Both nodes have seen what was committed. */
    private static void settle() {
        for (var node : List.of(server, other)) {
            node.bean(Transactions.class).<Void, RuntimeException>write(handle -> null);
        }
    }

    private static void assertSeen(String username, boolean seen) throws LDAPException {
        for (var node : List.of(server, other)) {
            try (var administrator = node.ldapAsAdministrator()) {
                assertThat(administrator.getEntry("uid=" + username + ",ou=people," + node.baseDn()) != null).isEqualTo(seen);
            }
            if (seen) {
                node.ldapAs(username, PASSWORD).close();
            } else {
                assertThatThrownBy(() -> node.ldapAs(username, PASSWORD)).isInstanceOf(LDAPException.class);
            }
        }
    }

    private static void awaitActive(Handle handle, int uidNumber) throws Exception {
        var name = server.sql().withHandle(sql -> sql.createQuery("select username from users where uid_number = :number")
                .bind("number", uidNumber).mapTo(String.class).one());
        awaitActive(server, handle.getConnection().unwrap(PGConnection.class), name);
    }

    /** Looks whenever the database tells of a change. */
    private static void awaitActive(GatehouseServer node, PGConnection changes, String username) throws Exception {
        while (!isActive(node, username)) {
            assertThat(changes.getNotifications(PATIENCE_MILLIS)).as("changes of the directory").isNotEmpty();
        }
    }

    private static boolean isActive(GatehouseServer node, String username) {
        return node.sql().withHandle(sql -> sql.createQuery("select status = 'active' from users where username = :name")
                .bind("name", username).mapTo(boolean.class).one());
    }

    private static List<String> ends(String username) {
        return server.sql().withHandle(sql -> sql.createQuery("""
                        select actor_type || ' ' || coalesce(actor, '') from audit_events where action = 'identity.user.suspension-ended' and target = :target""")
                .bind("target", "user:" + username).mapTo(String.class).list());
    }
}
