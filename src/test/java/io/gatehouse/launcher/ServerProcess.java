package io.gatehouse.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code ./gatehouse run} as somebody's terminal has it. */
final class ServerProcess implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;
    /** The ready message ends with this command, which may take several lines. */
    private static final String LAST_COMMAND = "ldapsearch";

    private static final Pattern COMMAND = Pattern.compile(" *(LDAPTLS_CACERT='.*' )?(curl|ldapsearch) .*");

    private final Process process;
    private final Path data;
    private final List<String> out = new CopyOnWriteArrayList<>();
    private final List<String> err = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
    private final Thread outReader;
    private final Thread errReader;

    private ServerProcess(Process process, Path data) {
        this.process = process;
        this.data = data;
        outReader = Thread.ofVirtual().start(() -> {
            process.inputReader().lines().forEach(line -> {
                out.add(line);
                if (!line.endsWith("\\") && commands().stream().anyMatch(command -> command.contains(LAST_COMMAND))) {
                    ready.complete(true);
                }
            });
            ready.complete(false);
        });
        errReader = Thread.ofVirtual().start(() -> process.errorReader().lines().forEach(err::add));
    }

    /** On random ports; {@code environment} comes on top of that. */
    static ServerProcess start(Installation installation, Path data, Map<String, String> environment, String... options) {
        var builder = new ProcessBuilder(Stream.concat(Stream.of(installation.launcher().toString(), "run"), Stream.of(options)).toList());
        builder.environment().keySet().removeIf(name -> name.matches("(GATEHOUSE|DATASOURCES|MICRONAUT|JAVA_TOOL)_.*"));
        builder.environment().putAll(Map.of(
                "GATEHOUSE_DATA_DIR", data.toString(),
                "GATEHOUSE_HTTP_PORT", "0",
                "GATEHOUSE_LDAP_PORT", "0",
                "GATEHOUSE_LDAPS_PORT", "0",
                "GATEHOUSE_JAVA_OPTS", "-XX:TieredStopAtLevel=1"));
        builder.environment().putAll(environment);
        try {
            return new ServerProcess(builder.start(), data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ServerProcess awaitReady() {
        assertThat(ready.completeOnTimeout(false, PATIENCE_SECONDS, TimeUnit.SECONDS).join()).as(() -> "ready\n" + transcript()).isTrue();
        return this;
    }

    /** For one that shall not get ready. */
    Outcome awaitRefusal() {
        assertThat(ready.completeOnTimeout(true, PATIENCE_SECONDS, TimeUnit.SECONDS).join()).as(() -> "ready\n" + transcript()).isFalse();
        return awaitEnd();
    }

    private Outcome awaitEnd() {
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as(() -> "ended\n" + transcript()).isTrue();
            outReader.join();
            errReader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return new Outcome(process.exitValue(), List.copyOf(out), List.copyOf(err));
    }

    /** With SIGTERM. By its handle: the process object would close the streams, and lose what is said at the end. */
    Outcome stop() {
        process.toHandle().destroy();
        return awaitEnd();
    }

    /** With SIGKILL. */
    void kill() {
        process.toHandle().destroyForcibly();
        awaitEnd();
    }

    /** What the ready message says after this word. */
    String told(String word) {
        return out.stream().map(String::strip).filter(line -> line.startsWith(word + " ")).findFirst().orElseThrow()
                .substring(word.length()).strip();
    }

    int port(String word) {
        var digits = told(word).replaceFirst("^[a-z]+://[^:]+:(\\d+).*", "$1");
        return Integer.parseInt(digits);
    }

    /** The commands that the ready message gives, as they are pasted. */
    List<String> commands() {
        var commands = new ArrayList<String>();
        boolean continued = false;
        for (var line : out) {
            if (continued) {
                commands.set(commands.size() - 1, commands.getLast() + "\n" + line);
                continued = line.endsWith("\\");
            } else if (COMMAND.matcher(line).matches()) {
                commands.add(line);
                continued = line.endsWith("\\");
            }
        }
        return commands;
    }

    Postgres postgres() {
        return new Postgres(data);
    }

    String transcript() {
        return Stream.concat(out.stream(), err.stream()).collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            stop();
        }
        postgres().processHandle().ifPresent(ProcessHandle::destroyForcibly);
    }

    /** The embedded PostgreSQL of a data directory. */
    record Postgres(Path data) {

        /** The one that its pid file names. */
        Optional<ProcessHandle> processHandle() {
            return pidFile().stream().findFirst().flatMap(pid -> ProcessHandle.of(Long.parseLong(pid.strip())));
        }

        String url() {
            return "jdbc:postgresql://127.0.0.1:" + pidFile().get(3).strip() + "/postgres";
        }

        String password() throws IOException {
            return Files.readString(data.resolve("postgres.password")).strip();
        }

        private List<String> pidFile() {
            try {
                var file = data.resolve("postgres/postmaster.pid");
                return Files.exists(file) ? Files.readAllLines(file) : List.of();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
