package io.gatehouse.platform.http;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.util.Arrays;

/** Tells the entity tag of a {@link Revised} resource, and that nothing has changed to whoever has that state already. */
@ServerFilter("/api/**")
public final class EntityTags {

    static String of(Revised resource) {
        return "\"" + resource.revision() + "\"";
    }

    @ResponseFilter
    @Nullable MutableHttpResponse<?> tag(HttpRequest<?> request, MutableHttpResponse<?> response) {
        if (!(response.body() instanceof Revised resource)) {
            return null;
        }
        var tag = of(resource);
        response.header(HttpHeaders.ETAG, tag);
        return request.getMethod() == HttpMethod.GET && isKnown(request, tag)
                ? HttpResponse.notModified().header(HttpHeaders.ETAG, tag)
                : null;
    }

    /** Whether whoever asks has that state already, by weak comparison (RFC 9110 section 13.1.2). */
    public static boolean isKnown(HttpRequest<?> request, String tag) {
        return request.getHeaders().getAll(HttpHeaders.IF_NONE_MATCH).stream()
                .flatMap(header -> Arrays.stream(header.split(",")))
                .map(known -> known.strip().replaceFirst("^W/", ""))
                .anyMatch(known -> known.equals("*") || known.equals(tag));
    }
}
