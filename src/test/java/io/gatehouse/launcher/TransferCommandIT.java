package io.gatehouse.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./gatehouse import}, {@code ./gatehouse export} and {@code ./gatehouse explain} as somebody's terminal has them. */
class TransferCommandIT {

    private static final int MANY = 10_000;
    private static final String HASH =
            "$6$00112233aabbccdd$g9RxET1IBlpkEcpic7zO2FNXH5tc2HqkyoFtiIYZmAwyaSdmoZZF2Y7u9i.N3b22vH9VWXXMy8FjOCL7.XArv/";

    @TempDir
    private static Path folder;
    private static Installation installation;
    private static GatehouseServer server;

    @BeforeAll
    static void start() throws IOException {
        installation = Installation.in(Files.createDirectory(folder.resolve("project")));
        server = GatehouseServer.start();
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        installation.close();
    }

    @Test
    void tenThousandPeopleWithPasswordsComeIn() throws IOException {
        var etc = Files.createDirectory(folder.resolve("etc"));
        Files.writeString(etc.resolve("passwd"), people("p%1$05d:x:%2$d:5000:Person %1$d,,,:/home/p%1$05d:/bin/bash"));
        Files.writeString(etc.resolve("shadow"), people("p%1$05d:" + HASH + ":19000:0:99999:7:::"));
        Files.writeString(etc.resolve("group"), "everybody:x:5000:" + IntStream.range(0, MANY).mapToObj("p%05d"::formatted).collect(Collectors.joining(",")) + "\n");

        var dry = timed("a dry run", "import", "--dry-run", etc.toString());
        assertThat(dry.exitCode()).as(() -> dry.err().toString()).isZero();
        assertThat(dry.out()).hasSize(2 * MANY + 2).contains("create user:p00042 uidNumber 20042, with a password", "add-member group:everybody p09999")
                .last().isEqualTo("20001 changes, 0 refusals: nothing was changed, for this was a dry run.");
        var administrator = ApiClient.administrator(server);
        assertThat(administrator.get("/users/p00042").status()).isEqualTo(404);

        var outcome = timed("an import", "import", etc.toString());
        assertThat(outcome.out()).last().isEqualTo("20001 changes, 0 refusals: everything has come in.");
        assertThat(administrator.get("/groups/everybody").object()).containsEntry("memberCount", (long) MANY);
        assertThat(administrator.login("p00042", "correct horse battery").status()).isEqualTo(200);

        var exported = timed("an export", "export", "--base", "dc=example,dc=org");
        assertThat(exported.exitCode()).isZero();
        assertThat(exported.out()).contains("dn: dc=example,dc=org", "dn: uid=p09999,ou=people,dc=example,dc=org");
        assertThat(exported.err()).singleElement().asString().contains("people and 3 groups were written");
    }

    @Test
    void optionsGoBeforeTheEnvironment() throws IOException {
        var file = Files.writeString(folder.resolve("people.csv"), "username\nby-option\n").toString();
        var outcome = Outcome.of(command(Map.of("GATEHOUSE_URL", "http://localhost:1", "GATEHOUSE_TOKEN", "nonsense"),
                "import", "--url", server.httpUrl(), "--token", server.adminToken(), file));
        assertThat(outcome.exitCode()).as(outcome::toString).isZero();
        assertThat(outcome.out()).containsExactly("create user:by-option", "1 change, 0 refusals: everything has come in.");
    }

    @Test
    void whatCannotBeTriedEndsWithAnotherCode() throws IOException {
        var file = Files.writeString(folder.resolve("some.csv"), "username\nx\n").toString();
        for (var arguments : new String[][] {{"import", file}, {"export"}}) {
            var unreachable = Outcome.of(command(Map.of("GATEHOUSE_URL", "http://localhost:1", "GATEHOUSE_TOKEN", "t"), arguments));
            assertThat(unreachable.exitCode()).isEqualTo(3);
            assertThat(unreachable.out()).isEmpty();
            assertThat(unreachable.err()).singleElement().asString().isEqualTo("gatehouse: The server at http://localhost:1 cannot be reached: connection refused");
        }
        assertThat(Outcome.of(command(Map.of(), "import")).exitCode()).isEqualTo(2);
    }

    @Test
    void whetherSomebodyMayLogInIsExplained() {
        var administrator = ApiClient.administrator(server);
        var site = administrator.post("/sites", "{\"name\": \"par\", \"internalDomain\": \"par.internal\"}").at("id");
        administrator.post("/nodes", "{\"siteId\": " + site + ", \"name\": \"n1\"}");
        administrator.post("/containers", "{\"hostname\": \"web1\", \"siteId\": " + site + "}");
        administrator.post("/users", "{\"username\": \"bob\"}");
        administrator.post("/policies", """
                {"name": "not bob", "effect": "deny", "targets": [{"type": "user", "id": "bob"}], "destinations": [{"type": "site", "id": "par"}],
                 "validFrom": "2030-01-01T00:00:00Z"}""");
        var environment = Map.of("GATEHOUSE_URL", server.httpUrl(), "GATEHOUSE_TOKEN", server.adminToken());

        assertThat(Outcome.of(command(environment, "explain", "bob", "web1")).exitCode()).isZero();
        var denied = Outcome.of(command(environment, "explain", "--at", "2031-01-01T00:00:00Z", "bob", "web1"));
        assertThat(denied.exitCode()).isEqualTo(1);
        assertThat(denied.out()).first().isEqualTo("bob may not log in on web1: policy \"not bob\" of priority 100.");
        assertThat(denied.out()).last().isEqualTo("  3. policy \"not bob\" of priority 100: deny (user:bob; site:par > node:n1 > container:web1)");
        assertThat(Outcome.of(command(environment, "explain", "bob", "web2")).exitCode()).isEqualTo(2);
    }

    /** One line each. */
    private static String people(String line) {
        return IntStream.range(0, MANY).mapToObj(number -> line.formatted(number, 20_000 + number) + "\n").collect(Collectors.joining());
    }

    private static Outcome timed(String what, String... arguments) {
        long begin = System.nanoTime();
        var outcome = Outcome.of(command(Map.of("GATEHOUSE_URL", server.httpUrl(), "GATEHOUSE_TOKEN", server.adminToken()), arguments));
        System.out.printf("%s of 10,000 people took %.1f s%n", what, (System.nanoTime() - begin) / 1e9);
        return outcome;
    }

    private static ProcessBuilder command(Map<String, String> environment, String... arguments) {
        var command = new ProcessBuilder(Stream.concat(Stream.of(installation.launcher().toString()), Stream.of(arguments)).toList());
        command.environment().keySet().removeIf(name -> name.matches("(GATEHOUSE|DATASOURCES|MICRONAUT|JAVA_TOOL)_.*"));
        command.environment().putAll(environment);
        return command;
    }
}
