package io.gatehouse.platform.observe;

import ch.qos.logback.classic.pattern.RootCauseFirstThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

/** Writes each event of the log as a JSON object in a line of its own. */
final class JsonLines extends EncoderBase<ILoggingEvent> {

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final byte[] NOTHING = {};

    private final RootCauseFirstThrowableProxyConverter exceptions = new RootCauseFirstThrowableProxyConverter();

    @Override
    public void start() {
        exceptions.start();
        super.start();
    }

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        var line = new ByteArrayOutputStream(256);
        try (var json = FACTORY.createGenerator(line)) {
            write(event, json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        line.write('\n');
        return line.toByteArray();
    }

    private void write(ILoggingEvent event, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("time", (event.getInstant() == null ? Instant.ofEpochMilli(event.getTimeStamp()) : event.getInstant()).toString());
        json.writeStringField("level", event.getLevel().toString());
        json.writeStringField("logger", event.getLoggerName());
        json.writeStringField("thread", event.getThreadName());
        json.writeStringField("message", event.getFormattedMessage());
        for (var entry : event.getMDCPropertyMap().entrySet()) {
            json.writeStringField(entry.getKey(), entry.getValue());
        }
        if (event.getKeyValuePairs() != null) {
            for (var pair : event.getKeyValuePairs()) {
                json.writeFieldName(pair.key);
                switch (pair.value) {
                    case null -> json.writeNull();
                    case Long number -> json.writeNumber(number);
                    case Integer number -> json.writeNumber(number);
                    case Object value -> json.writeString(value.toString());
                }
            }
        }
        if (event.getThrowableProxy() != null) {
            json.writeStringField("exception", exceptions.convert(event));
        }
        json.writeEndObject();
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }
}
