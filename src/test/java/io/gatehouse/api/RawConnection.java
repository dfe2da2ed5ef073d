package io.gatehouse.api;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sends bytes and reads what HTTP makes of them; a library would refuse to send half of it. */
final class RawConnection implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 60_000;

    private final URI server;
    private Socket socket;
    private InputStream in;

    RawConnection(String url) {
        server = URI.create(url);
    }

    /** @throws IOException if there is no answer, even over a new connection */
    Received send(byte[] request, boolean hasBody) throws IOException {
        boolean old = socket != null;
        try {
            return attempt(request, hasBody);
        } catch (IOException e) {
            close();
            if (old) {
                // The server may have ended the connection after the answer before.
                return attempt(request, hasBody);
            }
            throw e;
        }
    }

    private Received attempt(byte[] request, boolean hasBody) throws IOException {
        if (socket == null) {
            socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
        }
        try {
            socket.getOutputStream().write(request);
        } catch (IOException refusedEarly) {
            // A server may answer before it has read everything, and hang up.
        }
        var answer = read(hasBody);
        if (answer.headers().firstValue("connection").orElse("").equalsIgnoreCase("close") || isStream(answer)) {
            close();
        }
        return answer;
    }

    private static boolean isStream(Received answer) {
        return answer.headers().firstValue("content-type").orElse("").startsWith("text/event-stream");
    }

    private Received read(boolean hasBody) throws IOException {
        var line = line();
        int status = Integer.parseInt(line.split(" ")[1]);
        Map<String, List<String>> fields = new HashMap<>();
        for (var field = line(); !field.isEmpty(); field = line()) {
            int colon = field.indexOf(':');
            fields.computeIfAbsent(field.substring(0, colon), name -> new ArrayList<>()).add(field.substring(colon + 1).strip());
        }
        var headers = HttpHeaders.of(fields, (name, value) -> true);
        if (status < 200) {
            return read(hasBody);
        }
        var answer = new Received(status, headers, "");
        return !hasBody || status == 204 || status == 304 || isStream(answer) ? answer : new Received(status, headers, body(headers));
    }

    private String body(HttpHeaders headers) throws IOException {
        var length = headers.firstValueAsLong("content-length");
        if (length.isPresent()) {
            return text(in.readNBytes((int) length.getAsLong()), (int) length.getAsLong());
        }
        var whole = new ByteArrayOutputStream();
        if (headers.firstValue("transfer-encoding").isPresent()) {
            for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
                whole.writeBytes(in.readNBytes(size));
                line();
            }
            line();
        }
        return whole.toString(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes, int length) throws IOException {
        if (bytes.length < length) {
            throw new EOFException("The answer ends too early.");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("The connection ended.");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
