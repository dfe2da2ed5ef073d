package io.gatehouse.e2e;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** PostgreSQL for several nodes: a process in their network, which ends with its standard input. */
final class SharedPostgres {

    private SharedPostgres() {
    }

    /** @return the JDBC URL of the database, for user {@code postgres} */
    static String launch(List<String> inNetwork, Path data, int port) throws IOException {
        var command = Stream.concat(inNetwork.stream(), Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), SharedPostgres.class.getName(), data.toString(), Integer.toString(port)));
        var process = new ProcessBuilder(command.toList()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var lines = process.inputReader(StandardCharsets.UTF_8).lines();
        if (lines.noneMatch("ready"::equals)) {
            throw new IllegalStateException("PostgreSQL did not start; its process told why on standard error.");
        }
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    public static void main(String[] arguments) {
        try (var postgres = EmbeddedPostgres.builder()
                .setDataDirectory(Path.of(arguments[0]))
                .setPort(Integer.parseInt(arguments[1]))
                .setRegisterShutdownHook(true)
                .start()) {
            System.out.println("ready");
            System.in.transferTo(System.out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
