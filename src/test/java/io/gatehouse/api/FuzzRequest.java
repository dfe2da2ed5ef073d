package io.gatehouse.api;

import io.gatehouse.api.Document.Operation;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A request of a fuzz run.
 *
 * @param operation that the document describes; empty if the request may end up anywhere
 * @param headers   lines, without their ends
 * @param body      null for none
 */
record FuzzRequest(Optional<Operation> operation, String method, String target, List<String> headers, byte[] body) {

    byte[] bytes() {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes((method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n").getBytes(StandardCharsets.ISO_8859_1));
        headers.forEach(header -> bytes.writeBytes((header + "\r\n").getBytes(StandardCharsets.ISO_8859_1)));
        if (body != null) {
            bytes.writeBytes(("Content-Length: " + body.length + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }
        bytes.writeBytes("\r\n".getBytes(StandardCharsets.ISO_8859_1));
        if (body != null) {
            bytes.writeBytes(body);
        }
        return bytes.toByteArray();
    }

    boolean answerHasBody() {
        return !method.equals("HEAD");
    }

    /** As a command that sends it again. */
    @Override
    public String toString() {
        return "echo " + Base64.getEncoder().encodeToString(bytes()) + " | base64 -d | nc -q 2 localhost 8080\n"
                + new String(bytes(), StandardCharsets.UTF_8).lines().limit(40).reduce("", (text, line) -> text + "    " + line + "\n");
    }
}
