package io.gatehouse.platform.http;

import io.gatehouse.testing.GatehouseServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** A connection that sends what no decent client would. */
final class RawHttp implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 20_000;

    /** @param headers with names in lower case */
    record Response(int status, String version, Map<String, String> headers, String body) {

        boolean isProblem(String type) {
            return "application/problem+json".equals(headers.get("content-type")) && body.contains("\"urn:gatehouse:problem:" + type + "\"");
        }
    }

    private final Socket socket;
    private final InputStream input;

    RawHttp(GatehouseServer server) {
        try {
            socket = new Socket("localhost", URI.create(server.httpUrl()).getPort());
            socket.setSoTimeout(PATIENCE_MILLIS);
            input = socket.getInputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One request on a connection of its own. */
    static Response answer(GatehouseServer server, String request) {
        try (var connection = new RawHttp(server)) {
            return connection.send(request).read();
        }
    }

    /** @param request each character a byte */
    RawHttp send(String request) {
        try {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        } catch (SocketException answeredAndClosed) {
            // what was answered can still be read
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    Response read() {
        try {
            var first = line().split(" ", 3);
            var headers = new HashMap<String, String>();
            for (var line = line(); !line.isEmpty(); line = line()) {
                var parts = line.split(": ?", 2);
                headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
            }
            var body = input.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
            return new Response(Integer.parseInt(first[1]), first[0], headers, new String(body, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the server has closed the connection. */
    boolean isClosed() {
        try {
            return input.read() < 0;
        } catch (SocketException reset) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = input.read(); next != '\n'; next = input.read()) {
            if (next < 0) {
                throw new IOException("closed in the middle of an answer, behind: " + line);
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
