package io.gatehouse.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SitesIT {

    private static final String LAB = """
            {"name": "lab", "internalDomain": "Lab.Internal", "dhcpRange": "10.40.0.100, 10.40.0.199", "subnetMask": "255.255.255.0",
             "gateway": "10.40.0.1", "dnsForwarders": "9.9.9.9,1.1.1.1", "externalIp": "203.0.113.7"}""";

    private static GatehouseServer server;
    private static ApiClient administrator;

    @BeforeAll
    static void start() {
        server = GatehouseServer.start();
        administrator = ApiClient.administrator(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void areCreatedInTheirCanonicalForm() {
        var answer = administrator.post("/sites", LAB);

        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(answer.header("Location")).isEqualTo("/api/v1/sites/" + answer.at("id"));
        assertThat(answer.header("ETag")).matches("\"\\d+\"");
        assertThat(answer.object()).containsKeys("createdAt", "updatedAt").containsEntry("internalDomain", "lab.internal")
                .containsEntry("dhcpRange", "10.40.0.100-10.40.0.199").containsEntry("dnsForwarders", "9.9.9.9, 1.1.1.1")
                .containsEntry("subnetMask", "255.255.255.0").containsEntry("gateway", "10.40.0.1").containsEntry("externalIp", "203.0.113.7");
        assertThat(administrator.get("/sites/" + answer.at("id")).text()).isEqualTo(answer.text());
        assertThat(administrator.delete("/sites/" + answer.at("id")).status()).isEqualTo(204);
        assertThat(administrator.get("/sites/" + answer.at("id")).status()).isEqualTo(404);
    }
}
