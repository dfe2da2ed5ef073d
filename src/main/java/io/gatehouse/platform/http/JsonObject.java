package io.gatehouse.platform.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamReadException;
import io.gatehouse.platform.Problem;
import io.micronaut.core.annotation.Nullable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a JSON object to its last character; a member that occurs twice is refused, for readers would differ about its value. */
final class JsonObject {

    private static final JsonFactory FACTORY = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private JsonObject() {
    }

    /** @throws Problem if there is anything else */
    static Map<String, Object> read(InputStream body) {
        try (var parser = FACTORY.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw Problem.of(Problem.Kind.MALFORMED, "The body must be a JSON object.");
            }
            var members = object(parser, "");
            if (parser.nextToken() != null) {
                throw Problem.of(Problem.Kind.MALFORMED, "There is something after the JSON object.");
            }
            return members;
        } catch (StreamReadException e) {
            throw Problem.of(Problem.Kind.MALFORMED, "The body is not JSON, or says something twice (line %d, column %d)."
                    .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
        } catch (IOException e) {
            throw Problem.of(Problem.Kind.MALFORMED, "The body cannot be read.");
        }
    }

    /** @param path of the object, with a dot at its end; empty for the body itself */
    private static Map<String, Object> object(JsonParser parser, String path) throws IOException {
        var members = new LinkedHashMap<String, Object>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = parser.currentName();
            if (!isText(name)) {
                throw Problem.of(Problem.Kind.MALFORMED, "The name of a field has a character that is none.");
            }
            parser.nextToken();
            members.put(name, value(parser, path + name));
        }
        return members;
    }

    private static List<Object> array(JsonParser parser, String field) throws IOException {
        var items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser, field));
        }
        return items;
    }

    private static @Nullable Object value(JsonParser parser, String field) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, field + ".");
            case START_ARRAY -> array(parser, field);
            case VALUE_STRING -> text(parser.getText(), field);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    private static String text(String value, String field) {
        if (!isText(value)) {
            throw Problem.invalidSecret(field, "A text without NUL and without halves of characters is needed.");
        }
        return value;
    }

    /** PostgreSQL takes no NUL, and half of a surrogate pair has no UTF-8. */
    private static boolean isText(String value) {
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            if (character == 0 || Character.isLowSurrogate(character)) {
                return false;
            }
            if (Character.isHighSurrogate(character) && (++i == value.length() || !Character.isLowSurrogate(value.charAt(i)))) {
                return false;
            }
        }
        return true;
    }
}
