package io.gatehouse.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.AtOnce;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sixty-four callers at once, half of them at another node on the same database. */
class WorkloadRacesIT {

    private static final int CALLERS = 64;
    private static final String MASTER_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private static List<GatehouseServer> nodes;
    private static List<ApiClient> administrators;
    private static TestLayout layout;
    private static int lab;
    private static int pve;

    @BeforeAll
    static void start() {
        var database = TestPostgres.freshDatabase();
        nodes = IntStream.range(0, 2).mapToObj(i -> GatehouseServer.with("gatehouse.master-key", MASTER_KEY)
                .with("datasources.default.maximum-pool-size", CALLERS / 2 + 2).on(database).start()).toList();
        administrators = nodes.stream().map(ApiClient::administrator).toList();
        layout = new TestLayout(nodes.getFirst());
        lab = layout.site("lab", "10.1.0", 10, 254);
        pve = layout.node(lab, "pve1", "10.1.0.5");
    }

    @AfterAll
    static void stop() {
        nodes.forEach(GatehouseServer::close);
    }

    private static ApiClient someone(int i) {
        return administrators.get(i % 2);
    }

    private static String container(String hostname) {
        var answer = someone(0).post("/containers", "{\"hostname\": \"" + hostname + "\", \"nodeId\": " + pve + "}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return "/containers/" + answer.at("id");
    }

    @Test
    void givesTwoHundredServicesTwoHundredPorts() throws Exception {
        var services = container("many-ports") + "/services";

        var answers = AtOnce.call(CALLERS, 200, i -> someone(i).post(services,
                "{\"type\": \"transport\", \"containerPort\": 22, \"protocol\": \"tcp\"}"));

        assertThat(answers).extracting(Answer::status).containsOnly(201);
        assertThat(answers).extracting(answer -> ((Long) answer.at("externalPort")).intValue())
                .containsExactlyInAnyOrderElementsOf(IntStream.range(2000, 2200).boxed().toList());
    }

    @Test
    void givesNobodyMoreThanTheQuotas() throws Exception {
        someone(0).put("/settings/containers_per_user", "{\"value\": \"3\"}");
        // A node has seen what came before a change of its own, once that is answered.
        IntStream.range(1, 3).forEach(i -> someone(i).put("/settings/services_per_container", "{\"value\": \"4\"}"));
        layout.user("greedy");
        var greedy = nodes.stream().map(node -> ApiClient.user(node, "greedy", TestLayout.PASSWORD)).toList();

        var containers = AtOnce.call(CALLERS, i -> greedy.get(i % 2).post("/containers",
                "{\"hostname\": \"greedy-" + i + "\", \"nodeId\": " + pve + "}"));

        assertThat(containers).filteredOn(answer -> answer.status() == 201).hasSize(3);
        assertThat(containers).filteredOn(answer -> answer.status() != 201).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.textAt("detail")).contains("3 containers").contains("containers_per_user");
        });
        var first = containers.stream().filter(answer -> answer.status() == 201).findFirst().orElseThrow();
        var services = AtOnce.call(CALLERS, i -> greedy.get(i % 2).post("/containers/" + first.at("id") + "/services",
                "{\"type\": \"transport\", \"containerPort\": 22, \"protocol\": \"tcp\"}"));
        assertThat(services).extracting(Answer::status).containsOnly(201, 409);
        assertThat(services).filteredOn(answer -> answer.status() == 201).hasSize(4);
        assertThat(someone(0).post("/containers/" + first.at("id") + "/services",
                "{\"type\": \"transport\", \"containerPort\": 22, \"protocol\": \"tcp\"}").status()).as("an administrator adds more").isEqualTo(201);
    }

    @Test
    void givesTheLastPortsToSomeAndTellsTheOthersThatTheRangeIsFull() throws Exception {
        var services = container("few-ports") + "/services";
        assertThat(someone(0).put("/settings/udp_port_range", "{\"value\": \"436-450\"}").status()).isEqualTo(200);

        var answers = AtOnce.call(CALLERS, i -> someone(0).post(services,
                "{\"type\": \"transport\", \"containerPort\": 53, \"protocol\": \"udp\"" + (i == 0 ? ", \"externalPort\": 440}" : "}")));

        assertThat(answers).extracting(Answer::status).containsOnly(201, 409);
        assertThat(answers).filteredOn(answer -> answer.status() == 201).extracting(answer -> ((Long) answer.at("externalPort")).intValue())
                .as("443 is the gateway's").containsExactlyInAnyOrder(436, 437, 438, 439, 440, 441, 442, 444, 445, 446, 447, 448, 449, 450);
        assertThat(answers).filteredOn(answer -> answer.status() == 409).anySatisfy(answer ->
                assertThat(answer.textAt("detail")).contains("436-450").contains("udp_port_range"));
    }

    @Test
    void givesEveryContainerAnAddressOfItsOwnUntilThereAreNoMore() throws Exception {
        int site = layout.site("tight", "10.2.0", 10, 59);
        for (int i = 0; i < 3; i++) {
            layout.node(site, "tight" + i, null);
        }

        var answers = AtOnce.call(CALLERS, i -> someone(i).post("/containers", "{\"hostname\": \"tight-" + i + "\", \"siteId\": " + site + "}"));

        assertThat(answers).filteredOn(answer -> answer.status() == 201).extracting(answer -> answer.at("ipv4Address"))
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(10, 59).<Object>mapToObj(host -> "10.2.0." + host).toList());
        assertThat(answers).filteredOn(answer -> answer.status() != 201).hasSize(CALLERS - 50)
                .allSatisfy(answer -> assertThat(answer.at("field")).isEqualTo("ipv4Address"));
        var perNode = nodes.getFirst().sql().withHandle(handle -> handle.createQuery("""
                select count(*) from containers c join nodes n on n.id = c.node_id where n.site_id = :site group by n.id""")
                .bind("site", site).mapTo(Integer.class).list());
        assertThat(perNode).containsExactlyInAnyOrder(17, 17, 16);
    }

    @Test
    void givesANameToOneContainerOnly() throws Exception {
        var answers = AtOnce.call(CALLERS, i -> someone(i).post("/containers", "{\"hostname\": \"wanted\", \"nodeId\": " + pve + "}"));

        assertThat(answers).extracting(Answer::status).containsOnly(201, 409).containsOnlyOnce(201);
        assertThat(answers).filteredOn(answer -> answer.status() == 409).allSatisfy(answer -> assertThat(answer.at("field")).isEqualTo("hostname"));
    }

    @Test
    void givesAnExternalNameToOneServiceOnly() throws Exception {
        var services = container("wanted-name") + "/services";
        int domain = layout.domain("example.org");
        int below = layout.domain("sub.example.org");

        var answers = AtOnce.call(CALLERS, i -> someone(i).post(services, """
                {"type": "http", "containerPort": 80, "externalHostname": "%s", "externalDomainId": %d}"""
                .formatted(i % 2 == 0 ? "app.sub" : "app", i % 2 == 0 ? domain : below)));

        assertThat(answers).extracting(Answer::status).containsOnly(201, 409).containsOnlyOnce(201);
    }

    @Test
    void leavesNoContainerWithoutItsNode() throws Exception {
        for (int round = 0; round < 3; round++) {
            int number = round;
            int node = layout.node(lab, "doomed" + round, null);

            var answers = AtOnce.call(CALLERS, i -> i % 4 == 0
                    ? someone(i / 4).delete("/nodes/" + node)
                    : someone(i).post("/containers", "{\"hostname\": \"doomed-" + number + "-" + i + "\", \"nodeId\": " + node + "}"));

            assertThat(answers).extracting(Answer::status).isSubsetOf(201, 204, 404, 409, 422);
            long created = answers.stream().filter(answer -> answer.status() == 201).count();
            boolean deleted = answers.stream().anyMatch(answer -> answer.status() == 204);
            assertThat(deleted).isNotEqualTo(created > 0);
        }
    }

    @Test
    void losesNoChange() throws Exception {
        var path = container("contended");

        var answers = AtOnce.call(CALLERS, i -> {
            Answer answer;
            do {
                var seen = someone(i).get(path);
                var others = seen.textAt("template");
                answer = new Answer(TestRequests.send(nodes.get(i % 2), "PATCH", path, Map.of("If-Match", seen.header("ETag")),
                        "{\"template\": \"" + (others == null ? 1 : Integer.parseInt(others) + 1) + "\"}"));
            } while (answer.status() == 412);
            return answer;
        });

        assertThat(answers).extracting(Answer::status).containsOnly(200);
        assertThat(someone(0).get(path).at("template")).isEqualTo(Integer.toString(CALLERS));
    }

    @Test
    void endsAJobOnce() throws Exception {
        var job = "/jobs/" + someone(0).post("/jobs", "{\"name\": \"contended\"}").at("id");
        someone(0).patch(job, "{\"status\": \"running\"}");

        var answers = AtOnce.call(CALLERS, i -> someone(i / 2).patch(job, "{\"status\": \"" + (i % 2 == 0 ? "success" : "failure") + "\"}"));

        var end = someone(0).get(job).at("status");
        assertThat(answers).extracting(Answer::status).containsOnly(200, 409);
        assertThat(answers).filteredOn(answer -> answer.status() == 200).extracting(answer -> answer.at("status")).containsOnly(end);
    }

    @Test
    void keepsAnOwnerWhoseContainerIsBeingCreated() throws Exception {
        someone(0).post("/users", "{\"username\": \"leaver\"}");

        var answers = AtOnce.call(CALLERS, i -> i % 4 == 0
                ? someone(i / 4).delete("/users/leaver")
                : someone(i).post("/containers", "{\"hostname\": \"left-" + i + "\", \"username\": \"leaver\", \"nodeId\": " + pve + "}"));

        assertThat(answers).extracting(Answer::status).isSubsetOf(201, 204, 404, 409, 422);
        long created = answers.stream().filter(answer -> answer.status() == 201).count();
        boolean deleted = answers.stream().anyMatch(answer -> answer.status() == 204);
        assertThat(deleted).isNotEqualTo(created > 0);
    }
}
