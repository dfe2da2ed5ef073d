package io.gatehouse.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessCheckIT {

    private static GatehouseServer server;
    private static TestAccess cluster;
    private static ApiClient administrator;

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
    void nothingSaid() {
        cluster.noPolicies();
        byDefault("open");
    }

    private static void byDefault(String access) {
        assertThat(administrator.patch("/settings", "{\"access_default\": \"" + access + "\"}").status()).isEqualTo(200);
    }

    private static Answer check(ApiClient caller, String user, String container, String more) {
        return caller.post("/access/check", "{\"user\": \"%s\", \"container\": \"%s\"%s}".formatted(user, container, more));
    }

    private static Answer check(String user, String container) {
        var answer = check(administrator, user, container, "");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer;
    }

    /** Such as {@code allow by policy builders}. */
    private static String decision(String user, String container) {
        return decision(check(user, container));
    }

    private static String decision(Answer answer) {
        var by = answer.textAt("decidedBy.rule");
        return answer.at("decision") + " by " + by + (by.equals("policy") ? " " + answer.at("decidedBy.policy.name") : "");
    }

    private static List<Map<String, Object>> steps(Answer answer) {
        return list(answer.at("chain"));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Object objects) {
        return (List<Map<String, Object>>) objects;
    }

    @Test
    void goesByTheDefaultWhereNothingIsSaid() {
        assertThat(decision("alice", "web1")).isEqualTo("allow by open");
        byDefault("closed");
        assertThat(decision("alice", "web1")).isEqualTo("deny by nothing-allows");
        assertThat(decision("olga", "web1")).isEqualTo("allow by owner");
        assertThat(decision(GatehouseServer.ADMINISTRATOR, "web1")).isEqualTo("allow by administrator");
        cluster.put("/containers/" + cluster.container("web1") + "/collaborators/alice");
        assertThat(decision("alice", "web1")).isEqualTo("allow by collaborator");
        assertThat(decision("alice", "db1")).isEqualTo("deny by nothing-allows");
        assertThat(steps(check("alice", "db1"))).extracting(step -> step.get("rule"))
                .containsExactly("administrator", "owner", "nothing-allows");
    }

    /** Two policies; the first is about bob by the group in the group in company, the other about himself. */
    @ParameterizedTest
    @CsvSource({
            "open,   10, allow, 20, deny,  allow by policy group",
            "open,   20, allow, 10, deny,  deny by policy person",
            "open,   10, deny,  10, allow, deny by policy group",
            "open,   10, allow, 10, deny,  deny by policy person",
            "closed, 10, allow, 20, deny,  allow by policy group",
            "closed, 20, deny,  10, allow, allow by policy person",
            "closed, 10, deny,  10, allow, deny by policy group",
            "closed, 0,  allow, 0,  deny,  deny by policy person"})
    void goesByPriorityAndDenialsFirst(String byDefault, int groupPriority, String groupEffect, int personPriority, String personEffect, String expected) {
        byDefault(byDefault);
        cluster.policy("group", groupEffect, "group:company", "site:par", "\"priority\": " + groupPriority);
        cluster.policy("person", personEffect, "user:bob", "cidr:10.1.0.0/24", "\"priority\": " + personPriority);

        assertThat(decision("bob", "web1")).isEqualTo(expected);
        assertThat(decision("bob", "far1")).isEqualTo(byDefault.equals("open") ? "allow by open" : "deny by nothing-allows");
        assertThat(decision("alice", "web1")).isEqualTo(byDefault.equals("open") ? "allow by open" : "deny by nothing-allows");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "user:bob       | container:web1   | user:bob | container:web1",
            "group:devs     | node:n1          | user:bob, group:devs | node:n1, container:web1",
            "group:company  | site:par         | user:bob, group:devs, group:engineers, group:company | site:par, node:n1, container:web1",
            "group:ldapusers | cidr:10.1.0.0/24 | user:bob, group:ldapusers | cidr:10.1.0.0/24, container:web1",
            "group:ldapusers | cidr:0.0.0.0/0   | user:bob, group:ldapusers | cidr:0.0.0.0/0, container:web1"})
    void tellsHowARuleIncludesPersonAndPlace(String target, String destination, String subjectPath, String destinationPath) {
        var policy = cluster.policy("the one", "deny", target, destination, "\"priority\": 50");

        var answer = check("bob", "web1");

        assertThat(answer.object().get("decidedBy")).isEqualTo(Map.of("rule", "policy", "effect", "deny", "includes", true,
                "policy", Map.of("id", policy.at("id"), "name", "the one", "priority", 50L),
                "subject", List.of(subjectPath.split(", ")), "destination", List.of(destinationPath.split(", "))));
    }

    @Test
    void tellsTheWholeChainUpToWhatDecides() {
        cluster.policy("ops only", "deny", "group:ops", "site:par", "\"priority\": 5");
        cluster.policy("elsewhere", "deny", "user:bob", "site:lon", "\"priority\": 6");
        cluster.policy("builders", "allow", "group:engineers", "container:web1", "\"priority\": 7");
        cluster.policy("never asked", "deny", "user:bob", "container:web1", "\"priority\": 8");
        cluster.policy("off", "deny", "user:bob", "container:web1", "\"priority\": 1, \"active\": false");
        cluster.policy("sudo alone", "deny", "user:bob", "container:web1", "\"priority\": 1, \"login\": false, \"sudo\": {\"commands\": [\"ALL\"]}");

        var answer = check("bob", "web1");

        assertThat(decision(answer)).isEqualTo("allow by policy builders");
        var chain = steps(answer);
        assertThat(chain).extracting(step -> step.get("rule") + " " + step.get("includes"))
                .containsExactly("administrator false", "owner false", "policy false", "policy true");
        assertThat(chain.get(2)).containsEntry("subject", List.of()).containsEntry("destination", List.of("site:par", "node:n1", "container:web1"));
        assertThat(chain.getLast()).isEqualTo(answer.object().get("decidedBy"));
    }

    @Test
    void anAbsoluteDenialGoesBeforeTheOwner() {
        cluster.policy("frozen", "deny", "group:ldapusers", "cidr:0.0.0.0/0", "\"priority\": 0");
        cluster.policy("thawed", "allow", "user:alice", "container:web1", "\"priority\": 0");

        for (var user : List.of("olga", "alice", GatehouseServer.ADMINISTRATOR)) {
            assertThat(decision(user, "web1")).as(user).isEqualTo("deny by policy frozen");
            assertThat(decision(user, "far1")).as(user).isEqualTo("deny by policy frozen");
        }
    }

    @Test
    void goesByTheTimeThatIsAskedAbout() {
        cluster.policy("weekend", "deny", "user:bob", "site:par", "\"validFrom\": \"2030-01-05T00:00:00Z\", \"validUntil\": \"2030-01-07T00:00:00Z\"");

        assertThat(decision("bob", "web1")).isEqualTo("allow by open");
        for (var time : Map.of("2030-01-04T23:59:59.999999Z", "allow by open", "2030-01-05T00:00:00Z", "deny by policy weekend",
                "2030-01-07T00:59:59+01:00", "deny by policy weekend", "2030-01-07T00:00:00Z", "allow by open").entrySet()) {
            var answer = check(administrator, "bob", "web1", ", \"at\": \"" + time.getKey() + "\"");
            assertThat(decision(answer)).as(time.getKey()).isEqualTo(time.getValue());
        }
        assertThat(check(administrator, "bob", "web1", ", \"at\": \"soon\"").at("field")).isEqualTo("at");
    }

    @Test
    void refusesWhoeverIsNotActiveBeforeAnythingElse() {
        cluster.policy("in", "allow", "group:ldapusers", "cidr:0.0.0.0/0", "\"priority\": 0, \"sudo\": {\"commands\": [\"ALL\"]}");
        assertThat(administrator.post("/users/carl/suspend", "{\"reason\": \"on leave\"}").status()).isEqualTo(200);
        try {
            var answer = check("carl", "web1");
            assertThat(decision(answer)).isEqualTo("deny by not-active");
            assertThat(answer.at("chain")).asList().hasSize(1);
            assertThat(answer.at("sudo")).asList().isEmpty();
        } finally {
            administrator.post("/users/carl/activate", null);
        }
        assertThat(decision("carl", "web1")).isEqualTo("allow by policy in");
    }

    @Test
    void tellsWhatPoliciesSayOfSudo() {
        cluster.policy("restart", "allow", "group:devs", "site:par", "\"priority\": 20, \"sudo\": {\"commands\": [\"/bin/a\"], \"runAs\": [\"www-data\"], \"authenticate\": false}");
        cluster.policy("no shell", "deny", "user:bob", "container:web1", "\"priority\": 10, \"login\": false, \"sudo\": {\"commands\": [\"/bin/sh\"]}");
        cluster.policy("others", "allow", "group:ops", "container:web1", "\"sudo\": {\"commands\": [\"ALL\"]}");
        cluster.policy("elsewhere", "allow", "user:bob", "site:lon", "\"sudo\": {\"commands\": [\"ALL\"]}");

        var sudo = list(check("bob", "web1").at("sudo"));
        assertThat(sudo).extracting(grant -> grant.get("effect") + " " + grant.get("commands")).containsExactly("deny [/bin/sh]", "allow [/bin/a]");
        assertThat(sudo.getLast()).containsEntry("runAs", List.of("www-data")).containsEntry("authenticate", false);

        cluster.policy("out", "deny", "user:bob", "container:web1", "");
        assertThat(check("bob", "web1").at("sudo")).asList().isNotEmpty();
        cluster.policy("out first", "deny", "user:bob", "container:web1", "\"priority\": 1");
        assertThat(check("bob", "web1").at("sudo")).asList().isEmpty();
    }

    @Test
    void isForThePersonTheOwnerAndAdministrators() {
        cluster.policy("ops only", "allow", "group:ops", "site:par", "");
        var bob = cluster.as("bob");
        var olga = cluster.as("olga");

        var own = check(bob, "bob", "web1", "");
        assertThat(decision(own)).isEqualTo("allow by open");
        assertThat(own.text()).as("no rule about others").doesNotContain("ops only", "\"includes\":false");
        assertThat(check(olga, "bob", "web1", "").status()).isEqualTo(200);
        for (var container : List.of("web1", "nowhere")) {
            var refused = check(bob, "alice", container, "");
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.text()).doesNotContain("There is no");
        }
        assertThat(check(ApiClient.anonymous(server), "bob", "web1", "").status()).isEqualTo(401);
        assertThat(check(administrator, "bob", "nowhere", "").at("field")).isEqualTo("container");
        assertThat(check(administrator, "nobody", "web1", "").at("field")).isEqualTo("user");
        assertThat(administrator.post("/access/check", "{\"container\": \"web1\"}").at("field")).isEqualTo("user");
    }

    @Test
    void takesTheIdOfAContainerOrItsName() {
        assertThat(check("bob", cluster.container("web1").toString()).at("container")).isEqualTo("web1");
        assertThat(check("bob", "WEB1").at("container")).isEqualTo("web1");
        assertThat(administrator.post("/access/check", "{\"user\": \"bob\", \"container\": 1}").status()).isEqualTo(422);
    }

    @Test
    void isTheSameInATransactionThatHasBegun() {
        cluster.policy("the one", "deny", "user:bob", "container:web1", "");
        var answer = administrator.send("POST", "/access/check", "{\"user\": \"bob\", \"container\": \"web1\"}", Map.of("Idempotency-Key", "once"));
        assertThat(decision(answer)).isEqualTo("deny by policy the one");
    }
}
