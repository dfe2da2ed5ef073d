package io.gatehouse.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.platform.RecurringTasks;
import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoliciesIT {

    private static GatehouseServer server;
    private static TestAccess cluster;
    private static ApiClient administrator;

    private Answer policy;
    private String path;

    @BeforeAll
    static void start() {
        server = GatehouseServer.start();
        cluster = new TestAccess(server);
        administrator = cluster.administrator();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void onePolicy() {
        cluster.noPolicies();
        policy = cluster.policy("Web builders", "allow", "group:devs", "container:web1",
                "\"sudo\": {\"commands\": [\"/usr/bin/systemctl restart nginx\"]}");
        path = "/policies/" + policy.at("id");
    }

    @Test
    void haveDefaults() {
        assertThat(policy.header("Location")).isEqualTo("/api/v1" + path);
        assertThat(policy.object()).containsEntry("name", "Web builders").containsEntry("description", null).containsEntry("priority", 100L)
                .containsEntry("effect", "allow").containsEntry("active", true).containsEntry("validFrom", null).containsEntry("validUntil", null)
                .containsEntry("login", true)
                .containsEntry("targets", List.of(Map.of("type", "group", "id", "devs")))
                .containsEntry("destinations", List.of(Map.of("type", "container", "id", "web1")))
                .containsEntry("sudo", Map.of("commands", List.of("/usr/bin/systemctl restart nginx"), "runAs", List.of(), "authenticate", true));
        assertThat(administrator.get(path).text()).isEqualTo(policy.text());
    }

    @Test
    void takeAllThatThereIsByItsName() {
        var all = administrator.post("/policies", """
                {"name": "all", "description": "of it", "priority": 0, "effect": "deny", "active": false,
                 "validFrom": "2030-01-31T12:00:00+01:00", "validUntil": "2030-02-01T00:00:00.123456Z",
                 "targets": [{"type": "user", "id": "bob"}, {"type": "user", "id": "alice"}, {"type": "group", "id": "ldapusers"}],
                 "destinations": [{"type": "site", "id": "par"}, {"type": "node", "id": "N1"}, {"type": "container", "id": "WEB1"},
                                  {"type": "cidr", "id": "10.1.0.7"}, {"type": "cidr", "id": "FD00::/8"}, {"type": "cidr", "id": "0.0.0.0/0"}],
                 "login": false, "sudo": {"commands": ["ALL"], "runAs": ["ALL", "%www-data", "postgres"], "authenticate": false}}""");

        assertThat(all.status()).as(all.text()).isEqualTo(201);
        assertThat(all.object()).containsEntry("validFrom", "2030-01-31T11:00:00Z").containsEntry("validUntil", "2030-02-01T00:00:00.123456Z")
                .containsEntry("targets", List.of(Map.of("type", "group", "id", "ldapusers"), Map.of("type", "user", "id", "alice"),
                        Map.of("type", "user", "id", "bob")));
        assertThat(all.text()).contains("{\"type\":\"node\",\"id\":\"n1\"}", "{\"type\":\"container\",\"id\":\"web1\"}", "10.1.0.7/32", "fd00::/8", "0.0.0.0/0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "name | null", "name | \"\"", "name | \" a\"", "name | \"a  b\"", "name | \"a,b\"", "name | \"a\\nb\"", "name | \"a+b=c\"", "name | 7",
            "name | \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
            "description | \"\"", "description | \"a\\nb\"", "description | \"\\u202eb\"",
            "priority | -1", "priority | 1000001", "priority | 1.5", "priority | \"1\"",
            "effect | null", "effect | \"ALLOW\"", "effect | \"\"", "active | \"true\"", "active | 1", "login | \"no\"",
            "validFrom | \"yesterday\"", "validFrom | \"2030-01-31\"", "validUntil | \"2030-01-31T12:00:00\"", "validUntil | \"10000-01-31T12:00:00Z\"",
            "validFrom | \"-0001-01-31T12:00:00Z\"", "validFrom | 5", "id | 5", "revision | 5", "entryUuid | \"x\"",
            "targets | []", "targets | null", "targets | {}", "targets | [null]", "targets | [\"bob\"]",
            "targets[0].type | [{\"id\": \"bob\"}]", "targets[0].type | [{\"type\": \"site\", \"id\": \"par\"}]", "targets[0].id | [{\"type\": \"user\"}]",
            "targets[1].id | [{\"type\": \"user\", \"id\": \"bob\"}, {\"type\": \"group\", \"id\": \"bob\"}]",
            "targets[1].id | [{\"type\": \"user\", \"id\": \"bob\"}, {\"type\": \"user\", \"id\": \"bob\"}]",
            "targets[0].name | [{\"type\": \"user\", \"id\": \"bob\", \"name\": \"x\"}]", "targets[0].id | [{\"type\": \"user\", \"id\": 7}]",
            "destinations | []", "destinations | null", "destinations[0].type | [{\"type\": \"user\", \"id\": \"bob\"}]",
            "destinations[0].id | [{\"type\": \"site\", \"id\": \"rome\"}]", "destinations[0].id | [{\"type\": \"node\", \"id\": \"n9\"}]",
            "destinations[1].id | [{\"type\": \"node\", \"id\": \"n1\"}, {\"type\": \"node\", \"id\": \"N1\"}]",
            "destinations[0].id | [{\"type\": \"container\", \"id\": \"web9\"}]", "destinations[0].id | [{\"type\": \"cidr\", \"id\": \"10.0.0.1/8\"}]",
            "destinations[0].id | [{\"type\": \"cidr\", \"id\": \"everywhere\"}]", "destinations[0].id | [{\"type\": \"cidr\", \"id\": \"10.0.0.0/33\"}]",
            "destinations[1].id | [{\"type\": \"cidr\", \"id\": \"10.0.0.1\"}, {\"type\": \"cidr\", \"id\": \"10.0.0.1/32\"}]",
            "sudo | \"ALL\"", "sudo | []", "sudo.commands | {\"commands\": []}", "sudo.commands | {\"commands\": \"ALL\"}", "sudo.runAs | {\"commands\": [\"ALL\"], \"runAs\": [7]}",
            "sudo.host | {\"commands\": [\"ALL\"], \"host\": \"ALL\"}", "sudo.authenticate | {\"commands\": [\"ALL\"], \"authenticate\": \"no\"}",
            "sudo.commands[1] | {\"commands\": [\"ALL\", \"ALL\"]}", "sudo.runAs[0] | {\"commands\": [\"ALL\"], \"runAs\": [\"!root\"]}",
            "sudo.runAs[0] | {\"commands\": [\"ALL\"], \"runAs\": [\"#0\"]}", "sudo.runAs[0] | {\"commands\": [\"ALL\"], \"runAs\": [\"+net\"]}",
            "sudo.runAs[0] | {\"commands\": [\"ALL\"], \"runAs\": [\"%#0\"]}", "sudo.runAs[0] | {\"commands\": [\"ALL\"], \"runAs\": [\"root\\n\"]}",
            "sudo.runAs[1] | {\"commands\": [\"ALL\"], \"runAs\": [\"root\", \"\"]}"})
    void refuseWhatBreaksARule(String field, String value) {
        var member = field.replaceFirst("[.\\[].*", "");
        for (var method : List.of("PATCH", "POST")) {
            var answer = administrator.send(method, method.equals("PATCH") ? path : "/policies", method.equals("PATCH")
                    ? "{\"" + member + "\": " + value + "}" : with(member, value));

            assertThat(answer.status()).as(method + " " + answer.text()).isEqualTo(422);
            assertThat(answer.at("field")).as(method + " " + answer.text()).isEqualTo(field);
        }
        assertThat(administrator.get(path).text()).isEqualTo(policy.text());
        assertThat(administrator.get("/policies").items()).hasSize(1);
    }

    private static String with(String member, String value) {
        var members = new LinkedHashMap<>(Map.of("name", "\"new\"", "effect", "\"allow\"",
                "targets", "[" + TestAccess.reference("user:bob") + "]", "destinations", "[" + TestAccess.reference("site:par") + "]"));
        members.put(member, value);
        return members.entrySet().stream().map(each -> "\"" + each.getKey() + "\": " + each.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"!/bin/ls", "! ALL", "bin/ls", "", " /bin/ls", "/bin/ls ", "/bin/ls  -l", "/bin/", "/", "/bin/../ls", "/bin/./ls", "/bin/..", "//bin/ls",
            "/bin/l*", "/bin/l?", "/bin/[a-z]s", "/bin/ls *", "/bin/ls [ab]", "/bin/ls \\\\*", "/bin/ls ^a$", "^/bin/.*$", "/bin/ls \\\"a", "/bin/ls \\\"\\\" a", "/bin/ls a \\\"\\\"",
            "/bin/ls\\n/bin/sh", "/bin/ls\\t-l", "/bin/ls \\u00e9", "/bin/ls\\u202e", "sudoedit", "sudoedit /etc/hosts", "/usr/bin/sudoedit", "/usr/bin/sudoedit /etc/hosts",
            "sha224:0GomF8mNN3wlDt1HD9XldjJ3SNgpFdbjO1+NsQ== /bin/ls", "list", "all", "ALL /bin/ls", "ALL,/bin/ls", "/bin/ls, /bin/sh;", "/bin/ls !x", "/bin/ls #x", "/bin/l!s"})
    void takeNoCommandThatMeansMoreThanItSays(String command) {
        var answer = administrator.patch(path, "{\"sudo\": {\"commands\": [\"/bin/ls\", \"" + command + "\"]}}");

        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(answer.at("field")).isEqualTo("sudo.commands[1]");
        var text = server.sql().withHandle(handle -> handle.createQuery("select cast(cast(:json as json) ->> 0 as text)")
                .bind("json", "[\"" + command + "\"]").mapTo(String.class).one());
        assertThatThrownBy(() -> server.sql().useHandle(handle -> handle.execute("update policies set sudo_commands = array[?]", text)))
                .hasMessageContaining("policy_sudo_commands_form");
        assertThat(administrator.get(path).text()).isEqualTo(policy.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ALL", "/bin/ls", "/usr/bin/systemctl restart nginx.service", "/usr/bin/apt-get --option=Dpkg::Options=x, y%z ~a @b +c",
            "/bin/ls \\\"\\\"", "/opt/a_b/c@d+e", "/usr/bin/sudoedit-not", "/bin/..."})
    void takeCommandsAsSudoersDoes(String command) {
        var answer = administrator.patch(path, "{\"sudo\": {\"commands\": [\"" + command + "\"]}}");

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.text()).contains("\"commands\":[\"" + command + "\"]");
    }

    @Test
    void sayOfLoginOrOfSudo() {
        assertThat(administrator.patch(path, "{\"login\": false}").status()).isEqualTo(200);
        var neither = administrator.patch(path, "{\"sudo\": null}");
        assertThat(neither.status()).isEqualTo(422);
        assertThat(neither.at("field")).isEqualTo("login");
        assertThat(administrator.patch(path, "{\"sudo\": null, \"login\": true}").object()).containsEntry("sudo", null);
    }

    @Test
    void endAfterTheyBegin() {
        for (var until : new String[] {"2030-01-01T00:00:00Z", "2029-01-01T00:00:00Z"}) {
            var answer = administrator.patch(path, "{\"validFrom\": \"2030-01-01T00:00:00Z\", \"validUntil\": \"" + until + "\"}");
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.at("field")).isEqualTo("validUntil");
        }
        administrator.patch(path, "{\"validUntil\": \"2030-01-01T00:00:00Z\"}");
        assertThat(administrator.patch(path, "{\"validFrom\": \"2030-01-01T00:00:00Z\"}").at("field")).isEqualTo("validUntil");
    }

    @Test
    void haveNamesOfTheirOwn() {
        var same = administrator.post("/policies", TestAccess.policyJson("WEB BUILDERS", "allow", "user:bob", "site:par", ""));
        assertThat(same.status()).isEqualTo(409);
        assertThat(same.at("field")).isEqualTo("name");
        var other = cluster.policy("other", "allow", "user:bob", "site:par", "");
        assertThat(administrator.patch("/policies/" + other.at("id"), "{\"name\": \"web builders\"}").status()).isEqualTo(409);
        assertThat(administrator.patch(path, "{\"name\": \"web builders\"}").status()).isEqualTo(200);
    }

    @Test
    void areChangedFromTheStateThatWasSeen() {
        var changed = administrator.patch(path, "{\"priority\": 5, \"description\": \"x\", \"sudo\": {\"authenticate\": false}}", policy.header("ETag"));
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.object()).containsEntry("priority", 5L)
                .containsEntry("sudo", Map.of("commands", List.of("/usr/bin/systemctl restart nginx"), "runAs", List.of(), "authenticate", false));
        assertThat(changed.header("ETag")).isNotEqualTo(policy.header("ETag"));
        assertThat(administrator.patch(path, "{\"priority\": 6}", policy.header("ETag")).status()).isEqualTo(412);
        assertThat(administrator.delete(path, policy.header("ETag")).status()).isEqualTo(412);

        assertThat(administrator.patch(path, "{\"priority\": null, \"description\": null}").object())
                .containsEntry("priority", 100L).containsEntry("description", null);
        var replaced = administrator.patch(path, "{\"targets\": [" + TestAccess.reference("user:carl") + "], \"destinations\": [" + TestAccess.reference("cidr:10.0.0.0/8") + "]}");
        assertThat(replaced.object()).containsEntry("targets", List.of(Map.of("type", "user", "id", "carl")))
                .containsEntry("destinations", List.of(Map.of("type", "cidr", "id", "10.0.0.0/8")));
        var same = administrator.patch(path, "{\"priority\": 100}");
        assertThat(same.header("ETag")).isEqualTo(replaced.header("ETag"));

        assertThat(administrator.delete(path, replaced.header("ETag")).status()).isEqualTo(204);
        assertThat(administrator.get(path).status()).isEqualTo(404);
        assertThat(administrator.patch(path, "{}").status()).isEqualTo(404);
        assertThat(administrator.delete(path).status()).isEqualTo(404);
    }

    @Test
    void haveAnotherTagWhenWhatTheyNameHasAnotherName() {
        var named = administrator.post("/policies", """
                {"name": "names", "effect": "allow", "targets": [{"type": "user", "id": "carl"}, {"type": "group", "id": "ops"}],
                 "destinations": [{"type": "site", "id": "lon"}, {"type": "node", "id": "n2"}, {"type": "container", "id": "far1"}]}""");
        var names = "/policies/" + named.at("id");
        var tag = named.header("ETag");
        for (var renaming : List.of(
                new Renaming("/groups/ops", "cn", "ops", "/groups/renamed"),
                new Renaming("/sites/" + id("/sites", "lon"), "name", "lon"),
                new Renaming("/nodes/" + id("/nodes", "n2"), "name", "n2"),
                new Renaming("/containers/" + cluster.container("far1"), "hostname", "far1"))) {
            assertThat(administrator.patch(renaming.path(), "{\"" + renaming.field() + "\": \"renamed\"}").status()).isEqualTo(200);
            var renamed = administrator.get(names);
            assertThat(renamed.text()).contains("renamed");
            assertThat(renamed.header("ETag")).isNotEqualTo(tag);
            assertThat(administrator.patch(renaming.back(), "{\"" + renaming.field() + "\": \"" + renaming.name() + "\"}").status()).isEqualTo(200);
            tag = administrator.get(names).header("ETag");
        }
    }

    private record Renaming(String path, String field, String name, String back) {

        Renaming(String path, String field, String name) {
            this(path, field, name, path);
        }
    }

    private static Object id(String list, String name) {
        return administrator.get(list + "?name=" + name).items().getFirst().get("id");
    }

    @Test
    void areListedAndFound() {
        cluster.policy("first", "deny", "user:bob", "site:par", "\"priority\": 1");
        cluster.policy("off", "deny", "group:devs", "cidr:10.0.0.0/8", "\"active\": false, \"priority\": 200");

        assertThat(names("")).containsExactly("first", "Web builders", "off");
        assertThat(names("?sort=-name")).containsExactly("off", "first", "Web builders");
        assertThat(names("?active=false")).containsExactly("off");
        assertThat(names("?target=group:devs")).containsExactly("Web builders", "off");
        assertThat(names("?target=user:bob")).containsExactly("first");
        assertThat(names("?target=user:nobody")).isEmpty();
        assertThat(names("?destination=container:web1&target=group:devs")).containsExactly("Web builders");
        assertThat(names("?destination=cidr:10.0.0.0/8")).containsExactly("off");
        assertThat(names("?destination=site:par")).containsExactly("first");
        assertThat(names("?name=OFF")).containsExactly("off");
        assertThat(names("?q=build")).containsExactly("Web builders");
        var page = administrator.get("/policies?limit=1");
        assertThat(administrator.get("/policies?limit=1&cursor=" + page.textAt("next")).items()).extracting(item -> item.get("name")).containsExactly("Web builders");
        for (var bad : List.of("target=bob", "target=site:par", "destination=user:bob", "destination=cidr:x", "priority=1")) {
            assertThat(administrator.get("/policies?" + bad).status()).as(bad).isEqualTo(422);
        }
    }

    private static List<Object> names(String query) {
        return administrator.get("/policies" + query).items().stream().map(item -> item.get("name")).toList();
    }

    @Test
    void keepTheGroupsThatTheyName() {
        var answer = administrator.delete("/groups/devs");
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.at("heldBy")).isEqualTo(List.of("policy:Web builders"));
        assertThatThrownBy(() -> server.sql().useHandle(handle -> handle.execute("delete from groups where cn = 'devs'"))).hasMessageContaining("policy_target_group");
        assertThat(administrator.get("/groups/devs").status()).isEqualTo(200);
    }

    @Test
    void loseWhatIsDeletedAndCanStillBeChanged() {
        cluster.make("/users", "{\"username\": \"shortlived\"}");
        var pve = cluster.make("/nodes", "{\"siteId\": " + id("/sites", "lon") + ", \"name\": \"n3\"}").at("id");
        cluster.policy("passing", "deny", "user:shortlived", "node:n3", "");
        var passing = "/policies/" + id("/policies", "passing");

        assertThat(administrator.delete("/users/shortlived").status()).isEqualTo(204);
        assertThat(administrator.delete("/nodes/" + pve).status()).isEqualTo(204);

        assertThat(administrator.get(passing).object()).containsEntry("targets", List.of()).containsEntry("destinations", List.of());
        assertThat(administrator.patch(passing, "{\"active\": false}").object()).containsEntry("active", false);
        assertThat(administrator.patch(passing, "{\"targets\": []}").status()).isEqualTo(422);
    }

    @Test
    void areInTheAuditLogWithWhatChanged() {
        administrator.patch(path, "{\"priority\": 7, \"targets\": [" + TestAccess.reference("user:bob") + "]}");
        administrator.delete(path);

        var events = administrator.get("/audit?target=policy:Web%20builders&limit=3").items();
        assertThat(events).extracting(event -> event.get("action"))
                .containsExactly("access.policy.deleted", "access.policy.modified", "access.policy.created");
        assertThat(events.get(1).get("detail")).isEqualTo(Map.of("changes", Map.of("priority", Map.of("before", 100L, "after", 7L),
                "targets", Map.of("before", List.of("group:devs"), "after", List.of("user:bob")))));
        assertThat(events.get(2).get("detail").toString()).contains("Web builders", "container:web1", "/usr/bin/systemctl restart nginx");
    }

    @Test
    void tellWhenTheirTimeBeginsAndEnds() {
        cluster.policy("timed", "allow", "user:bob", "site:par", "\"validFrom\": \"2020-01-01T00:00:00Z\"");
        var timed = "/policies/" + id("/policies", "timed");
        turn();
        assertThat(turns("timed")).as("began before it was there").isEmpty();
        long before = usn("timed");
        turn();
        assertThat(usn("timed")).isEqualTo(before);

        lookedBefore("timed", false);
        // Somebody changes it before anybody looks: the beginning is not lost.
        administrator.patch(timed, "{\"priority\": 8}");
        turn();
        assertThat(turns("timed")).containsExactly("access.policy.began");
        assertThat(usn("timed")).isGreaterThan(before);

        administrator.patch(timed, "{\"validUntil\": \"2021-01-01T00:00:00Z\"}");
        lookedBefore("timed", true);
        turn();
        turn();
        assertThat(turns("timed")).containsExactly("access.policy.ended", "access.policy.began");
    }

    @Test
    void thatAreSwitchedOffHaveNoTurns() {
        cluster.policy("off", "allow", "user:bob", "site:par", "\"active\": false");
        lookedBefore("off", false);
        turn();
        assertThat(turns("off")).isEmpty();
        boolean looked = server.sql().withHandle(handle -> handle.createQuery("select in_force from policies where name = 'off'").mapTo(boolean.class).one());
        assertThat(looked).isTrue();
    }

    /** As if nobody had looked since it was, or was not, in force. */
    private static void lookedBefore(String name, boolean inForce) {
        server.sql().useHandle(handle -> handle.execute("update policies set in_force = ? where name = ?", inForce, name));
    }

    private static List<Object> turns(String name) {
        return administrator.get("/audit?target=policy:" + name).items().stream().map(event -> event.get("action"))
                .filter(action -> List.of("access.policy.began", "access.policy.ended").contains(action)).toList();
    }

    private static void turn() {
        while (!server.bean(RecurringTasks.class).run(server.bean(PolicyTurns.class))) {
            Thread.onSpinWait();
        }
    }

    private static long usn(String name) {
        return server.sql().withHandle(handle -> handle.createQuery("select usn from policies where name = :name").bind("name", name).mapTo(long.class).one());
    }
}
