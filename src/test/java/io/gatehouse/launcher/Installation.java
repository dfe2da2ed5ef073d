package io.gatehouse.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;

/** A project folder with the real launcher and the jar under test, in which nothing is stale. */
final class Installation implements AutoCloseable {

    private static final List<String> LINKS = List.of("gatehouse.jar", "lib");

    private final Path launcher;

    private Installation(Path launcher) {
        this.launcher = launcher;
    }

    static Installation in(Path folder) throws IOException {
        var target = Files.createDirectories(folder.resolve("target"));
        for (var built : LINKS) {
            Files.createSymbolicLink(target.resolve(built), Path.of("target", built).toAbsolutePath());
        }
        Files.createFile(folder.resolve("pom.xml"));
        Files.createDirectories(folder.resolve("src/main"));
        Files.createDirectories(folder.resolve("ldap-schema"));
        Files.setLastModifiedTime(Files.createFile(target.resolve("built")), FileTime.from(Instant.now().plusSeconds(60)));
        return new Installation(Files.copy(Path.of("gatehouse"), folder.resolve("gatehouse"), StandardCopyOption.COPY_ATTRIBUTES));
    }

    Path launcher() {
        return launcher;
    }

    @Override
    public void close() throws IOException {
        for (var link : LINKS) {
            Files.delete(launcher.resolveSibling("target").resolve(link));
        }
    }
}
