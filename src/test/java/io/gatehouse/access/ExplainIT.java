package io.gatehouse.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.transfer.ExplainCommand;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code ./gatehouse explain} against a server. */
class ExplainIT {

    private static GatehouseServer server;
    private static TestAccess cluster;

    private record Outcome(int exitCode, String out, String err) {
    }

    @BeforeAll
    static void start() {
        server = GatehouseServer.start();
        cluster = new TestAccess(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void nothingSaid() {
        cluster.noPolicies();
    }

    private static Outcome explain(String... words) {
        return explain(Map.of("GATEHOUSE_URL", server.httpUrl(), "GATEHOUSE_TOKEN", server.adminToken()), words);
    }

    private static Outcome explain(Map<String, String> environment, String... words) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int exitCode = ExplainCommand.run(List.of(words), environment, new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Outcome(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void tellsTheDecisionAndTheWayThere() {
        cluster.policy("ops only", "deny", "group:ops", "site:par", "\"priority\": 5");
        cluster.policy("builders", "allow", "group:company", "site:par",
                "\"priority\": 7, \"sudo\": {\"commands\": [\"/bin/a x\", \"/bin/b\"], \"runAs\": [\"www-data\"], \"authenticate\": false}");

        assertThat(explain("bob", "web1")).isEqualTo(new Outcome(0, """
                bob may log in on web1: policy "builders" of priority 7.

                  1. administrators: is not about bob
                  2. the owner of the container: is not about bob
                  3. policy "ops only" of priority 5: is not about bob
                  4. policy "builders" of priority 7: allow (user:bob < group:devs < group:engineers < group:company; site:par > node:n1 > container:web1)

                sudo:
                  policy "builders" of priority 7: allow /bin/a x, /bin/b as www-data, without a password
                """, ""));
    }

    @Test
    void endsWithOneForNoAndTwoForNoAnswer() {
        cluster.policy("later", "deny", "user:bob", "cidr:10.1.0.0/24", "\"validFrom\": \"2030-01-01T00:00:00Z\"");

        assertThat(explain("bob", "web1").exitCode()).isZero();
        var denied = explain("--at", "2030-01-01T00:00:00Z", "bob", "web1");
        assertThat(denied.exitCode()).isEqualTo(1);
        assertThat(denied.out()).startsWith("bob may not log in on web1: policy \"later\" of priority 100.");
        assertThat(explain("--json", "--at", "2030-01-01T00:00:00Z", "bob", "web1")).satisfies(json -> {
            assertThat(json.exitCode()).isEqualTo(1);
            assertThat(json.out()).startsWith("{").contains("\"decision\":\"deny\"");
        });

        assertThat(explain("bob", "nowhere")).isEqualTo(new Outcome(2, "", "gatehouse: The server answered 422: container: There is no such container.\n"));
        assertThat(explain("bob").exitCode()).isEqualTo(2);
        assertThat(explain("--loud", "bob", "web1").exitCode()).isEqualTo(2);
        assertThat(explain(Map.of("GATEHOUSE_URL", server.httpUrl()), "bob", "web1").err()).contains("GATEHOUSE_TOKEN");
        assertThat(explain(Map.of("GATEHOUSE_URL", "http://localhost:1", "GATEHOUSE_TOKEN", "t"), "bob", "web1").exitCode()).isEqualTo(2);
        assertThat(explain("--help").exitCode()).isZero();
    }

    @Test
    void tellsAPersonOfHimself() {
        var bob = server.send("POST", "/api/v1/auth/login", null, "{\"username\": \"bob\", \"password\": \"" + TestAccess.PASSWORD + "\"}")
                .body().replaceFirst("(?s).*\"access_token\":\"([^\"]+)\".*", "$1");
        assertThat(explain(Map.of("GATEHOUSE_URL", server.httpUrl(), "GATEHOUSE_TOKEN", bob), "bob", "web1").out())
                .isEqualTo("""
                        bob may log in on web1: everybody, for access_default is open.

                          1. everybody, for access_default is open: allow (user:bob < group:ldapusers; container:web1)
                        """);
    }
}
