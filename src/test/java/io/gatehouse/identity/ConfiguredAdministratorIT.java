package io.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.platform.MasterKey;
import io.gatehouse.platform.StartupFailure;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfiguredAdministratorIT {

    private static final String PASSWORD = "seven bridges of ...";

    @Test
    void isThereWhenTheServerIs() {
        try (var server = GatehouseServer.with("gatehouse.admin-username", "chief").with("gatehouse.admin-password", PASSWORD).start()) {
            var me = ApiClient.user(server, "chief", PASSWORD).get("/me");

            assertThat(me.object()).containsEntry("isAdministrator", true).containsEntry("uidNumber", 2000L);
            assertThat(server.bean(Bootstrap.class).token()).isEmpty();
        }
    }

    @Test
    void mayHaveThePasswordInAFile(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
        try (var server = GatehouseServer.with("gatehouse.admin-username", "chief")
                .with("gatehouse.admin-password", "").with("gatehouse.admin-password-file", file.toString()).start()) {
            ApiClient.user(server, "chief", PASSWORD);
        }
    }

    @Test
    void isNotMadeOnceThereAreUsers() {
        var database = TestPostgres.freshDatabase();
        var key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
        try (var first = GatehouseServer.with("gatehouse.master-key", key).on(database).start()) {
            assertThat(first.bean(Users.class).find(GatehouseServer.ADMINISTRATOR)).isPresent();
        }
        try (var second = GatehouseServer.with("gatehouse.master-key", key).with("gatehouse.admin-username", "usurper").on(database).start()) {
            assertThat(second.bean(Users.class).find("usurper")).isEmpty();
            assertThat(second.bean(Users.class).find(GatehouseServer.ADMINISTRATOR)).isPresent();
        }
    }

    @Test
    void isMadeOnceBySeveralNodesThatStartTogether() throws Exception {
        try (var server = GatehouseServer.with("gatehouse.admin-username", "").start();
             var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var rows = server.bean(UserRows.class);
            var configuration = new IdentityConfiguration(59999, 100, "chief", PASSWORD, null);
            Callable<Void> start = () -> {
                new Bootstrap(server.bean(DirectoryTransactions.class), rows, server.bean(Users.class), configuration,
                        server.bean(MasterKey.class)).createConfiguredAdministrator();
                return null;
            };

            for (var started : threads.invokeAll(List.of(start, start, start, start))) {
                started.get();
            }

            assertThat(server.bean(Users.class).list(ListRequest.first(10), UserFilter.NONE).items())
                    .extracting(User::username).containsExactly("chief");
        }
    }

    @Test
    void stopsTheStartWhenHigherNumbersAreGivenOutThanMayBe() {
        var database = TestPostgres.freshDatabase();
        var key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
        try (var wide = GatehouseServer.with("gatehouse.master-key", key).on(database).start()) {
            ApiClient.administrator(wide).post("/users", "{\"username\": \"second\"}");
            ApiClient.administrator(wide).post("/users", "{\"username\": \"third\"}");
        }

        assertThatThrownBy(() -> GatehouseServer.with("gatehouse.master-key", key).with("gatehouse.uid-max", 2001).on(database).start())
                .isInstanceOf(StartupFailure.class).hasMessageContaining("GATEHOUSE_UID_MAX").hasMessageContaining("2002");
    }

    @Test
    void stopsTheStartWithOneLineWhenItCannotBeMade() {
        for (var broken : List.of(
                GatehouseServer.with("gatehouse.admin-username", "Not A Name"),
                GatehouseServer.with("gatehouse.admin-username", "root"),
                GatehouseServer.with("gatehouse.admin-password", "short"),
                GatehouseServer.with("gatehouse.admin-password", ""),
                GatehouseServer.with("gatehouse.admin-password", "").with("gatehouse.admin-password-file", "/no/such/file"),
                GatehouseServer.with("gatehouse.uid-max", 1999))) {
            assertThatThrownBy(broken::start).isInstanceOf(StartupFailure.class)
                    .message().contains("GATEHOUSE_").doesNotContain("\n").doesNotContain("short");
        }
    }
}
