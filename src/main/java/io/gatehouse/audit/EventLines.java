package io.gatehouse.audit;

import io.gatehouse.platform.http.Page;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.function.Function;

/** Events as lines of JSON, read page by page. */
final class EventLines extends InputStream {

    private final JsonMapper json;
    private final Function<String, Page<RecordedEvent>> pages;
    private byte[] part;
    private int read;
    private @Nullable String next;

    /** @param pages gives the page at a cursor; null is the first one's, which is asked for at once */
    EventLines(JsonMapper json, Function<String, Page<RecordedEvent>> pages) {
        this.json = json;
        this.pages = pages;
        part = lines(pages.apply(null));
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** @throws IOException if the rest cannot be read, so that nobody takes a part for the whole */
    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        while (read == part.length) {
            if (next == null) {
                return -1;
            }
            try {
                part = lines(pages.apply(next));
            } catch (RuntimeException e) {
                throw new IOException("The rest of the events cannot be read", e);
            }
            read = 0;
        }
        int count = Math.min(length, part.length - read);
        System.arraycopy(part, read, target, offset, count);
        read += count;
        return count;
    }

    private byte[] lines(Page<RecordedEvent> page) {
        next = page.next();
        var lines = new ByteArrayOutputStream();
        for (var event : page.items()) {
            try {
                lines.writeBytes(json.writeValueAsBytes(event));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            lines.write('\n');
        }
        return lines.toByteArray();
    }
}
