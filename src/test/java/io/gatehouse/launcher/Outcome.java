package io.gatehouse.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** How a command ended, and the lines that it printed. */
record Outcome(int exitCode, List<String> out, List<String> err) {

    static Outcome of(ProcessBuilder command) {
        try {
            var process = command.start();
            process.getOutputStream().close();
            var err = new CompletableFuture<List<String>>();
            Thread.ofVirtual().start(() -> err.complete(process.errorReader().lines().toList()));
            var out = process.inputReader().lines().toList();
            return new Outcome(process.waitFor(), out, err.join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
