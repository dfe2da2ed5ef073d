package io.gatehouse.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.testing.TestPostgres;
import io.gatehouse.testing.TestPostgres.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code ./gatehouse run}, as a process: what an operator sees of it. */
class LauncherIT {

    private static final String LOG_LINE = "\\d\\d:\\d\\d:\\d\\d\\.\\d{3} (INFO|WARN) .*";

    private static final String MASTER_KEY = Base64.getEncoder().encodeToString("a key that nobody has to guess..".getBytes(StandardCharsets.US_ASCII));

    @TempDir
    private static Path folder;
    private static Installation installation;
    private static Path data;
    /** Started without users and without a configured database; no test changes it but for its first administrator. */
    private static ServerProcess server;
    private static TestDatabase outside;

    @TempDir
    private Path own;

    @BeforeAll
    static void start() throws IOException {
        installation = Installation.in(Files.createDirectory(folder.resolve("project")));
        data = folder.resolve("data");
        server = ServerProcess.start(installation, data, Map.of());
        outside = TestPostgres.freshDatabase();
        server.awaitReady();
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        installation.close();
    }

    @Test
    void everyCommandOfTheReadyMessageWorksWhenPasted() {
        Tools.require("curl", "curl");
        Tools.require("ldapsearch", "ldap-utils");

        var commands = server.commands();

        assertThat(commands).hasSize(2);
        assertThat(paste(commands.get(0))).contains("\"status\":\"active\"");
        assertThat(paste(commands.get(1))).contains("dn: uid=").contains("memberOf: cn=sysadmins,ou=groups," + server.told("Base"));
    }

    @Test
    void tellsWhereItListens() throws Exception {
        assertThat(server.told("Base")).isEqualTo("dc=cluster,dc=internal");
        assertThat(Path.of(server.told("CA"))).content().startsWith("-----BEGIN CERTIFICATE-----");
        assertThat(get(server, "/health")).contains("\"UP\"");
        for (var word : List.of("LDAP", "LDAPS")) {
            try (var socket = new Socket("localhost", server.port(word))) {
                assertThat(socket.isConnected()).isTrue();
            }
        }
    }

    @Test
    void onlyTheOwnerMayReadSecrets() throws IOException {
        try (var files = Files.walk(data)) {
            var secrets = files.filter(file -> file.toString().matches(".*(\\.key|\\.password)")).toList();
            assertThat(secrets).extracting(Path::getFileName).extracting(Path::toString)
                    .contains("master.key", "postgres.password", "ca.key", "server.key");
            assertThat(secrets).allSatisfy(secret -> assertThat(modeOf(secret)).isEqualTo("rw-------"));
        }
        assertThat(modeOf(data.resolve("postgres"))).isEqualTo("rwx------");
    }

    @Test
    void othersCanChangeNothingInTheDataDirectory() throws IOException {
        assertThat(reachableForOthers(data)).isNotEmpty().allSatisfy(file -> assertThat(modeOf(file)).matches("....-..-."));
    }

    @Test
    void theEmbeddedDatabaseAsksForAPassword() {
        var postgres = server.postgres();

        for (var password : new String[] {null, "", "postgres"}) {
            assertThatThrownBy(() -> DriverManager.getConnection(postgres.url(), "postgres", password).close())
                    .isInstanceOf(SQLException.class);
        }
    }

    @Test
    void theEmbeddedDatabaseIsDurableAndTrustsNobody() throws Exception {
        try (var connection = connect(server)) {
            for (var setting : List.of("fsync", "full_page_writes", "synchronous_commit")) {
                assertThat(query(connection, "show " + setting)).as(setting).containsExactly("on");
            }
            assertThat(query(connection, "show password_encryption")).containsExactly("scram-sha-256");
            assertThat(query(connection, "show listen_addresses")).containsExactly("localhost");
            assertThat(query(connection, "show unix_socket_directories")).containsExactly("");
            assertThat(query(connection, "select distinct auth_method from pg_hba_file_rules")).containsExactly("scram-sha-256");
        }
    }

