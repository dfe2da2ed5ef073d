package io.gatehouse.gateway.agents;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DatabaseGoneIT {

    @Test
    @Timeout(120)
    void agentsAreToldOfTheirSiteAllTheSame() throws Exception {
        var database = TestPostgres.freshDatabase();
        try (var server = new GatehouseServer.Builder().on(database).start()) {
            var site = new TestSite(server);
            site.container("lasting1");
            var key = site.key("gw");
            var agent = ApiClient.withToken(server, key);
            while (agent.get(path(site, "snapshot")).status() != 200 || !agent.get(path(site, "snapshot")).text().contains("lasting1")) {
                Thread.onSpinWait();
            }
            var before = agent.get(path(site, "bundle"));

            database.goes();

            var bundle = agent.get(path(site, "bundle"));
            assertThat(bundle.status()).isEqualTo(200);
            assertThat(bundle.text()).isEqualTo(before.text());
            assertThat(agent.send("GET", path(site, "snapshot"), null, Map.of("If-None-Match", before.header("ETag"))).status()).isEqualTo(200);
            assertThat(agent.send("GET", path(site, "bundle"), null, Map.of("If-None-Match", before.header("ETag"))).status()).isEqualTo(304);
            for (var stranger : List.of(key.replaceAll(".$", "0"), "agent-0000-0000-0000-0000-0000-0000-0000")) {
                assertThat(ApiClient.withToken(server, stranger).get(path(site, "bundle")).status()).isEqualTo(401);
            }
            assertThat(checkIn(agent, site).status()).isEqualTo(503);

            database.returns();
            while (checkIn(agent, site).status() != 204) {
                Thread.sleep(100);
            }
        }
    }

    private static Answer checkIn(ApiClient agent, TestSite site) {
        return agent.post(path(site, "agents/checkin"), "{\"host\": \"gw\", \"agentVersion\": \"1\", \"result\": \"applied\"}");
    }

    private static String path(TestSite site, String below) {
        return "/sites/" + site.id() + "/" + below;
    }
}
