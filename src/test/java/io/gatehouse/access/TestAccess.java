package io.gatehouse.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;

/**
 * A cluster for tests: the sites par, with the node n1 and the containers web1 (10.1.0.10) and db1 (10.1.0.11), and lon, with the node
 * n2 and the container far1, which has no address. All are olga's. Among people are alice, bob and carl; devs (bob) are in engineers,
 * and these in company.
 */
final class TestAccess {

    static final String PASSWORD = "seven bridges of ...";

    private final GatehouseServer server;
    private final ApiClient administrator;

    TestAccess(GatehouseServer server) {
        this.server = server;
        administrator = ApiClient.administrator(server);
        for (var user : new String[] {"olga", "alice", "bob", "carl"}) {
            make("/users", "{\"username\": \"" + user + "\", \"password\": \"" + PASSWORD + "\"}");
        }
        for (var group : new String[] {"devs", "engineers", "company", "ops"}) {
            make("/groups", "{\"cn\": \"" + group + "\"}");
        }
        put("/groups/devs/members/bob");
        put("/groups/engineers/groups/devs");
        put("/groups/company/groups/engineers");
        var par = make("/sites", "{\"name\": \"par\", \"internalDomain\": \"par.internal\", \"subnetMask\": \"255.255.255.0\", \"gateway\": \"10.1.0.1\"}").at("id");
        var lon = make("/sites", "{\"name\": \"lon\", \"internalDomain\": \"lon.internal\"}").at("id");
        var n1 = make("/nodes", "{\"siteId\": " + par + ", \"name\": \"n1\"}").at("id");
        var n2 = make("/nodes", "{\"siteId\": " + lon + ", \"name\": \"n2\"}").at("id");
        make("/containers", "{\"hostname\": \"web1\", \"username\": \"olga\", \"nodeId\": " + n1 + ", \"ipv4Address\": \"10.1.0.10\"}");
        make("/containers", "{\"hostname\": \"db1\", \"username\": \"olga\", \"nodeId\": " + n1 + ", \"ipv4Address\": \"10.1.0.11\"}");
        make("/containers", "{\"hostname\": \"far1\", \"username\": \"olga\", \"nodeId\": " + n2 + "}");
    }

    ApiClient administrator() {
        return administrator;
    }

    ApiClient as(String username) {
        return ApiClient.user(server, username, PASSWORD);
    }

    /** The id of a container. */
    Object container(String hostname) {
        return administrator.get("/containers?hostname=" + hostname).items().getFirst().get("id");
    }

    /** @param rest of the policy's JSON, without braces */
    Answer policy(String name, String effect, String target, String destination, String rest) {
        return make("/policies", policyJson(name, effect, target, destination, rest));
    }

    static String policyJson(String name, String effect, String target, String destination, String rest) {
        return "{\"name\": \"%s\", \"effect\": \"%s\", \"targets\": [%s], \"destinations\": [%s]%s}"
                .formatted(name, effect, reference(target), reference(destination), rest.isEmpty() ? "" : ", " + rest);
    }

    /** @param text {@code group:devs}, say */
    static String reference(String text) {
        var parts = text.split(":", 2);
        return "{\"type\": \"" + parts[0] + "\", \"id\": \"" + parts[1] + "\"}";
    }

    void noPolicies() {
        server.sql().useTransaction(handle -> {
            handle.execute("delete from policies");
            handle.execute("delete from container_collaborators");
        });
    }

    Answer make(String path, String json) {
        var answer = administrator.post(path, json);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer;
    }

    void put(String path) {
        var answer = administrator.put(path, null);
        assertThat(answer.status()).as(answer.text()).isEqualTo(204);
    }
}
