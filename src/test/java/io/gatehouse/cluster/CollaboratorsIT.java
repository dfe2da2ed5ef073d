package io.gatehouse.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CollaboratorsIT {

    private static GatehouseServer server;
    private static ApiClient administrator;
    private static ApiClient olga;
    private static ApiClient bob;
    private static ApiClient carl;
    private static int node;

    private String container;

    @BeforeAll
    static void start() {
        server = GatehouseServer.with("gatehouse.public-url", "https://gatehouse.example.org").start();
        administrator = ApiClient.administrator(server);
        var layout = new TestLayout(server);
        olga = layout.user("olga");
        bob = layout.user("bob");
        carl = layout.user("carl");
        node = layout.node(layout.site("lab", "10.1.0", 10, 254), "pve1", null);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void oneContainer() {
        server.sql().useTransaction(handle -> handle.execute("delete from containers"));
        container = "/containers/" + olga.post("/containers", "{\"hostname\": \"web1\", \"nodeId\": " + node + "}").at("id");
        assertThat(olga.put(container + "/collaborators/bob", null).status()).isEqualTo(204);
    }

    @Test
    void seeTheContainerAndItsServicesAndChangeNothing() {
        var service = container + "/services/" + olga.post(container + "/services",
                "{\"type\": \"dns\", \"containerPort\": 389, \"serviceName\": \"_ldap._tcp\"}").at("id");

        assertThat(bob.get(container).text()).isEqualTo(olga.get(container).text());
        assertThat(bob.get("/containers").items()).extracting(item -> item.get("hostname")).containsExactly("web1");
        assertThat(bob.get("/containers?username=bob").items()).isEmpty();
        assertThat(bob.get(container + "/services").items()).hasSize(1);
        assertThat(bob.get(service).status()).isEqualTo(200);
        assertThat(bob.get(container + "/collaborators").items()).extracting(item -> item.get("username")).containsExactly("bob");
        for (var refused : List.of(bob.patch(container, "{\"template\": \"x\"}"), bob.delete(container), bob.delete(service),
                bob.patch(service, "{\"containerPort\": 636}"), bob.post(container + "/services", "{\"type\": \"dns\", \"containerPort\": 1, \"serviceName\": \"_a._tcp\"}"),
                bob.put(container + "/collaborators/carl", null), bob.delete(container + "/collaborators/bob"),
                bob.post(container + "/join-token", null), bob.get(container + "/machine-account"), bob.delete(container + "/machine-account"))) {
            assertThat(refused.status()).as(refused.response().request() + refused.text()).isEqualTo(403);
        }
        assertThat(olga.get(container).status()).isEqualTo(200);
        assertThat(carl.get(container).status()).isEqualTo(404);
        assertThat(carl.get(container + "/collaborators").status()).isEqualTo(404);
        assertThat(carl.put(container + "/collaborators/carl", null).status()).isEqualTo(404);
        assertThat(carl.get("/containers").items()).isEmpty();
    }

    @Test
    void comeAndGo() {
        assertThat(olga.put(container + "/collaborators/bob", null).status()).isEqualTo(204);
        assertThat(administrator.put(container + "/collaborators/carl", null).status()).isEqualTo(204);
        assertThat(olga.get(container + "/collaborators?sort=-username").items()).extracting(item -> item.get("username")).containsExactly("carl", "bob");

        assertThat(olga.delete(container + "/collaborators/bob").status()).isEqualTo(204);
        assertThat(olga.delete(container + "/collaborators/bob").status()).isEqualTo(404);
        assertThat(bob.get(container).status()).isEqualTo(404);

        assertThat(olga.put(container + "/collaborators/olga", null).status()).isEqualTo(409);
        assertThat(olga.put(container + "/collaborators/nobody", null).status()).isEqualTo(404);
        assertThat(olga.put("/containers/2147483647/collaborators/bob", null).status()).isEqualTo(404);
        var events = administrator.get("/audit?target=container:web1&action=cluster.container.*&limit=3").items();
        assertThat(events).extracting(event -> event.get("action") + " " + event.get("detail")).containsExactly(
                "cluster.container.collaborator-removed {collaborator=bob}",
                "cluster.container.collaborator-added {collaborator=carl}", "cluster.container.collaborator-added {collaborator=bob}");
    }

    @Test
    void goWithTheUser() {
        administrator.post("/users", "{\"username\": \"shortlived\"}");
        olga.put(container + "/collaborators/shortlived", null);
        assertThat(administrator.delete("/users/shortlived").status()).isEqualTo(204);
        assertThat(olga.get(container + "/collaborators").items()).extracting(item -> item.get("username")).containsExactly("bob");
    }
}
