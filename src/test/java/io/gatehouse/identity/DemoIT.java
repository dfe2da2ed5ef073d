package io.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.Demo;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoIT {

    @Test
    void isASmallClusterWithAnAdministratorAndComesOnce() {
        try (var server = GatehouseServer.with("gatehouse.admin-username", "").start()) {
            server.bean(Demo.class).load();
            var administrator = ApiClient.user(server, Demo.ADMINISTRATOR, Demo.PASSWORD);
            var users = administrator.get("/users").text();
            var groups = administrator.get("/groups").text();
            var containers = administrator.get("/containers").text();

            server.bean(Demo.class).load();

            assertThat(administrator.get("/users").text()).isEqualTo(users);
            assertThat(administrator.get("/groups").text()).isEqualTo(groups);
            assertThat(administrator.get("/containers").text()).isEqualTo(containers);
            assertThat(administrator.get("/containers").items()).extracting(container -> container.get("hostname")).containsExactly("db1", "web1");
            assertThat(ApiClient.user(server, "grace", Demo.PASSWORD).get("/containers").items()).hasSize(1);
            assertThat(administrator.get("/users").items()).hasSizeGreaterThan(4)
                    .allSatisfy(user -> assertThat((List<?>) user.get("sshPublicKeys")).hasSize(1));
            assertThat(administrator.get("/sites").items()).singleElement()
                    .satisfies(site -> assertThat(site).containsEntry("gateway", "10.20.0.1").containsEntry("externalIp", "203.0.113.10"));
        }
    }

    @Test
    void doesNotOpenAnInstallationThatHasAnAdministrator() {
        try (var server = GatehouseServer.start()) {
            server.bean(Demo.class).load();

            assertThat(ApiClient.user(server, Demo.ADMINISTRATOR, Demo.PASSWORD).get("/me").at("isAdministrator")).isEqualTo(false);
        }
    }
}
