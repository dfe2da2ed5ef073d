package io.gatehouse.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AuditIT {

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

    @Test
    void tellsWhoDidWhatFromWhere() {
        administrator.post("/users", "{\"username\": \"subject\", \"loginShell\": \"/bin/sh\"}");
        administrator.patch("/users/subject", "{\"loginShell\": \"/bin/zsh\", \"gecos\": \"x\"}");
        administrator.post("/users/subject/suspend", "{\"reason\": \"curiosity\"}");
        administrator.put("/groups/sysadmins/members/subject", null);
        administrator.delete("/users/subject");

        var events = events("user:subject");

        assertThat(events).extracting(event -> event.get("action")).containsExactly("identity.user.deleted", "identity.user.suspended",
                "identity.user.modified", "identity.user.created");
        assertThat(events).allSatisfy(event -> assertThat(event).containsEntry("actor", GatehouseServer.ADMINISTRATOR)
                .containsEntry("address", "127.0.0.1").containsEntry("outcome", "success"));
        assertThat(Instant.parse((String) events.getFirst().get("at"))).isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
        assertThat(events.get(1).get("detail")).isEqualTo(Map.of("changes", Map.of(
                "status", Map.of("before", "active", "after", "suspended"), "statusReason", nullThen("curiosity"))));
        assertThat(events.get(2).get("detail").toString()).contains("loginShell", "before=/bin/sh", "after=/bin/zsh");
        assertThat(events("group:sysadmins")).first().satisfies(event -> assertThat(event)
                .containsEntry("action", "identity.group.member-added").containsEntry("detail", Map.of("member", "subject")));
    }

    @Test
    void hasNoEventOfWhatWasRefused() {
        int before = count();

        administrator.post("/users", "{\"username\": \"root\"}");
        administrator.delete("/users/" + GatehouseServer.ADMINISTRATOR);
        administrator.delete("/groups/sysadmins");
        administrator.patch("/users/" + GatehouseServer.ADMINISTRATOR, "{}");

        assertThat(count()).isEqualTo(before);
    }

    @Test
    void cannotBeChanged() {
        var database = server.database();
        for (var table : List.of("audit_events", "audit_seals", "audit_checkpoints")) {
            for (var statement : List.of("update %s set %s = null", "delete from %s", "truncate %s")) {
                var sql = statement.formatted(table, table.equals("audit_events") ? "actor" : "hash");
                for (var role : List.of(database.application(), database.owner())) {
                    assertThatThrownBy(() -> execute(role, sql)).as(sql).hasMessageContaining("permission denied");
                }
                assertThatThrownBy(() -> execute(database.superuser(), sql)).as(sql).hasMessageContaining("append-only");
            }
        }
    }

    @Test
    void isReadPageByPageNewestFirst() {
        for (int i = 0; i < 5; i++) {
            administrator.post("/groups", "{\"cn\": \"audited" + i + "\"}");
        }

        var ids = new ArrayList<Long>();
        String cursor = null;
        do {
            var page = administrator.get("/audit-events?limit=3" + (cursor == null ? "" : "&cursor=" + cursor));
            page.items().forEach(event -> ids.add((Long) event.get("id")));
            cursor = page.textAt("next");
        } while (cursor != null);

        assertThat(ids).hasSize(count()).doesNotHaveDuplicates().isSortedAccordingTo((one, other) -> Long.compare(other, one));
    }

    @Test
    void takesEventsWithoutAChange() {
        server.bean(AuditLog.class).record(AuditEvent.failure(Actor.anonymous("192.0.2.1", null), "ldap.bind.failed", "user:ghost").with("tries", 3));

        assertThat(events("user:ghost")).singleElement().satisfies(event -> assertThat(event)
                .containsEntry("outcome", "failure").containsEntry("address", "192.0.2.1").containsEntry("detail", Map.of("tries", 3L)));
    }

    private static void execute(TestPostgres.Login role, String sql) throws SQLException {
        try (var connection = server.database().connect(role); var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Map<String, Object> nullThen(String after) {
        var change = new HashMap<String, Object>();
        change.put("before", null);
        change.put("after", after);
        return change;
    }

    private static List<Map<String, Object>> events(String target) {
        return administrator.get("/audit-events?limit=1000").items().stream().filter(event -> target.equals(event.get("target"))).toList();
    }

    private static int count() {
        return server.sql().withHandle(handle -> handle.createQuery("select count(*) from audit_events").mapTo(int.class).one());
    }
}
