package io.gatehouse.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.platform.Database;
import io.gatehouse.platform.MasterKey;
import io.gatehouse.platform.StartupFailure;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import java.util.Base64;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class SigningKeysIT {

    private static final String MASTER_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    @Test
    void areTheSameOnAllNodesAndAfterARestart() {
        var database = TestPostgres.freshDatabase();
        String token;
        try (var one = GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(database).start();
             var other = GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(database).start()) {
            token = one.adminToken();
            assertThat(ApiClient.withToken(other, token).get("/me").status()).isEqualTo(200);
        }
        try (var later = GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(database).start()) {
            assertThat(ApiClient.withToken(later, token).get("/me").status()).isEqualTo(200);
        }
    }

    @Test
    void areMadeOnceByNodesThatStartTogether() throws Exception {
        try (var server = GatehouseServer.start(); var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            server.sql().useHandle(handle -> handle.execute("delete from signing_keys"));
            Callable<SigningKeys> start = () -> new SigningKeys(
                    server.bean(Database.class), server.bean(MasterKey.class), server.bean(AuthConfiguration.class));

            for (var started : threads.invokeAll(Collections.nCopies(6, start))) {
                started.get();
            }

            int keys = server.sql().withHandle(handle -> handle.createQuery("select count(*) from signing_keys").mapTo(int.class).one());
            assertThat(keys).isEqualTo(1);
        }
    }

    @Test
    void stopTheStartWithOneLineUnderAnotherMasterKey() {
        var database = TestPostgres.freshDatabase();
        GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(database).start().close();

        var other = Base64.getEncoder().encodeToString(new byte[32]);
        assertThatThrownBy(() -> GatehouseServer.with("gatehouse.master-key", other).on(database).start())
                .isInstanceOf(StartupFailure.class).message().contains("master key").doesNotContain("\n");
    }
}
