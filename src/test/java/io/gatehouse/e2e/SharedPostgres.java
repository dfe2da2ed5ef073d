package io.gatehouse.e2e;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The nodes' common PostgreSQL: a process in their network, which ends with its standard input. */
final class SharedPostgres {

    private static final int PORT = 5432;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final List<String> inNetwork;
    private final Path data;
    private Process process;
    private BufferedReader answers;

    SharedPostgres(List<String> inNetwork, Path data) {
        this.inNetwork = inNetwork;
        this.data = data;
    }

    /** For user {@code postgres}. */
    String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + PORT + "/postgres";
    }

    /** Returns when it takes connections. What it held before is still there. */
    void start() {
        var command = Stream.concat(inNetwork.stream(), Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), SharedPostgres.class.getName(), data.toString()));
        try {
            process = new ProcessBuilder(command.toList()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        answers = process.inputReader(StandardCharsets.UTF_8);
        if (!answered("ready")) {
            throw new IllegalStateException("PostgreSQL did not start; its process told why on standard error.");
        }
    }

    /** Behind the nodes' backs. */
    void execute(String statement) {
        try {
            process.getOutputStream().write((statement.replace('\n', ' ') + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!answered("done")) {
            throw new IllegalStateException("PostgreSQL did not do it; its process told why on standard error: " + statement);
        }
    }

    private boolean answered(String word) {
        try {
            for (var line = answers.readLine(); line != null; line = answers.readLine()) {
                if (line.equals(word)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void stop() {
        try {
            process.getOutputStream().close();
            process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public static void main(String[] arguments) throws SQLException {
        try (var postgres = EmbeddedPostgres.builder()
                .setDataDirectory(Path.of(arguments[0]))
                .setCleanDataDirectory(false)
                .setPort(PORT)
                .setPGStartupWait(PATIENCE)
                // A socket in /tmp would be in the way of another lab's on the same port.
                .setServerConfig("unix_socket_directories", "")
                .start()) {
            System.out.println("ready");
            for (var statement : (Iterable<String>) new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).lines()::iterator) {
                try (var connection = postgres.getPostgresDatabase().getConnection(); var sql = connection.createStatement()) {
                    sql.execute(statement);
                }
                System.out.println("done");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
