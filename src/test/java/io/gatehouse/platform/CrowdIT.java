package io.gatehouse.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.GatehouseServer;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** More requests at once than the server has connections to the database. */
class CrowdIT {

    @Test
    void waitsForItsTurnInsteadOfBeingRefused() throws Exception {
        try (var server = GatehouseServer.with("datasources.default.maximum-pool-size", 2).start()) {
            server.adminToken();
            CompletableFuture<Integer> answer;
            try (var first = server.sql().open(); var second = server.sql().open()) {
                assertThat(first.createQuery("select 1").mapTo(int.class).one()).isEqualTo(second.createQuery("select 1").mapTo(int.class).one());
                answer = CompletableFuture.supplyAsync(() -> server.send("GET", "/api/v1/users", null).statusCode());
                awaitTimeout(server);
                assertThat(answer).isNotDone();
            }

            assertThat(answer.get(1, TimeUnit.MINUTES)).isEqualTo(200);
        }
    }

    /** Of the pool, after which a request used to be refused. */
    private static void awaitTimeout(GatehouseServer server) throws InterruptedException {
        var timeouts = server.bean(MeterRegistry.class).get("hikaricp.connections.timeout").counter();
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (timeouts.count() < 1 && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
        assertThat(timeouts.count()).isGreaterThanOrEqualTo(1);
    }
}
