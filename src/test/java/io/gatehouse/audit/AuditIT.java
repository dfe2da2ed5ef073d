package io.gatehouse.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.extensions.PasswordModifyExtendedRequest;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

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
        assertThat(events).allSatisfy(event -> {
            assertThat(event).containsEntry("address", "127.0.0.1").containsEntry("outcome", "success");
            assertThat(event.get("actor")).isEqualTo(by("user", GatehouseServer.ADMINISTRATOR, null));
            assertThat((String) event.get("userAgent")).startsWith("Java-http-client");
            assertThat((String) event.get("hash")).matches("[0-9a-f]{64}");
        });
        assertThat(Instant.parse((String) events.getFirst().get("at"))).isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
        assertThat(events.get(1).get("detail")).isEqualTo(Map.of("changes", Map.of(
                "status", Map.of("before", "active", "after", "suspended"), "statusReason", nullThen("curiosity"))));
        assertThat(events.get(2).get("detail")).isEqualTo(Map.of("changes", Map.of(
                "loginShell", Map.of("before", "/bin/sh", "after", "/bin/zsh"), "gecos", nullThen("x"))));
        assertThat(events("group:sysadmins")).first().satisfies(event -> assertThat(event)
                .containsEntry("action", "identity.group.member-added").containsEntry("detail", Map.of("member", "subject")));
    }

    @Test
    void tellsWhatThereWasAndIs() {
        administrator.post("/users", "{\"username\": \"passing\", \"mail\": \"passing@example.org\", \"groups\": [\"sysadmins\"]}");
        administrator.delete("/users/passing");
        administrator.post("/groups", "{\"cn\": \"passing\", \"description\": \"while it lasts\"}");
        administrator.delete("/groups/passing");
        administrator.post("/service-accounts", "{\"name\": \"passing\", \"description\": \"first\"}");
        administrator.patch("/service-accounts/passing", "{\"description\": \"second\"}");
        administrator.delete("/service-accounts/passing");

        assertThat(events("user:passing")).extracting(event -> change(event, "mail"))
                .containsExactly(thenNull("passing@example.org"), nullThen("passing@example.org"));
        assertThat(events("user:passing").getFirst().get("detail")).extracting("groups").isEqualTo(List.of("ldapusers", "sysadmins"));
        assertThat(events("group:passing")).extracting(event -> change(event, "description"))
                .containsExactly(thenNull("while it lasts"), nullThen("while it lasts"));
        assertThat(events("service-account:passing")).extracting(event -> change(event, "description"))
                .containsExactly(thenNull("second"), Map.of("before", "first", "after", "second"), nullThen("first"));
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
    void isReadPageByPageNewestFirstWhateverIsRecordedMeanwhile() {
        int before = count();

        var positions = new ArrayList<Long>();
        String cursor = null;
        do {
            var page = administrator.get("/audit?limit=3" + (cursor == null ? "" : "&cursor=" + cursor));
            page.items().forEach(event -> positions.add((Long) event.get("position")));
            cursor = page.textAt("next");
            record(Actor.SYSTEM, "test.meanwhile", null);
        } while (cursor != null);

        assertThat(positions).isEqualTo(LongStream.rangeClosed(1, before).map(position -> before + 1 - position).boxed().toList());
    }

    @ParameterizedTest
    @EnumSource(Actor.Kind.class)
    void knowsEveryKindOfActor(Actor.Kind kind) {
        var name = "some-" + kind.text();
        record(new Actor(kind, name, "gh_abc", "2001:db8::1", "curl/8"), "test.kind", "user:" + name);

        assertThat(administrator.get("/audit?actorType=" + kind.text() + "&actor=" + name).items()).singleElement().satisfies(event ->
                assertThat(event.get("actor")).isEqualTo(by(kind.text(), name, "gh_abc")));
    }

    @Test
    void showsWhatAFilterAsksFor() {
        var alice = new Actor(Actor.Kind.USER, "filtered", null, "2001:db8:0:0:0:0:0:7", null);
        record(alice, "filter.one.done", "user:x");
        record(alice, "filter.one.undone", "user:y");
        server.bean(AuditLog.class).record(AuditEvent.failure(alice, "filter.one-more.done", "user:x"));
        var times = administrator.get("/audit?actor=filtered").items().stream().map(event -> (String) event.get("at")).toList();

        assertThat(actions("actor=filtered")).containsExactly("filter.one-more.done", "filter.one.undone", "filter.one.done");
        assertThat(actions("action=filter.one.done")).containsExactly("filter.one.done");
        assertThat(actions("action=filter.one.*")).containsExactly("filter.one.undone", "filter.one.done");
        assertThat(actions("action=filter.*")).hasSize(3);
        assertThat(actions("actor=filtered&target=user:x")).containsExactly("filter.one-more.done", "filter.one.done");
        assertThat(actions("actor=filtered&outcome=failure")).containsExactly("filter.one-more.done");
        assertThat(actions("address=2001:db8::7&limit=2")).containsExactly("filter.one-more.done", "filter.one.undone");
        assertThat(actions("actor=filtered&since=" + times.get(1))).containsExactly("filter.one-more.done", "filter.one.undone");
        assertThat(actions("actor=filtered&until=" + times.get(1).replace("Z", "%2B00:00"))).containsExactly("filter.one.done");
        assertThat(actions("actor=filtered&actorType=service-account")).isEmpty();
        assertThat(actions("actor=nobody")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"actor=,actor", "actor=a%00b,actor", "actorType=root,actorType", "action=Identity,action", "action=*,action", "action=identity*,action",
            "action=identity.%25,action", "target=%0A,target", "outcome=maybe,outcome", "address=localhost,address", "address=10.0.0.0/8,address",
            "since=yesterday,since", "since=2026-01-01,since", "until=+999999999-01-01T00:00:00Z,until", "since=0000-01-01T00:00:00Z,since",
            "since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z,until", "limit=0,limit", "cursor=x,cursor", "sort=at,sort", "q=x,q", "who=me,who"})
    void refusesWhatCannotBeAFilter(String query, String field) {
        var answer = administrator.get("/audit?" + query);

        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(answer.at("field")).isEqualTo(field);
        if (!query.matches("(limit|cursor|sort|q)=.*")) {
            assertThat(administrator.get("/audit/export?" + query).status()).isEqualTo(422);
        }
    }

    @Test
    void isExportedOldestFirstAsLines() throws Exception {
        for (int i = 0; i < 1_200; i++) {
            record(Actor.SYSTEM, "export.line", "line:" + i);
        }

        var answer = administrator.get("/audit/export?action=export.*");

        assertThat(answer.header("Content-Type")).isEqualTo("application/x-ndjson");
        var targets = new ArrayList<String>();
        for (var line : answer.text().split("\n")) {
            targets.add((String) JSONObjectUtils.parse(line).get("target"));
        }
        assertThat(answer.text()).endsWith("\n");
        assertThat(targets).isEqualTo(IntStream.range(0, 1_200).mapToObj(i -> "line:" + i).toList());
        assertThat(administrator.get("/audit/export?actor=nobody").text()).isEmpty();
        assertThat(administrator.get("/audit/export").text().lines().count()).isEqualTo(count());
    }

    @Test
    void isExportedToReadersWhoStopWithoutHoldingAnything() throws Exception {
        for (int i = 0; i < 3_000; i++) {
            record(Actor.SYSTEM, "slow.line", "x".repeat(300));
        }
        int readers = 30;
        var sockets = new ArrayList<Socket>();
        try {
            for (int i = 0; i < readers; i++) {
                var socket = new Socket();
                socket.setReceiveBufferSize(4096);
                socket.connect(new InetSocketAddress("localhost", URI.create(server.httpUrl()).getPort()));
                sockets.add(socket);
                socket.getOutputStream().write(("GET /api/v1/audit/export HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                        + server.adminToken() + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                assertThat(socket.getInputStream().read()).isEqualTo('H');
            }

            assertThat(administrator.get("/audit?limit=1").status()).as("more readers than connections to the database").isEqualTo(200);
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
        }
        assertThat(administrator.get("/audit/export?action=slow.*").text().lines().count()).isEqualTo(3_000);
    }

    @Test
    void masksSecretsAndShowsWhatElseChanged() {
        administrator.post("/users", "{\"username\": \"masked\", \"password\": \"first secret of all\"}");
        administrator.put("/users/masked/password", "{\"password\": \"second secret of all\"}");
        administrator.post("/groups", "{\"cn\": \"shown\", \"description\": \"old words\"}");
        administrator.patch("/groups/shown", "{\"cn\": \"renamed\", \"description\": null}");
        administrator.patch("/groups/renamed", "{\"description\": null}");

        assertThat(events("user:masked").getFirst()).containsEntry("action", "identity.user.password-changed")
                .containsEntry("detail", Map.of("changes", Map.of("password", Map.of("before", "***", "after", "***"))));
        var description = new HashMap<String, Object>();
        description.put("before", "old words");
        description.put("after", null);
        assertThat(actions("target=group:renamed")).isEmpty();
        assertThat(events("group:shown").getFirst()).containsEntry("action", "identity.group.modified").containsEntry("detail",
                Map.of("changes", Map.of("cn", Map.of("before", "shown", "after", "renamed"), "description", description)));
        assertThat(administrator.get("/audit/export").text()).doesNotContain("secret of all").doesNotContain("$argon2");
    }

    @Test
    void tellsOfWhatIsDoneOverLdap() throws Exception {
        administrator.post("/users", "{\"username\": \"ldapper\", \"password\": \"over another wire\", \"status\": \"active\"}");
        try (var connection = server.ldapAs("ldapper", "over another wire")) {
            connection.modify("dn: uid=ldapper,ou=people," + server.baseDn(), "changetype: modify", "replace: gecos", "gecos: Room 7");
            connection.processExtendedOperation(new PasswordModifyExtendedRequest(null, null, "quite another wire"));
        }
        assertThatThrownBy(() -> server.ldapAs("ldapper", "wrong wire")).isInstanceOf(LDAPException.class);
        assertThatThrownBy(() -> new LDAPConnection("localhost", server.ldapPort(), "cn=secret word,dc=elsewhere", "wrong wire"))
                .isInstanceOf(LDAPException.class);

        while (actions("action=ldap.bind.failed").size() < 2) {
            Thread.onSpinWait();
        }
        assertThat(actions("target=user:ldapper")).containsExactly("ldap.bind.failed", "identity.user.password-changed", "identity.user.modified",
                "identity.user.created");
        assertThat(events("user:ldapper").subList(1, 3)).allSatisfy(event -> {
            assertThat(event.get("actor")).isEqualTo(by("user", "ldapper", null));
            assertThat(event).containsEntry("address", "127.0.0.1").containsEntry("userAgent", null);
        });
        assertThat(events("user:ldapper").getFirst()).containsEntry("outcome", "failure").containsEntry("address", "127.0.0.1");
        assertThat(administrator.get("/audit/export").text()).doesNotContain("wrong wire");
    }

    @Test
    void leadsToTheServersLog() throws Exception {
        var created = administrator.post("/groups", "{\"cn\": \"correlated\"}");
        assertThat(events("group:correlated")).singleElement().satisfies(event ->
                assertThat(event).containsEntry("correlationId", created.header("X-Request-Id")));

        try (var connection = server.ldapAsAdministrator()) {
            connection.modify("dn: uid=" + GatehouseServer.ADMINISTRATOR + ",ou=people," + server.baseDn(), "changetype: modify", "replace: gecos", "gecos: Top");
        }
        assertThat((String) events("user:" + GatehouseServer.ADMINISTRATOR).getFirst().get("correlationId")).startsWith("ldap-");
    }

    @Test
    void tellsWhenTheServerStarts() {
        assertThat(administrator.get("/audit?action=system.started").items()).singleElement().satisfies(event -> {
            assertThat(event.get("actor")).isEqualTo(by("system", "system", null));
            assertThat(event.get("detail").toString()).contains("version");
        });
    }

    @Test
    void takesEventsWithoutAChange() {
        server.bean(AuditLog.class).record(AuditEvent.failure(Actor.anonymous("192.0.2.1", null), "test.bind.failed", "user:ghost").with("tries", 3));

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

    private static Map<String, Object> thenNull(String before) {
        var change = new HashMap<String, Object>();
        change.put("before", before);
        change.put("after", null);
        return change;
    }

    private static Object change(Map<String, Object> event, String field) {
        return ((Map<?, ?>) ((Map<?, ?>) event.get("detail")).get("changes")).get(field);
    }

    private static List<Map<String, Object>> events(String target) {
        return administrator.get("/audit?target=" + target).items();
    }

    private static List<Object> actions(String query) {
        return administrator.get("/audit?" + query).items().stream().map(event -> event.get("action")).toList();
    }

    private static void record(Actor actor, String action, String target) {
        server.bean(AuditLog.class).record(AuditEvent.success(actor, action, target));
    }

    private static Map<String, Object> by(String type, String name, String key) {
        var by = new HashMap<String, Object>();
        by.put("type", type);
        by.put("name", name);
        by.put("key", key);
        return by;
    }

    private static int count() {
        return server.sql().withHandle(handle -> handle.createQuery("select count(*) from audit_events").mapTo(int.class).one());
    }
}
