package io.gatehouse.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.GatehouseServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./gatehouse audit} as somebody's terminal has it. */
class AuditCommandIT {

    private static final Map<String, String> ADMINISTRATOR =
            Map.of("GATEHOUSE_ADMIN_USERNAME", "first", "GATEHOUSE_ADMIN_PASSWORD", "a password to begin with");

    @TempDir
    private Path folder;
    private Installation installation;
    private Path data;

    @BeforeEach
    void install() throws IOException {
        installation = Installation.in(Files.createDirectory(folder.resolve("project")));
        data = folder.resolve("data");
    }

    @AfterEach
    void remove() throws IOException {
        installation.close();
    }

    @Test
    void verifiesTheEmbeddedDatabaseWhetherTheServerRunsOrNot() throws Exception {
        String head;
        try (var server = ServerProcess.start(installation, data, ADMINISTRATOR).awaitReady()) {
            var running = audit(Map.of(), "verify");

            assertThat(running.exitCode()).as(running::toString).isZero();
            assertThat(running.out()).singleElement().asString()
                    .matches("The chain is whole: \\d+ events, from \\S+Z to \\S+Z, head [0-9a-f]{64}");
            head = running.out().getFirst().replaceFirst(".* head ", "");
            assertThat(server.stop().exitCode()).isEqualTo(143);
        }

        var stopped = audit(Map.of(), "verify", "--head", head);

        assertThat(stopped.exitCode()).as(stopped::toString).isZero();
        assertThat(new ServerProcess.Postgres(data).processHandle()).as("left as it was").isEmpty();

        try (var server = ServerProcess.start(installation, data, Map.of()).awaitReady();
             var connection = DriverManager.getConnection(server.postgres().url(), "postgres", server.postgres().password());
             var superuser = connection.createStatement()) {
            superuser.execute("set session_replication_role = replica");
            superuser.execute("update audit_events set actor = 'somebody else' where action = 'identity.user.created'");

            var broken = audit(Map.of(), "verify");
            assertThat(broken.exitCode()).isEqualTo(1);
            assertThat(broken.out()).containsExactly("The chain is broken at position 1, event 1: the event is not what it was when it was sealed.");
        }
    }

    @Test
    void aDataDirectoryFromBeforeTheServerHadARoleOfItsOwnGoesOnWorking() throws Exception {
        try (var server = ServerProcess.start(installation, data, ADMINISTRATOR).awaitReady();
             var connection = DriverManager.getConnection(server.postgres().url(), "postgres", server.postgres().password());
             var superuser = connection.createStatement()) {
            superuser.execute("drop owned by gatehouse");
            superuser.execute("alter role gatehouse rename to someone");
        }
        Files.delete(data.resolve("gatehouse.password"));

        try (var server = ServerProcess.start(installation, data, Map.of()).awaitReady()) {
            assertThat(audit(Map.of(), "verify").exitCode()).isZero();
        }
    }

    @Test
    void verifiesAnOutsideDatabaseAsTheServersRole() {
        try (var server = GatehouseServer.start()) {
            var environment = new HashMap<String, String>();
            environment.put("DATASOURCES_DEFAULT_URL", server.database().url());
            environment.put("DATASOURCES_DEFAULT_USERNAME", server.database().application().username());
            environment.put("DATASOURCES_DEFAULT_PASSWORD", server.database().application().password());

            assertThat(audit(environment, "verify").out()).singleElement().asString().startsWith("The chain is whole: ");
            var cut = audit(environment, "verify", "--head", "0123456789abcdef".repeat(4));
            assertThat(cut.exitCode()).isEqualTo(1);
            assertThat(cut.out()).singleElement().asString().contains("0123456789abcdef").contains("not in the chain");

            environment.merge("DATASOURCES_DEFAULT_URL", "_of_others?password=hidden", String::concat);
            var refused = audit(environment, "verify");
            assertThat(refused.exitCode()).isEqualTo(3);
            assertThat(refused.err()).singleElement().asString().startsWith("gatehouse: Cannot reach PostgreSQL at ").contains("_of_others").doesNotContain("hidden");
        }
    }

    @Test
    void saysWhenThereIsNothingToVerify() {
        var outcome = audit(Map.of(), "verify");

        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err()).singleElement().asString().contains(data.toString()).contains("GATEHOUSE_DATA_DIR");
        assertThat(data).doesNotExist();
    }

    @Test
    void tellsHowItIsUsed() {
        for (var arguments : new String[][] {{}, {"prove"}, {"verify", "--tail"}, {"verify", "--head"}, {"verify", "--head", "123"}}) {
            var outcome = audit(Map.of(), arguments);
            assertThat(outcome.exitCode()).as(outcome::toString).isEqualTo(2);
            assertThat(outcome.err()).first().asString().startsWith("Usage: ./gatehouse audit verify");
        }
    }

    private Outcome audit(Map<String, String> environment, String... arguments) {
        var command = new ProcessBuilder(Stream.concat(Stream.of(installation.launcher().toString(), "audit"), Stream.of(arguments)).toList());
        command.environment().keySet().removeIf(name -> name.matches("(GATEHOUSE|DATASOURCES|MICRONAUT|JAVA_TOOL)_.*"));
        command.environment().put("GATEHOUSE_DATA_DIR", data.toString());
        command.environment().putAll(environment);
        return Outcome.of(command);
    }
}
