package io.gatehouse.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The machine's own {@code ssh-keygen}. */
final class SshKeygen {

    private SshKeygen() {
    }

    /** Aborts the test where it is missing, and fails it instead where {@code CI=true}. */
    static void required() {
        try {
            new ProcessBuilder("ssh-keygen", "-?").redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException missing) {
            var message = "ssh-keygen is missing: install the Debian package openssh-client";
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError(message, missing);
            }
            abort(message);
        }
    }

    static void make(Path file, String... options) throws Exception {
        var arguments = new ArrayList<>(List.of("-q", "-N", "", "-C", "alice@host", "-f", file.toString()));
        arguments.addAll(List.of(options));
        run(arguments.toArray(String[]::new));
    }

    /** As {@code ssh-keygen -l} prints it. */
    static String fingerprint(Path folder, String line) throws Exception {
        var file = Files.writeString(Files.createTempFile(folder, "key", ".pub"), line + "\n");
        return run("-l", "-f", file.toString()).split(" ")[1];
    }

    static String run(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("ssh-keygen"));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as("exit code of %s: %s", command, output).isZero();
        return output;
    }
}
