package io.gatehouse.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** What a command did. */
record Outcome(List<String> command, int exit, String out, String err) {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Executor READERS = reader -> Thread.ofVirtual().start(reader);

    /** @param input what the command reads from its standard input */
    static Outcome of(ProcessBuilder command, String input) {
        return of(command, input, PATIENCE);
    }

    static Outcome of(ProcessBuilder command, String input, Duration patience) {
        try {
            var process = command.start();
            var out = CompletableFuture.supplyAsync(() -> text(process.getInputStream()), READERS);
            var err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()), READERS);
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException endedWithoutReading) {
                // which is the command's own affair
            }
            if (!process.waitFor(patience)) {
                process.destroyForcibly();
                throw new IllegalStateException(command.command() + " did not end: " + out.join() + err.join());
            }
            return new Outcome(command.command(), process.exitValue(), out.join(), err.join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static Outcome of(String... command) {
        return of(new ProcessBuilder(command), "");
    }

    boolean succeeded() {
        return exit == 0;
    }

    /** @throws IllegalStateException if the command failed */
    Outcome orFail() {
        if (!succeeded()) {
            throw new IllegalStateException(toString());
        }
        return this;
    }

    @Override
    public String toString() {
        return String.join(" ", command) + "\nexit " + exit + "\n" + out + err;
    }

    private static String text(InputStream stream) {
        try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
