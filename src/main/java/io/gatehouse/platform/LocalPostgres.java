package io.gatehouse.platform;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL in the data directory, for whoever has not configured one. Unlike its library's defaults, which serve
 * throw-away tests, it is durable and asks for a password on every connection.
 */
final class LocalPostgres implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LocalPostgres.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    /** The role that owns everything; only migrations use it. */
    static final String OWNER = "postgres";
    /** The role the server works as. */
    static final String APPLICATION = "gatehouse";

    private static final String CLUSTER = "postgres";
    private static final String PID_FILE = "postmaster.pid";
    /** Of the pid file, from zero. */
    private static final int PORT_LINE = 3;
    private static final String OWNER_PASSWORD_FILE = "postgres.password";
    private static final String APPLICATION_PASSWORD_FILE = "gatehouse.password";

    private final EmbeddedPostgres postgres;
    private final String ownerPassword;
    private final String password;

    private LocalPostgres(EmbeddedPostgres postgres, String ownerPassword, String password) {
        this.postgres = postgres;
        this.ownerPassword = ownerPassword;
        this.password = password;
    }

    /** The data directory's lock must be held: an orphan of a killed server is stopped first. */
    static LocalPostgres start(DataDirectory data) {
        var cluster = data.resolve(CLUSTER);
        var passwordFile = data.resolve(OWNER_PASSWORD_FILE);
        try {
            var ownerPassword = password(data, OWNER_PASSWORD_FILE);
            var password = password(data, APPLICATION_PASSWORD_FILE);
            stopOrphan(cluster);
            var unfinished = data.resolve("postgres.unfinished");
            if (Files.exists(unfinished)) {
                LOG.info("The first start was interrupted before there was any data; starting over");
                delete(cluster);
            }
            if (!Files.exists(cluster)) {
                Files.createFile(unfinished);
            }
            var binaries = Files.createDirectories(data.resolve("postgres-binaries"));
            // Extracted with whatever mode the library likes: whoever could write there could run code as this user.
            Files.setPosixFilePermissions(binaries, PosixFilePermissions.fromString("rwx------"));
            var postgres = EmbeddedPostgres.builder()
                    .setDataDirectory(cluster)
                    .setCleanDataDirectory(false)
                    .setOverrideWorkingDirectory(binaries.resolve("extracted").toFile())
                    .setRegisterShutdownHook(false)
                    .setPGStartupWait(START_LIMIT)
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("unix_socket_directories", "")
                    .setServerConfig("max_connections", "100")
                    .setLocaleConfig("auth-host", "scram-sha-256")
                    .setLocaleConfig("auth-local", "scram-sha-256")
                    .setLocaleConfig("pwfile", passwordFile.toString())
                    .setLocaleConfig("locale-provider", "builtin")
                    .setLocaleConfig("builtin-locale", "C.UTF-8")
                    .setConnectConfig("password", ownerPassword)
                    .start();
            Files.deleteIfExists(unfinished);
            var local = new LocalPostgres(postgres, ownerPassword, password);
            local.admitApplication();
            return local;
        } catch (IOException | SQLException | RuntimeException e) {
            throw new StartupFailure("The embedded PostgreSQL in " + cluster + " did not start (" + rootMessage(e) + "). "
                    + (System.getProperty("user.name").equals("root")
                            ? "It does not run as root, and the user namespace it is given instead may be forbidden here: run Gatehouse as another user"
                            : "Check free space and the folder's owner")
                    + ", or point DATASOURCES_DEFAULT_URL at a PostgreSQL of yours.", e);
        }
    }

    static boolean isIn(Path dataDirectory) {
        return Files.exists(dataDirectory.resolve(CLUSTER).resolve("PG_VERSION"));
    }

    /**
     * Where the one listens that a server has started.
     *
     * @throws StartupFailure if it does not run
     */
    static String runningUrl(Path dataDirectory) {
        try {
            return url(Integer.parseInt(Files.readAllLines(dataDirectory.resolve(CLUSTER).resolve(PID_FILE)).get(PORT_LINE).strip()));
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            throw new StartupFailure("The embedded PostgreSQL in " + dataDirectory + " is starting or stopping; try again.", e);
        }
    }

    /** @throws StartupFailure if this user may not know it */
    static String ownerPassword(Path dataDirectory) {
        var file = dataDirectory.resolve(OWNER_PASSWORD_FILE);
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new StartupFailure("Cannot read " + file + "; run this as the user that the server runs as.", e);
        }
    }

    String url() {
        return url(postgres.getPort());
    }

    private static String url(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    String ownerPassword() {
        return ownerPassword;
    }

    String password() {
        return password;
    }

    @Override
    public void close() {
        try {
            postgres.close();
        } catch (IOException e) {
            LOG.warn("The embedded PostgreSQL did not stop cleanly: {}", e.getMessage());
        }
    }

    /** A data directory of an earlier version has no such role yet. */
    private void admitApplication() throws SQLException {
        try (var connection = DriverManager.getConnection(url(), OWNER, ownerPassword); var statement = connection.createStatement()) {
            statement.execute("do $$ begin if not exists (select from pg_roles where rolname = '" + APPLICATION + "') then create role "
                    + APPLICATION + "; end if; end $$");
            // Hexadecimal digits need no quoting.
            statement.execute("alter role " + APPLICATION + " login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password '"
                    + password + "'");
        } catch (SQLException e) {
            close();
            throw e;
        }
    }

    private static String password(DataDirectory data, String name) throws IOException {
        var file = data.resolve(name);
        if (!Files.exists(file)) {
            data.writeSecret(file, newPassword().getBytes());
        }
        return Files.readString(file).strip();
    }

    private static String newPassword() {
        var bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** PostgreSQL is a daemon: it outlives a server that was killed. The lock on the data directory says that nobody needs it. */
    private static void stopOrphan(Path cluster) throws IOException {
        var pidFile = cluster.resolve(PID_FILE);
        if (!Files.exists(pidFile)) {
            return;
        }
        var lines = Files.readAllLines(pidFile);
        var orphan = lines.isEmpty() ? null : ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                .filter(process -> servesCluster(process, cluster)).orElse(null);
        if (orphan == null) {
            return;
        }
        LOG.info("Stopping the PostgreSQL (pid {}) that an earlier run left behind", orphan.pid());
        orphan.destroy();
        orphan.onExit().orTimeout(START_LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    }

    private static boolean servesCluster(ProcessHandle process, Path cluster) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline")).contains(cluster.toString());
        } catch (IOException noProc) {
            return process.info().commandLine().filter(line -> line.contains(cluster.toString())).isPresent();
        }
    }

    private static String rootMessage(Throwable failure) {
        while (failure.getCause() != null) {
            failure = failure.getCause();
        }
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("no message");
    }
}
