package io.gatehouse.platform.http;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.filter.ServerFilterPhase;
import java.util.Arrays;

/** Tells the entity tag of a {@link Revised} resource, and that nothing has changed to whoever has that state already. */
@ServerFilter("/api/**")
final class EntityTags implements Ordered {

    @Override
    public int getOrder() {
        return ServerFilterPhase.RENDERING.order();
    }

    @ResponseFilter
    @Nullable MutableHttpResponse<?> tag(HttpRequest<?> request, MutableHttpResponse<?> response) {
        if (!(response.body() instanceof Revised resource)) {
            return null;
        }
        var tag = "\"" + resource.revision() + "\"";
        response.header(HttpHeaders.ETAG, tag);
        return request.getMethod() == HttpMethod.GET && isKnown(request, tag)
                ? HttpResponse.notModified().header(HttpHeaders.ETAG, tag)
                : null;
    }

    /** By weak comparison (RFC 9110 section 13.1.2). */
    private static boolean isKnown(HttpRequest<?> request, String tag) {
        return request.getHeaders().getAll(HttpHeaders.IF_NONE_MATCH).stream()
                .flatMap(header -> Arrays.stream(header.split(",")))
                .map(known -> known.strip().replaceFirst("^W/", ""))
                .anyMatch(known -> known.equals("*") || known.equals(tag));
    }
}
