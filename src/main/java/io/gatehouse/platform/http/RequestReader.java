package io.gatehouse.platform.http;

import io.gatehouse.platform.Problem;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.beans.BeanIntrospector;
import io.micronaut.core.order.Ordered;
import io.micronaut.core.type.Argument;
import io.micronaut.core.type.Headers;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.body.MessageBodyReader;
import io.micronaut.json.JsonMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** Reads the bodies of requests: {@link RequestDocument}s and {@link MergePatch}es. */
@Singleton
@Order(Ordered.HIGHEST_PRECEDENCE)
@Consumes({MediaType.APPLICATION_JSON, MergePatch.MEDIA_TYPE})
final class RequestReader<T> implements MessageBodyReader<T> {

    private final JsonMapper json;

    RequestReader(JsonMapper json) {
        this.json = json;
    }

    @Override
    public boolean isReadable(Argument<T> type, MediaType mediaType) {
        return type.getType() == MergePatch.class || BeanIntrospector.SHARED.findIntrospection(type.getType())
                .filter(introspection -> introspection.hasAnnotation(RequestDocument.class)).isPresent();
    }

    @Override
    public T read(Argument<T> type, MediaType mediaType, Headers headers, InputStream body) {
        var members = members(body);
        return type.getType() == MergePatch.class
                ? type.getType().cast(new MergePatch(members))
                : DocumentReader.read(type.getType(), members, "");
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> members(InputStream body) {
        try {
            if (json.readValue(body, Argument.OBJECT_ARGUMENT) instanceof Map<?, ?> members) {
                return (Map<String, Object>) members;
            }
        } catch (IOException e) {
            throw Problem.of(Problem.Kind.MALFORMED, "The body is not JSON.");
        }
        throw Problem.of(Problem.Kind.MALFORMED, "The body must be a JSON object.");
    }
}
