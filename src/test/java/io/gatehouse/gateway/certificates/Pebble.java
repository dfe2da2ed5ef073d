package io.gatehouse.gateway.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Let's Encrypt's ACME server for tests, from the Debian package {@code pebble}. It refuses every fifth nonce. */
final class Pebble implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/bin/pebble");
    private static final long LIMIT_NANOS = 20_000_000_000L;
    private static final long POLL_NANOS = 20_000_000;

    private final int port = freePort();
    private final Path log;
    private final Process process;

    /** @param identity of its HTTPS server, at localhost */
    Pebble(Path folder, SampleCertificate identity, int nameServerPort) throws IOException {
        log = folder.resolve("pebble.log");
        Files.writeString(folder.resolve("pebble.pem"), identity.chainPem());
        Files.writeString(folder.resolve("pebble.key"), identity.keyPem());
        Files.writeString(folder.resolve("pebble.json"), """
                {"pebble": {"listenAddress": "127.0.0.1:%d", "managementListenAddress": "127.0.0.1:%d",
                 "certificate": "%3$s/pebble.pem", "privateKey": "%3$s/pebble.key", "httpPort": 9, "tlsPort": 9, "ocspResponderURL": "",
                 "externalAccountBindingRequired": false}}""".formatted(port, freePort(), folder));
        var builder = new ProcessBuilder(PROGRAM.toString(), "-strict", "-config", folder.resolve("pebble.json").toString(),
                "-dnsserver", "127.0.0.1:" + nameServerPort).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("PEBBLE_VA_NOSLEEP", "1");
        builder.environment().put("PEBBLE_WFE_NONCEREJECT", "20");
        builder.environment().put("PEBBLE_AUTHZREUSE", "0");
        process = builder.start();
        awaitPort();
    }

    /** Skips the test if it is not there, with the reason; with {@code CI=true} it fails. */
    static void isNeeded() {
        if (!Files.isExecutable(PROGRAM)) {
            var message = "no certificate is obtained: the Debian package pebble is not installed";
            System.err.println("SKIPPED " + message);
            if ("true".equals(System.getenv("CI"))) {
                throw new IllegalStateException(message);
            }
            assumeTrue(false, message);
        }
    }

    String directory() {
        return "https://localhost:" + port + "/dir";
    }

    private void awaitPort() throws IOException {
        long end = System.nanoTime() + LIMIT_NANOS;
        while (true) {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
                assertThat(System.nanoTime()).as("pebble listens").isLessThan(end);
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
}