    @Test
    void asksForTheDataDirectoryToBeFree() {
        assertRefused(ServerProcess.start(installation, data, Map.of()), data.toString(), "in use", "GATEHOUSE_DATA_DIR");
    }

    @ParameterizedTest
    @MethodSource("portsInUse")
    void asksForAPortToBeFree(String variable, String listener) {
        int taken = server.port(listener);

        assertRefused(ServerProcess.start(installation, own.resolve("data"), outsideWith(variable, Integer.toString(taken))),
                Integer.toString(taken), variable);
    }

    static Stream<Arguments> portsInUse() {
        return Stream.of(
                Arguments.of("GATEHOUSE_HTTP_PORT", "HTTP"),
                Arguments.of("GATEHOUSE_LDAP_PORT", "LDAP"),
                Arguments.of("GATEHOUSE_LDAPS_PORT", "LDAPS"));
    }

    @Test
    void asksForADataDirectoryThatItCanWrite() throws IOException {
        var file = Files.createFile(own.resolve("file"));

        assertRefused(ServerProcess.start(installation, file.resolve("data"), Map.of()), file.toString(), "GATEHOUSE_DATA_DIR");
    }

    @Test
    void asksForADatabaseThatAnswers() throws IOException {
        int closed;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }

        assertRefused(ServerProcess.start(installation, own.resolve("data"),
                        Map.of("DATASOURCES_DEFAULT_URL", "jdbc:postgresql://127.0.0.1:" + closed + "/gatehouse")),
                "127.0.0.1:" + closed, "DATASOURCES_DEFAULT_URL");
    }

    @Test
    void asksForTheDatabasePassword() {
        var settings = Map.of("DATASOURCES_DEFAULT_URL", server.postgres().url(), "DATASOURCES_DEFAULT_USERNAME", "postgres",
                "DATASOURCES_DEFAULT_PASSWORD", "not the one");

        var outcome = assertRefused(ServerProcess.start(installation, own.resolve("data"), settings), "DATASOURCES_DEFAULT_URL", "_PASSWORD");

        assertThat(outcome.err()).noneMatch(line -> line.contains("not the one"));
    }

    @ParameterizedTest
    @MethodSource("settingsThatCannotWork")
    void asksForASettingThatCanWork(String variable, String value, List<String> told) {
        var outcome = assertRefused(ServerProcess.start(installation, own.resolve("data"), outsideWith(variable, value)), told.toArray(String[]::new));

        if (variable.equals("GATEHOUSE_MASTER_KEY")) {
            assertThat(outcome.err()).noneMatch(line -> line.contains(value));
        }
    }

    static Stream<Arguments> settingsThatCannotWork() {
        return Stream.of(
                Arguments.of("GATEHOUSE_LDAP_BASE_DN", "cluster.internal", List.of("cluster.internal", "GATEHOUSE_LDAP_BASE_DN")),
                Arguments.of("GATEHOUSE_MASTER_KEY", "dG9vIHNob3J0", List.of("GATEHOUSE_MASTER_KEY", "openssl rand -base64 32")),
                Arguments.of("GATEHOUSE_MASTER_KEY_FILE", "/nowhere/master.key", List.of("/nowhere/master.key")),
                Arguments.of("GATEHOUSE_LDAP_PORT", "ldap", List.of("GATEHOUSE_LDAP_PORT", "ldap")),
                Arguments.of("GATEHOUSE_HTTP_PORT", "123456", List.of("123456", "GATEHOUSE_HTTP_PORT")),
                Arguments.of("GATEHOUSE_LOGIN_LOCK_FOR", "a while", List.of("GATEHOUSE_LOGIN_LOCK_FOR", "a while")),
                Arguments.of("GATEHOUSE_LDAP_USER_PRIVATE_GROUPS", "perhaps", List.of("GATEHOUSE_LDAP_USER_PRIVATE_GROUPS", "perhaps")),
                Arguments.of("GATEHOUSE_ADMIN_USERNAME", "Not A Name", List.of("GATEHOUSE_ADMIN_USERNAME")),
                Arguments.of("GATEHOUSE_TLS_CERTIFICATE_FILE", "/nowhere/server.pem", List.of("GATEHOUSE_TLS_KEY_FILE")));
    }

    @Test
    void refusesAnOptionThatItDoesNotKnow() {
        assertRefused(ServerProcess.start(installation, own.resolve("data"), outsideWith("X", "y"), "--dmeo"), "--dmeo", "--demo");
    }

    @Test
    void theConfiguredAdministratorTakesTheTour() throws Exception {
        Tools.require("curl", "curl");
        Tools.require("ldapsearch", "ldap-utils");
        Tools.require("ssh-keygen", "openssh-client");
        var settings = settings(TestPostgres.freshDatabase());
        var file = Files.writeString(own.resolve("password"), "correct horse battery\n");
        settings.putAll(Map.of("GATEHOUSE_ADMIN_USERNAME", "admin", "GATEHOUSE_ADMIN_PASSWORD_FILE", file.toString()));

        try (var configured = ServerProcess.start(installation, own.resolve("data"), settings).awaitReady()) {
            var tour = Readme.read().tour("log in", "a person", "sssd.conf", "suspend")
                    .replace("http://localhost:8080", configured.told("HTTP"))
                    .replace("ldaps://localhost:1636", configured.told("LDAPS"));
            var travels = new ProcessBuilder("sh", "-eu", "-c", tour).directory(own.toFile());
            var outcome = Outcome.of(travels);

            assertThat(outcome.exitCode()).as(outcome::toString).isZero();
            assertThat(outcome.err()).isEmpty();
            assertThat(outcome.out()).contains("dn: uid=grace,ou=people,dc=cluster,dc=internal");
            assertThat(outcome.out().getLast()).contains("\"status\":\"suspended\"");
            assertThat(own.resolve("sssd.conf")).content()
                    .contains("ldap_default_bind_dn = cn=containers,ou=services,dc=cluster,dc=internal").doesNotContain("@PASSWORD@");
            assertThat(own.resolve("gatehouse-ca.pem")).hasSameTextualContentAs(Path.of(configured.told("CA")));
        }
    }

    @Test
    void aConfiguredAdministratorIsNotMadeWhereThereAreUsers() throws Exception {
        var settings = settings(TestPostgres.freshDatabase());
        settings.putAll(Map.of("GATEHOUSE_ADMIN_USERNAME", "edsger", "GATEHOUSE_ADMIN_PASSWORD", "considered harmful"));
        try (var first = ServerProcess.start(installation, own.resolve("data"), settings).awaitReady()) {
            assertThat(login(first, "edsger", "considered harmful")).contains("\"administrator\"");
        }

        settings.putAll(Map.of("GATEHOUSE_ADMIN_USERNAME", "niklaus", "GATEHOUSE_ADMIN_PASSWORD", "another passphrase"));
        try (var second = ServerProcess.start(installation, own.resolve("data"), settings).awaitReady()) {
            assertThat(second.commands()).hasSize(2).allSatisfy(command -> assertThat(paste(command)).isNotEmpty());
            assertThat(login(second, "niklaus", "another passphrase")).doesNotContain("access_token");
            assertThat(login(second, "edsger", "considered harmful")).contains("access_token");
        }
    }

    @Test
    void survivesToBeKilledAndStopsWhenAsked() throws Exception {
        Tools.require("curl", "curl");
        Tools.require("ldapsearch", "ldap-utils");
        var mine = own.resolve("data");
        List<String> before;
        long postmaster;
        try (var demo = ServerProcess.start(installation, mine, Map.of(), "--demo").awaitReady()) {
            try (var connection = connect(demo)) {
                before = content(connection);
            }
            assertThat(before).isNotEmpty();
            postmaster = demo.postgres().processHandle().orElseThrow().pid();
            demo.kill();
            assertThat(ProcessHandle.of(postmaster)).as("PostgreSQL outlives its killed server").isPresent();

            try (var again = ServerProcess.start(installation, mine, Map.of(), "--demo").awaitReady()) {
                assertThat(ProcessHandle.of(postmaster)).as("the orphan").isEmpty();
                try (var connection = connect(again)) {
                    assertThat(content(connection)).as("loading the demo twice changes nothing").isEqualTo(before);
                }
                assertThat(again.commands()).hasSize(2);
                assertThat(paste(again.commands().get(0))).contains("\"access_token\":\"ey");
                assertThat(paste(again.commands().get(1))).contains("dn: uid=");

                var second = again.postgres().processHandle().orElseThrow();
                var outcome = again.stop();

                assertThat(outcome.exitCode()).isIn(0, 143);
                assertThat(outcome.err()).allMatch(line -> line.matches(LOG_LINE));
                second.onExit().get(10, TimeUnit.SECONDS);
                assertThat(mine.resolve("postgres/postmaster.pid")).doesNotExist();
                assertThatThrownBy(() -> new Socket("localhost", again.port("LDAP")).close()).isInstanceOf(ConnectException.class);
            }
        }
    }

    /** One line, for people, and no trace of the inside. */
    private static Outcome assertRefused(ServerProcess refused, String... told) {
        try (refused) {
            var outcome = refused.awaitRefusal();
            assertThat(outcome.exitCode()).as(refused::transcript).isNotZero();
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err().stream().filter(line -> !line.matches(LOG_LINE))).singleElement().asString()
                    .startsWith("gatehouse: ").contains(told).doesNotContain("Exception");
            return outcome;
        }
    }

    private static Map<String, String> outsideWith(String variable, String value) {
        var settings = settings(outside);
        if (variable.equals("GATEHOUSE_MASTER_KEY_FILE")) {
            settings.remove("GATEHOUSE_MASTER_KEY");
        }
        settings.put(variable, value);
        return settings;
    }

    private static Map<String, String> settings(TestDatabase database) {
        return new HashMap<>(Map.of(
                "DATASOURCES_DEFAULT_URL", database.url(),
                "DATASOURCES_DEFAULT_USERNAME", database.application().username(),
                "DATASOURCES_DEFAULT_PASSWORD", database.application().password(),
                "GATEHOUSE_DATABASE_OWNER_USERNAME", database.owner().username(),
                "GATEHOUSE_DATABASE_OWNER_PASSWORD", database.owner().password(),
                "GATEHOUSE_MASTER_KEY", MASTER_KEY));
    }

    private static String paste(String command) {
        var outcome = Outcome.of(new ProcessBuilder("sh", "-c", command));
        assertThat(outcome.exitCode()).as(() -> command + "\n" + outcome).isZero();
        return String.join("\n", outcome.out());
    }

    private static String login(ServerProcess server, String username, String password) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(server.told("HTTP") + "/api/v1/auth/login")).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"username\": \"" + username + "\", \"password\": \"" + password + "\"}")));
    }

    private static String get(ServerProcess server, String path) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(server.told("HTTP") + path)));
    }

    private static String send(HttpRequest.Builder request) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    private static Connection connect(ServerProcess server) throws Exception {
        var postgres = server.postgres();
        return DriverManager.getConnection(postgres.url(), "postgres", postgres.password());
    }

    private static List<String> content(Connection connection) throws SQLException {
        var rows = new ArrayList<String>();
        for (var table : List.of("users", "ssh_keys", "groups", "memberships", "sites")) {
            query(connection, "select t::text from " + table + " t order by 1").forEach(row -> rows.add(table + " " + row));
        }
        return rows;
    }

    private static List<String> query(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement(); var rows = statement.executeQuery(sql)) {
            var values = new ArrayList<String>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    private static List<Path> reachableForOthers(Path folder) throws IOException {
        var reachable = new ArrayList<Path>();
        try (var files = Files.list(folder)) {
            for (var file : files.filter(file -> !Files.isSymbolicLink(file)).toList()) {
                reachable.add(file);
                if (Files.isDirectory(file) && modeOf(file).endsWith("x")) {
                    reachable.addAll(reachableForOthers(file));
                }
            }
        }
        return reachable;
    }

    private static String modeOf(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
