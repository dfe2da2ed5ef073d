package io.gatehouse.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DatabaseGoneIT {

    @Test
    @Timeout(120)
    void isToldAsUnavailableUntilItIsBack() throws Exception {
        var database = TestPostgres.freshDatabase();
        try (var server = new GatehouseServer.Builder().on(database).start()) {
            var administrator = ApiClient.administrator(server);

            database.goes();

            for (var answer : List.of(administrator.get("/users"),
                    ApiClient.anonymous(server).login(GatehouseServer.ADMINISTRATOR, GatehouseServer.PASSWORD))) {
                assertThat(answer.status()).as(answer.text()).isEqualTo(503);
                assertThat(answer.header("Retry-After")).isNotNull();
                assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
                assertThat(answer.at("type")).isEqualTo("urn:gatehouse:problem:unavailable");
            }
            var health = health(server, "");
            assertThat(health.status()).isEqualTo(503);
            assertThat(health.at("details.database.status")).isEqualTo("DOWN");
            assertThat(health(server, "/liveness").status()).isEqualTo(200);
            assertThat(ApiClient.anonymous(server).get("/ca.pem").status()).isEqualTo(200);

            database.returns();
            while (health(server, "").status() != 200) {
                Thread.sleep(100);
            }
            assertThat(administrator.post("/users", "{\"username\": \"late\"}").status()).isEqualTo(201);
        }
    }

    private static Answer health(GatehouseServer server, String path) {
        return new Answer(server.send("GET", "/health" + path, null, null));
    }
}
