package io.gatehouse.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.AtOnce;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Fifty callers at once, half of them at another server on the same database. */
class LayoutRacesIT {

    private static final int CALLERS = 50;
    private static final String MASTER_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private static List<GatehouseServer> servers;
    private static List<ApiClient> administrators;

    @BeforeAll
    static void start() {
        var database = TestPostgres.freshDatabase();
        servers = List.of(GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(database).start(),
                GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(database).start());
        administrators = servers.stream().map(ApiClient::administrator).toList();
    }

    @AfterAll
    static void stop() {
        servers.forEach(GatehouseServer::close);
    }

    @BeforeEach
    void nothing() {
        servers.getFirst().sql().useTransaction(handle -> {
            handle.execute("delete from external_domains");
            handle.execute("delete from nodes");
            handle.execute("delete from sites");
        });
    }

    @Test
    void aSiteThatIsDeletedWhileNodesComeLeavesNoOrphan() throws Exception {
        for (int round = 0; round < 4; round++) {
            var site = site("lab" + round, "").at("id");
            int number = round;

            var answers = AtOnce.call(CALLERS, i -> i % 5 == 0
                    ? at(i).delete("/sites/" + site)
                    : at(i).post("/sites/" + site + "/nodes", "{\"name\": \"pve" + number + "-" + i + "\"}"));

            assertThat(answers).extracting(Answer::status).isSubsetOf(201, 204, 404, 409);
            boolean deleted = answers.stream().anyMatch(answer -> answer.status() == 204);
            boolean created = answers.stream().anyMatch(answer -> answer.status() == 201);
            assertThat(deleted).isNotEqualTo(created);
            assertThat(at(0).get("/sites/" + site).status()).isEqualTo(deleted ? 404 : 200);
            assertThat(count("nodes where site_id not in (select id from sites)")).isZero();
        }
    }

    @Test
    void aSiteThatIsDeletedWhileDomainsComeLeavesNoOrphan() throws Exception {
        var site = site("lab", "").at("id");

        var answers = AtOnce.call(CALLERS, i -> i % 5 == 0
                ? at(i).delete("/sites/" + site)
                : at(i).post("/external-domains", "{\"domain\": \"d" + i + ".example\", \"siteId\": " + site + "}"));

        assertThat(answers).extracting(Answer::status).isSubsetOf(201, 204, 404, 409, 422);
        assertThat(count("external_domains")).isEqualTo((int) answers.stream().filter(answer -> answer.status() == 201).count());
        assertThat(answers.stream().anyMatch(answer -> answer.status() == 204)).isEqualTo(count("sites") == 0).isEqualTo(count("external_domains") == 0);
    }

    @Test
    void anAddressIsOfOneNode() throws Exception {
        var site = site("lab", ", \"subnetMask\": \"255.255.255.0\", \"gateway\": \"10.40.0.1\"").at("id");

        var answers = AtOnce.call(CALLERS, i -> at(i).post("/nodes", """
                {"siteId": %s, "name": "pve%d", "ipv4Address": "10.40.0.5"}""".formatted(site, i)));

        assertThat(answers).extracting(Answer::status).containsOnly(201, 409).containsOnlyOnce(201);
        assertThat(answers).filteredOn(answer -> answer.status() == 409).allSatisfy(answer -> assertThat(answer.at("field")).isEqualTo("ipv4Address"));
    }

    @Test
    void aNameIsOfOneNodeInWhateverLetters() throws Exception {
        var site = site("lab", "").at("id");

        var answers = AtOnce.call(CALLERS, i -> at(i).post("/nodes", "{\"siteId\": " + site + ", \"name\": \"" + (i % 4 < 2 ? "pve" : "PVE") + "\"}"));

        assertThat(answers).extracting(Answer::status).containsOnly(201, 409).containsOnlyOnce(201);
    }

    @Test
    void rangesOfTwoSitesNeverOverlap() throws Exception {
        var answers = AtOnce.call(CALLERS, i -> at(i).post("/sites", """
                {"name": "s%d", "internalDomain": "x", "subnetMask": "255.255.255.0", "dhcpRange": "10.40.0.%d-10.40.0.%d"}""".formatted(i, 10 + i, 30 + i)));

        assertThat(answers).extracting(Answer::status).containsOnly(201, 409);
        assertThat(count("sites one join sites other on one.id < other.id and one.dhcp_range && other.dhcp_range")).isZero();
        assertThat(count("sites")).isBetween(1, 4);
    }

    @Test
    void nodesAndARangeNeverMeet() throws Exception {
        var site = site("lab", ", \"subnetMask\": \"255.255.255.0\", \"gateway\": \"10.40.0.1\"").at("id");

        var answers = AtOnce.call(CALLERS, i -> i % 10 == 0
                ? at(i).patch("/sites/" + site, "{\"dhcpRange\": \"10.40.0.100-10.40.0." + (150 + i) + "\"}")
                : at(i).post("/nodes", "{\"siteId\": " + site + ", \"name\": \"pve" + i + "\", \"ipv4Address\": \"10.40.0." + (100 + i) + "\"}"));

        assertThat(answers).extracting(Answer::status).isSubsetOf(200, 201, 409, 422);
        assertThat(count("nodes n join sites s on s.dhcp_range @> n.ipv4_address")).isZero();
        assertThat(count("sites where dhcp_range is not null") + count("nodes")).isPositive();
    }

    @Test
    void noChangeIsLost() throws Exception {
        var path = "/sites/" + site("0", "").at("id");

        AtOnce.call(CALLERS, i -> {
            for (int attempt = 0; attempt < 1000; attempt++) {
                var read = at(i).get(path);
                var written = at(i).patch(path, "{\"name\": \"" + (Integer.parseInt(read.textAt("name")) + 1) + "\"}", read.header("ETag"));
                if (written.status() == 200) {
                    return null;
                }
                assertThat(written.status()).isEqualTo(412);
            }
            throw new AssertionError("never got through");
        });

        assertThat(at(0).get(path).at("name")).isEqualTo(Integer.toString(CALLERS));
    }

    private static ApiClient at(int caller) {
        return administrators.get(caller % administrators.size());
    }

    private static Answer site(String name, String more) {
        var answer = at(0).post("/sites", "{\"name\": \"" + name + "\", \"internalDomain\": \"lab.internal\"" + more + "}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer;
    }

    private static int count(String from) {
        return servers.getFirst().sql().withHandle(handle -> handle.createQuery("select count(*) from " + from).mapTo(int.class).one());
    }
}
