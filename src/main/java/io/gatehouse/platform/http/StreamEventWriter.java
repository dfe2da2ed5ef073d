package io.gatehouse.platform.http;

import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.core.type.Argument;
import io.micronaut.core.type.MutableHeaders;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.body.MessageBodyWriter;
import io.micronaut.http.codec.CodecException;
import io.micronaut.json.JsonMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes {@link StreamEvent}s. The framework's own writer knows no event that is a comment alone. */
@Singleton
@Order(Ordered.HIGHEST_PRECEDENCE)
@Produces(MediaType.TEXT_EVENT_STREAM)
final class StreamEventWriter implements MessageBodyWriter<StreamEvent> {

    private final JsonMapper json;

    StreamEventWriter(JsonMapper json) {
        this.json = json;
    }

    @Override
    public boolean isWriteable(Argument<StreamEvent> type, MediaType mediaType) {
        return type.getType() == StreamEvent.class;
    }

    @Override
    public void writeTo(Argument<StreamEvent> type, MediaType mediaType, StreamEvent event, MutableHeaders headers, OutputStream out) {
        try {
            out.write(text(event).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new CodecException("An event cannot be written", e);
        }
    }

    private String text(StreamEvent event) throws IOException {
        return event.name() == null
                ? ":\n\n"
                : (event.id() == null ? "" : "id: " + event.id() + "\n")
                        + "event: " + event.name() + "\n"
                        + "data: " + json.writeValueAsString(event.data()) + "\n\n";
    }
}
