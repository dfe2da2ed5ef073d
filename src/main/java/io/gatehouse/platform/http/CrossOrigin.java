package io.gatehouse.platform.http;

import io.gatehouse.platform.StartupFailure;
import io.micronaut.context.annotation.Context;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Lets the pages of configured origins call the API from a browser (the Fetch standard's CORS protocol), without credentials. */
@ServerFilter("/**")
@Context
@Order(CrossOrigin.ORDER)
final class CrossOrigin {

    /** Before anybody asks for a token, which a preflight has not. */
    static final int ORDER = ExchangeFilter.ORDER + 1;

    private static final Pattern ORIGIN = Pattern.compile("https?://[A-Za-z0-9.:\\[\\]-]+");
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
    private static final String REQUEST_HEADERS = "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, X-Request-Id";
    private static final String EXPOSED_HEADERS = "ETag, Link, Location, Retry-After, X-Request-Id";
    private static final String PREFLIGHT_SECONDS = "600";

    private final Set<String> origins;

    /** @throws StartupFailure if one is no origin */
    CrossOrigin(CorsConfiguration configuration) {
        origins = Set.copyOf(configuration.origins() == null ? List.of() : configuration.origins());
        for (var origin : origins) {
            if (!ORIGIN.matcher(origin).matches()) {
                throw new StartupFailure("GATEHOUSE_CORS_ORIGINS '" + origin
                        + "' is no origin: it needs the form https://console.example.org, without a path; '*' is not taken.");
            }
        }
    }

    @RequestFilter
    @Nullable HttpResponse<?> preflight(HttpRequest<?> request) {
        if (request.getMethod() != HttpMethod.OPTIONS || !isAllowed(request)
                || !request.getHeaders().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD)) {
            return null;
        }
        return withOrigin(request, HttpResponse.noContent())
                .header(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS)
                .header(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS)
                .header(HttpHeaders.ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECONDS);
    }

    @ResponseFilter
    void answer(HttpRequest<?> request, MutableHttpResponse<?> response) {
        if (origins.isEmpty() || response.getHeaders().contains(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN)) {
            return;
        }
        if (isAllowed(request)) {
            withOrigin(request, response).header(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
        } else {
            response.header(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        }
    }

    private boolean isAllowed(HttpRequest<?> request) {
        var origin = request.getHeaders().get(HttpHeaders.ORIGIN);
        return origin != null && origins.contains(origin);
    }

    private static MutableHttpResponse<?> withOrigin(HttpRequest<?> request, MutableHttpResponse<?> response) {
        return response
                .header(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, request.getHeaders().get(HttpHeaders.ORIGIN))
                .header(HttpHeaders.VARY, HttpHeaders.ORIGIN);
    }
}
