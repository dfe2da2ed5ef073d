package io.gatehouse.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Gatehouse server in the lab's network: the process that {@code ./gatehouse run} becomes, from the packaged jar. */
final class Node {

    private static final Path JAR = Path.of("target/gatehouse.jar").toAbsolutePath();
    private static final int HTTP = 8080;
    private static final int LDAP = 1389;
    private static final int LDAPS = 1636;
    private static final int PATIENCE_SECONDS = 180;
    /** The last of the lines that a node prints when it is ready. */
    private static final String READY = "CA ";

    /** What containers are told, whichever node tells them. */
    private static final String PUBLIC_URL = "http://ldap1.gatehouse.test:" + HTTP;
    private static final String PUBLIC_URIS = "ldaps://ldap1.gatehouse.test:1636,ldaps://ldap2.gatehouse.test:2636";

    private final Lab lab;
    private final String host;
    private final int offset;
    private final Path directory;
    private final Map<String, String> environment;
    private final Api api;
    private Process process;
    private CompletableFuture<Boolean> ready;

    /** @param offset of its ports from the default ones */
    Node(Lab lab, String host, int offset, String databaseUrl) {
        this.lab = lab;
        this.host = host;
        this.offset = offset;
        directory = lab.directory().resolve(host);
        api = new Api(lab.inNetwork(), "http://127.0.0.1:" + (HTTP + offset));
        environment = Map.ofEntries(
                Map.entry("GATEHOUSE_HTTP_PORT", Integer.toString(HTTP + offset)),
                Map.entry("GATEHOUSE_LDAP_PORT", Integer.toString(LDAP + offset)),
                Map.entry("GATEHOUSE_LDAPS_PORT", Integer.toString(LDAPS + offset)),
                Map.entry("GATEHOUSE_DATA_DIR", directory.resolve("data").toString()),
                Map.entry("GATEHOUSE_MASTER_KEY", "Z2F0ZWhvdXNlIGVuZC10by1lbmQgdGVzdCBrZXkgISE="),
                Map.entry("GATEHOUSE_TLS_NAMES", host + "," + address()),
                Map.entry("GATEHOUSE_PUBLIC_URL", PUBLIC_URL),
                Map.entry("GATEHOUSE_LDAP_PUBLIC_URIS", PUBLIC_URIS),
                Map.entry("GATEHOUSE_ADMIN_USERNAME", Api.ADMINISTRATOR),
                Map.entry("GATEHOUSE_ADMIN_PASSWORD", Api.ADMINISTRATOR_PASSWORD),
                Map.entry("DATASOURCES_DEFAULT_URL", databaseUrl),
                Map.entry("DATASOURCES_DEFAULT_USERNAME", "postgres"),
                Map.entry("DATASOURCES_DEFAULT_PASSWORD", "postgres"));
    }

    /** Unless it runs already. */
    void launch() {
        if (runs()) {
            return;
        }
        var command = Stream.concat(lab.inNetwork().stream(), Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-jar", JAR.toString()));
        var builder = new ProcessBuilder(command.toList()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Files.createDirectories(directory);
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var output = process.inputReader();
        ready = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (var log = Files.newBufferedWriter(directory.resolve("log"))) {
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    log.append(line).append('\n').flush();
                    if (line.strip().startsWith(READY)) {
                        ready.complete(true);
                    }
                }
            } catch (IOException e) {
                ready.completeExceptionally(e);
            } finally {
                ready.complete(false);
            }
        });
    }

    void awaitReady() {
        if (!ready.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join()) {
            throw new IllegalStateException("The node " + host + " did not start:\n" + log());
        }
    }

    /** As an operator does, with SIGTERM. */
    void stop() {
        try {
            process.destroy();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The node " + host + " did not stop:\n" + log());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean runs() {
        return process != null && process.isAlive();
    }

    Api api() {
        return api;
    }

    String ldapUri() {
        return "ldap://" + host + ":" + (LDAP + offset);
    }

    String ldapUriByAddress() {
        return "ldap://" + address() + ":" + (LDAP + offset);
    }

    String ldapsUri() {
        return "ldaps://" + host + ":" + (LDAPS + offset);
    }

    String log() {
        try {
            var lines = Files.readAllLines(directory.resolve("log"));
            return "==> " + host + "\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        } catch (IOException e) {
            return "==> " + host + ": " + e;
        }
    }

    private String address() {
        try (var hosts = Files.lines(lab.harness("client/common/etc/hosts"))) {
            return hosts.map(line -> line.split(" +")).filter(fields -> fields[1].equals(host)).findFirst().orElseThrow()[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
