package io.gatehouse.platform.http;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.server.HttpServerConfiguration;
import io.micronaut.web.router.RouteAttributes;
import jakarta.inject.Singleton;

/** How many bytes a body may have. */
@Singleton
final class BodyLimits {

    private final long kept;
    private final long streamed;

    BodyLimits(HttpServerConfiguration server) {
        kept = server.getMaxRequestBufferSize();
        streamed = server.getMaxRequestSize();
    }

    long of(HttpRequest<?> request) {
        return RouteAttributes.getRouteInfo(request).filter(route -> route.getAnnotationMetadata().hasAnnotation(LargeBody.class)).isPresent()
                ? streamed : kept;
    }
}
