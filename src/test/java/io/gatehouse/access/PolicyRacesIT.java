package io.gatehouse.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.AtOnce;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Thirty callers at once, half of them at another server on the same database: nobody is answered 500, which a deadlock would be. */
class PolicyRacesIT {

    private static final int CALLERS = 30;
    private static final String MASTER_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private static List<GatehouseServer> servers;
    private static List<ApiClient> administrators;
    private static TestAccess cluster;

    @BeforeAll
    static void start() {
        var database = TestPostgres.freshDatabase();
        servers = IntStream.range(0, 2).mapToObj(i -> GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(database).start()).toList();
        administrators = servers.stream().map(ApiClient::administrator).toList();
        cluster = new TestAccess(servers.getFirst());
    }

    @AfterAll
    static void stop() {
        servers.forEach(GatehouseServer::close);
    }

    @BeforeEach
    void nothing() {
        cluster.noPolicies();
    }

    private static ApiClient at(int caller) {
        return administrators.get(caller % administrators.size());
    }

    private static int count(String what) {
        return servers.getFirst().sql().withHandle(handle -> handle.createQuery("select count(*) from " + what).mapTo(int.class).one());
    }

    @Test
    void aNameIsOfOnePolicyInWhateverLetters() throws Exception {
        var answers = AtOnce.call(CALLERS, i -> at(i).post("/policies",
                TestAccess.policyJson(i % 4 < 2 ? "Same name" : "same NAME", "allow", "user:bob", "site:par", "")));

        assertThat(answers).extracting(Answer::status).containsOnly(201, 409).containsOnlyOnce(201);
    }

    @Test
    void aUserWhoIsDeletedWhilePoliciesNameHimIsInNone() throws Exception {
        for (int round = 0; round < 3; round++) {
            var name = "gone" + round;
            cluster.make("/users", "{\"username\": \"" + name + "\"}");
            cluster.policy("first " + name, "allow", "user:" + name, "site:par", "");
            cluster.put("/containers/" + cluster.container("web1") + "/collaborators/" + name);

            var answers = AtOnce.call(CALLERS, i -> switch (i % 5) {
                case 0 -> at(i).delete("/users/" + name);
                case 1 -> at(i).put("/containers/" + cluster.container("db1") + "/collaborators/" + name, null);
                case 2 -> at(i).put("/groups/ops/members/" + name, null);
                default -> at(i).post("/policies", TestAccess.policyJson(name + "-" + i, "allow", "user:" + name, "container:web1", ""));
            });

            assertThat(answers).extracting(Answer::status).isSubsetOf(201, 204, 404, 422).contains(204);
            assertThat(count("users where username = '" + name + "'")).isZero();
        }
        assertThat(count("policy_targets")).isZero();
        assertThat(count("container_collaborators")).isZero();
    }

    @Test
    void placesThatAreDeletedWhilePoliciesNameThemAreInNone() throws Exception {
        for (int round = 0; round < 3; round++) {
            var name = "gone" + round;
            var site = cluster.make("/sites", "{\"name\": \"" + name + "\", \"internalDomain\": \"gone.internal\"}").at("id");
            var node = cluster.make("/nodes", "{\"siteId\": " + site + ", \"name\": \"" + name + "\"}").at("id");
            var container = cluster.make("/containers", "{\"hostname\": \"" + name + "\", \"username\": \"olga\", \"nodeId\": " + node + "}").at("id");

            var answers = AtOnce.call(CALLERS, i -> switch (i % 6) {
                case 0 -> at(i).delete("/containers/" + container);
                case 1 -> at(i).delete("/nodes/" + node);
                case 2 -> at(i).delete("/sites/" + site);
                default -> at(i).post("/policies", TestAccess.policyJson(name + "-" + i, "allow", "user:bob",
                        List.of("container:", "node:", "site:").get(i % 3) + name, "\"sudo\": {\"commands\": [\"ALL\"]}"));
            });

            assertThat(answers).extracting(Answer::status).isSubsetOf(201, 204, 404, 409, 422).contains(204);
            assertThat(count("containers where hostname = '" + name + "'")).isZero();
        }
        assertThat(count("policy_destinations where container_id is not null")).isZero();
    }

    @Test
    void everythingThatTouchesPoliciesGoesOnAtOnce() throws Exception {
        var user = "renamed";
        cluster.make("/users", "{\"username\": \"" + user + "\"}");
        cluster.make("/groups", "{\"cn\": \"regroup\"}");
        var policies = IntStream.range(0, 4).mapToObj(i -> cluster.policy("touched " + i, i % 2 == 0 ? "allow" : "deny", i < 2 ? "user:" + user : "group:regroup",
                List.of("site:par", "node:n1", "container:web1", "cidr:10.1.0.0/16").get(i), "\"sudo\": {\"commands\": [\"ALL\"]}").at("id")).toList();
        var web1 = cluster.container("web1");
        var n1 = at(0).get("/nodes?name=n1").items().getFirst().get("id");

        var answers = AtOnce.call(CALLERS, 120, i -> switch (i % 8) {
            case 0 -> at(i).patch("/containers/" + web1, "{\"ipv4Address\": \"10.1.0." + (20 + i % 100) + "\"}");
            case 1 -> at(i).patch("/nodes/" + n1, "{\"apiUrl\": \"https://n1.example:" + (8000 + i) + "\"}");
            case 2 -> at(i).patch("/groups/regroup", "{\"description\": \"change " + i + "\"}");
            case 3 -> at(i).put("/groups/regroup/members/" + user, null);
            case 4 -> at(i).delete("/groups/regroup/members/" + user);
            case 5 -> at(i).put("/containers/" + web1 + "/collaborators/" + user, null);
            default -> at(i).patch("/policies/" + policies.get(i % 4), "{\"priority\": " + i + ", \"targets\": ["
                    + TestAccess.reference(i % 3 == 0 ? "user:" + user : "group:regroup") + "]}");
        });

        assertThat(answers).extracting(Answer::status).isSubsetOf(200, 204, 404, 409);
    }

    @Test
    void aGroupStaysThatAPolicyNames() throws Exception {
        for (int round = 0; round < 3; round++) {
            var group = "held" + round;
            cluster.make("/groups", "{\"cn\": \"" + group + "\"}");

            var answers = AtOnce.call(CALLERS, i -> i % 5 == 0 ? at(i).delete("/groups/" + group)
                    : at(i).post("/policies", TestAccess.policyJson(group + "-" + i, "allow", "group:" + group, "site:par", "")));

            assertThat(answers).extracting(Answer::status).isSubsetOf(201, 204, 404, 409, 422);
            boolean deleted = answers.stream().anyMatch(answer -> answer.status() == 204);
            assertThat(answers.stream().anyMatch(answer -> answer.status() == 201)).isNotEqualTo(deleted);
            assertThat(count("policies where name like '" + group + "-%'") == 0).isEqualTo(deleted);
        }
    }
}
