package io.gatehouse.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** An HTTP/1.1 answer that arrives in parts. Its length is told by a header. */
final class HttpAnswer {

    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");
    private static final Pattern TAG = Pattern.compile("(?i)\r\netag: *(\\S+)");
    private static final int STATUS = 9;

    private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    private String head;
    private int end;

    ByteBuffer buffer() {
        return buffer;
    }

    void reset() {
        buffer.clear();
        head = null;
        end = 0;
    }

    boolean isComplete() {
        if (head == null) {
            int body = endOfHead();
            if (body < 0) {
                return false;
            }
            head = new String(buffer.array(), 0, body, StandardCharsets.ISO_8859_1);
            var length = LENGTH.matcher(head);
            end = body + (length.find() ? Integer.parseInt(length.group(1)) : 0);
        }
        return buffer.position() >= end;
    }

    private int endOfHead() {
        var bytes = buffer.array();
        for (int i = 3; i < buffer.position(); i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    int status() {
        return Integer.parseInt(head, STATUS, STATUS + 3, 10);
    }

    String entityTag() {
        var tag = TAG.matcher(head);
        if (!tag.find()) {
            throw new IllegalStateException("An answer has no entity tag");
        }
        return tag.group(1);
    }

    String body() {
        return new String(buffer.array(), head.length(), end - head.length(), StandardCharsets.UTF_8);
    }
}
