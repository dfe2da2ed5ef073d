package io.gatehouse.platform.http;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.uri.UriBuilder;

/** Tells where the next part of a list is (RFC 8288). */
@ServerFilter("/api/**")
final class PageLinks {

    @ResponseFilter
    void link(HttpRequest<?> request, MutableHttpResponse<?> response) {
        if (response.body() instanceof Page<?> page && page.next() != null) {
            var next = UriBuilder.of(request.getPath());
            request.getParameters().forEach((name, values) -> {
                if (!name.equals("cursor")) {
                    next.queryParam(name, values.toArray());
                }
            });
            response.header(HttpHeaders.LINK, "<" + next.queryParam("cursor", page.next()).build() + ">; rel=\"next\"");
        }
    }
}
