package io.gatehouse.platform.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchScope;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PrometheusIT {

    private static GatehouseServer server;

    @BeforeAll
    static void start() {
        server = GatehouseServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String scrape() {
        var answer = server.send("GET", "/prometheus", null, null);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).get().asString().startsWith("text/plain");
        return answer.body();
    }

    private static double value(String series) {
        return scrape().lines().filter(line -> line.startsWith(series + " ")).findFirst()
                .map(line -> Double.parseDouble(line.substring(series.length() + 1))).orElse(0.0);
    }

    @Test
    void requestsAreCountedByTheTemplateOfTheirPath() {
        var administrator = ApiClient.administrator(server);
        var series = "http_server_requests_seconds_count{method=\"GET\",status=\"404\",uri=\"/api/v1/users/{username}\"}";
        double before = value(series);

        administrator.get("/users/nobody");
        administrator.get("/users/no-one");

        assertThat(value(series)).isEqualTo(before + 2);
        assertThat(scrape()).contains("http_server_requests_seconds_bucket").doesNotContain("no-one");
    }

    @Test
    void whatClientsMakeUpIsNoLabel() {
        for (int i = 0; i < 20; i++) {
            ApiClient.anonymous(server).send("MADEUP" + i, "/made-up-" + i, null);
        }

        assertThat(scrape()).doesNotContain("MADEUP").doesNotContain("made-up").contains("method=\"other\",status=\"404\",uri=\"none\"");
    }

    @Test
    void operationsAndBindsAreCountedByTheirOutcome() throws LDAPException {
        var searches = "gatehouse_ldap_operations_seconds_count{operation=\"search\",result=\"success\"}";
        var wrong = "gatehouse_ldap_binds_total{account=\"person\",outcome=\"wrong-password\"}";
        var right = "gatehouse_ldap_binds_total{account=\"person\",outcome=\"success\"}";
        var unknown = "gatehouse_ldap_binds_total{account=\"none\",outcome=\"wrong-password\"}";
        double searchesBefore = value(searches);
        double wrongBefore = value(wrong);
        double rightBefore = value(right);
        double unknownBefore = value(unknown);

        try (var connection = server.ldapAsAdministrator()) {
            connection.search(server.baseDn(), SearchScope.SUB, "(uid=nobody)");
            assertThat(value("gatehouse_ldap_connections_open")).isGreaterThanOrEqualTo(1);
        }
        assertThatThrownBy(() -> server.ldapAs(GatehouseServer.ADMINISTRATOR, "wrong password")).isInstanceOf(LDAPException.class);
        assertThatThrownBy(() -> server.ldapAs("nobody", "wrong password")).isInstanceOf(LDAPException.class);

        assertThat(value(searches)).isEqualTo(searchesBefore + 1);
        assertThat(value(wrong)).isEqualTo(wrongBefore + 1);
        assertThat(value(right)).isEqualTo(rightBefore + 1);
        assertThat(value(unknown)).isEqualTo(unknownBefore + 1);
        assertThat(scrape()).contains("gatehouse_ldap_operations_seconds_bucket{operation=\"bind\",result=\"invalid-credentials\"")
                .doesNotContain("nobody").doesNotContain(GatehouseServer.ADMINISTRATOR);
    }

    @Test
    void theDirectoryThePoolTheFeedAndTheJvmAreMeasured() {
        double people = value("gatehouse_directory_entries{kind=\"person\"}");
        double changes = value("gatehouse_change_feed_lag_seconds_count");

        assertThat(ApiClient.administrator(server).post("/users", "{\"username\": \"measured\"}").status()).isEqualTo(201);

        assertThat(value("gatehouse_directory_entries{kind=\"person\"}")).isEqualTo(people + 1);
        assertThat(value("gatehouse_change_feed_lag_seconds_count")).isGreaterThan(changes);
        assertThat(value("gatehouse_change_feed_connected")).isEqualTo(1);
        assertThat(scrape()).contains("gatehouse_directory_age_seconds", "gatehouse_directory_usn", "gatehouse_change_feed_silence_seconds",
                "gatehouse_change_feed_reconnects_total", "gatehouse_hashing_waiting", "gatehouse_ldap_connections_refused_total",
                "hikaricp_connections_pending", "jvm_memory_used_bytes", "jvm_gc_", "process_cpu_usage", "gatehouse_access_log_dropped_total");
    }

    @Test
    void metricsMayBeForAdministratorsOnly() {
        try (var closed = GatehouseServer.with("gatehouse.metrics", "administrators").start()) {
            assertThat(closed.send("GET", "/prometheus", null, null).statusCode()).isEqualTo(401);
            assertThat(closed.send("GET", "/prometheus", null).statusCode()).isEqualTo(200);
            closed.send("POST", "/api/v1/users", "{\"username\": \"alice\", \"password\": \"correct horse battery\"}");
            var login = ApiClient.anonymous(closed).login("alice", "correct horse battery");
            assertThat(closed.send("GET", "/prometheus", login.textAt("access_token"), null).statusCode()).isEqualTo(403);
        }
    }

    @Test
    void metricsMayBeOff() {
        try (var silent = GatehouseServer.with("gatehouse.metrics", "off").start()) {
            assertThat(silent.send("GET", "/prometheus", null).statusCode()).isEqualTo(404);
        }
    }
}
