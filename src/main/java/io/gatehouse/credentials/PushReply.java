package io.gatehouse.credentials;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.gatehouse.credentials.PushAnswer.Kind;
import io.micronaut.core.annotation.Nullable;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What the approval service said, as far as it matters.
 *
 * @param action    what the person did, of a prompt that was sent
 * @param error     for people, of one that was not
 * @param errorCode the same for programs, of newer services
 */
record PushReply(boolean success, @Nullable String action, @Nullable String error, @Nullable String errorCode) {

    private static final JsonFactory FACTORY = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private static final int OK = 200;
    private static final int REQUEST_TIMEOUT = 408;
    private static final Set<String> NO_DEVICE_CODES = Set.of("no-devices", "user-not-found", "device-not-approved");
    /** Of services that have no codes yet. */
    private static final Set<String> NO_DEVICE_TEXTS = Set.of("no device", "user not found", "no registered devices", "no approved devices",
            "device registration");

    /** @return empty if it is not one JSON object with a {@code success} that is true or false, and each member once */
    static Optional<PushReply> parse(byte[] body) {
        try (var parser = FACTORY.createParser(body)) {
            return parser.nextToken() == JsonToken.START_OBJECT ? parse(parser) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<PushReply> parse(JsonParser parser) throws IOException {
        Boolean success = null;
        String action = null;
        String error = null;
        String errorCode = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = parser.currentName();
            var value = parser.nextToken();
            switch (name) {
                case "success" -> success = value.isBoolean() ? (Boolean) parser.getBooleanValue() : null;
                case "action" -> action = text(parser);
                case "error" -> error = text(parser);
                case "errorCode" -> errorCode = text(parser);
                default -> { }
            }
            parser.skipChildren();
        }
        return success == null || parser.nextToken() != null ? Optional.empty() : Optional.of(new PushReply(success, action, error, errorCode));
    }

    private static @Nullable String text(JsonParser parser) throws IOException {
        return parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText() : null;
    }

    Kind kind(int status) {
        if (status == OK && success && action != null) {
            return switch (action) {
                case "approve" -> Kind.APPROVED;
                case "reject" -> Kind.REJECTED;
                case "timeout" -> Kind.TIMED_OUT;
                default -> Kind.FAILED;
            };
        }
        if (success) {
            return Kind.FAILED;
        }
        if (status == REQUEST_TIMEOUT || "timeout".equals(errorCode)) {
            return Kind.TIMED_OUT;
        }
        return isWithoutDevice() ? Kind.NO_DEVICE : Kind.FAILED;
    }

    private boolean isWithoutDevice() {
        if (errorCode != null) {
            return NO_DEVICE_CODES.contains(errorCode);
        }
        return error != null && NO_DEVICE_TEXTS.stream().anyMatch(error.toLowerCase(Locale.ROOT)::contains);
    }
}
