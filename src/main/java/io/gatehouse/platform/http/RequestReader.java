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
import io.micronaut.http.codec.CodecException;
import jakarta.inject.Singleton;
import java.io.InputStream;

/** Reads the bodies of requests: {@link RequestDocument}s and {@link MergePatch}es. */
@Singleton
@Order(Ordered.HIGHEST_PRECEDENCE)
@Consumes({MediaType.APPLICATION_JSON, MergePatch.MEDIA_TYPE})
final class RequestReader<T> implements MessageBodyReader<T> {

    @Override
    public boolean isReadable(Argument<T> type, MediaType mediaType) {
        return type.getType() == MergePatch.class || BeanIntrospector.SHARED.findIntrospection(type.getType())
                .filter(introspection -> introspection.hasAnnotation(RequestDocument.class)).isPresent();
    }

    /** @throws CodecException with the {@link Problem} as its cause; {@link ConversionProblems} tells it */
    @Override
    public T read(Argument<T> type, MediaType mediaType, Headers headers, InputStream body) {
        try {
            var members = JsonObject.read(body);
            return type.getType() == MergePatch.class
                    ? type.getType().cast(new MergePatch(members))
                    : DocumentReader.read(type.getType(), members, "");
        } catch (Problem e) {
            throw new CodecException(e.getMessage(), e);
        }
    }
}
