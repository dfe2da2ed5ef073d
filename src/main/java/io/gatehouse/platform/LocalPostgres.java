package io.gatehouse.platform;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
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

    private final EmbeddedPostgres postgres;
    private final String password;

    private LocalPostgres(EmbeddedPostgres postgres, String password) {
        this.postgres = postgres;
        this.password = password;
    }

    /** The data directory's lock must be held: an orphan of a killed server is stopped first. */
    static LocalPostgres start(DataDirectory data) {
        var cluster = data.resolve("postgres");
        var passwordFile = data.resolve("postgres.password");
        try {
            if (!Files.exists(passwordFile)) {
                data.writeSecret(passwordFile, newPassword().getBytes());
            }
            var password = Files.readString(passwordFile).strip();
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
                    .setConnectConfig("password", password)
                    .start();
            Files.deleteIfExists(unfinished);
            return new LocalPostgres(postgres, password);
        } catch (IOException | RuntimeException e) {
            throw new StartupFailure("The embedded PostgreSQL in " + cluster + " did not start (" + rootMessage(e) + "). "
                    + (System.getProperty("user.name").equals("root")
                            ? "It does not run as root, and the user namespace it is given instead may be forbidden here: run Gatehouse as another user"
                            : "Check free space and the folder's owner")
                    + ", or point DATASOURCES_DEFAULT_URL at a PostgreSQL of yours.", e);
        }
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres";
    }

    String username() {
        return "postgres";
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
        var pidFile = cluster.resolve("postmaster.pid");
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
