package io.gatehouse.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import io.gatehouse.testing.TestPostgres.TestDatabase;
import java.sql.DriverManager;
import java.sql.SQLException;
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

            administer(database, "alter database %s with allow_connections false");
            administer(database, "select pg_terminate_backend(pid) from pg_stat_activity where datname = '%s'");

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

            administer(database, "alter database %s with allow_connections true");
            while (health(server, "").status() != 200) {
                Thread.sleep(100);
            }
            assertThat(administrator.post("/users", "{\"username\": \"late\"}").status()).isEqualTo(201);
        }
    }

    private static Answer health(GatehouseServer server, String path) {
        return new Answer(server.send("GET", "/health" + path, null, null));
    }

    /** From another database of the same PostgreSQL. */
    private static void administer(TestDatabase database, String statement) throws SQLException {
        int slash = database.url().lastIndexOf('/');
        var name = database.url().substring(slash + 1);
        try (var connection = DriverManager.getConnection(database.url().substring(0, slash) + "/postgres", database.superuser().username(), database.superuser().password());
             var administration = connection.createStatement()) {
            administration.execute(statement.formatted(name));
        }
    }
}
