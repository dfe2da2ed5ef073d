package io.gatehouse.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the machine must have for some of the tests: they are skipped without it, and fail where {@code CI=true}. */
final class Tools {

    private Tools() {
    }

    static void require(String command, String debianPackage) {
        require(Stream.of(System.getenv("PATH").split(File.pathSeparator)).anyMatch(folder -> Files.isExecutable(Path.of(folder, command))),
                "no command " + command + " (Debian package " + debianPackage + ")");
    }

    static void require(boolean met, String otherwise) {
        if ("true".equals(System.getenv("CI"))) {
            assertThat(met).as("CI=true, but %s", otherwise).isTrue();
        }
        if (!met) {
            System.err.println("SKIPPED a test of the launcher: " + otherwise);
        }
        assumeTrue(met, otherwise);
    }
}
