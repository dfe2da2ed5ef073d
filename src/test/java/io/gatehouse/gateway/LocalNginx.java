package io.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** nginx with a site's files, at ports of this machine that nobody else has. */
final class LocalNginx implements AutoCloseable {

    private static final long LIMIT_NANOS = 20_000_000_000L;
    private static final long POLL_NANOS = 20_000_000;

    private final int httpPort = freePort();
    private final int httpsPort = freePort();
    private final Process process;

    /** @param certificates PEM by id */
    LocalNginx(Path folder, SortedMap<String, String> files, Map<String, String> certificates) throws IOException {
        files.remove("nginx/certificates");
        write(folder, files);
        for (var certificate : certificates.entrySet()) {
            write(folder, Map.of("nginx/certificates/" + certificate.getKey() + ".pem", certificate.getValue()));
        }
        write(folder, Map.of(
                "nginx/local/main.conf", """
                        user root;
                        pid %1$s/pid;
                        error_log %1$s/error.log notice;
                        """.formatted(folder),
                "nginx/local/http.conf", Stream.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
                        .map(use -> "%s_temp_path %s/temp;\n".formatted(use, folder)).reduce("access_log off;\n", String::concat),
                "nginx/local/resolver.conf", "resolver 127.0.0.1:" + freePort() + ";\nresolver_timeout 1s;\n",
                "nginx/local/listen-http.conf", "listen 127.0.0.1:" + httpPort + ";\n",
                "nginx/local/listen-http-default.conf", "listen 127.0.0.1:" + httpPort + " default_server;\n",
                "nginx/local/listen-https.conf", "listen 127.0.0.1:" + httpsPort + " ssl http2;\n",
                "nginx/local/listen-https-default.conf", "listen 127.0.0.1:" + httpsPort + " ssl http2 default_server;\n"));
        Files.delete(folder.resolve("nginx/stream.conf"));
        process = new ProcessBuilder("nginx", "-c", folder + "/nginx/nginx.conf", "-g", "daemon off;")
                .redirectErrorStream(true).redirectOutput(folder.resolve("output").toFile()).start();
        awaitPort(folder);
    }

    int httpPort() {
        return httpPort;
    }

    int httpsPort() {
        return httpsPort;
    }

    private void awaitPort(Path folder) throws IOException {
        long end = System.nanoTime() + LIMIT_NANOS;
        while (true) {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), httpPort)) {
                return;
            } catch (IOException e) {
                assertThat(process.isAlive()).as(Files.readString(folder.resolve("output"))).isTrue();
                assertThat(System.nanoTime()).as("nginx listens").isLessThan(end);
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
    }

    private static void write(Path folder, Map<String, String> files) throws IOException {
        for (var file : files.entrySet()) {
            var path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
    }

    static int freePort() {
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
