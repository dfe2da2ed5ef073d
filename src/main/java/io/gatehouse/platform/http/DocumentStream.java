package io.gatehouse.platform.http;

import io.gatehouse.platform.Problem;
import java.io.InputStream;

/** Reads the {@link RequestDocument} of a {@link LargeBody}. */
public final class DocumentStream {

    private DocumentStream() {
    }

    /** @throws Problem that names the field and the rule it breaks */
    public static <T> T read(Class<T> type, InputStream body) {
        return DocumentReader.read(type, JsonObject.read(body), "");
    }
}
