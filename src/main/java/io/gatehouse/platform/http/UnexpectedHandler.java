package io.gatehouse.platform.http;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whatever nobody foresaw: the client learns a correlation id only. */
@Singleton
final class UnexpectedHandler implements ExceptionHandler<Throwable, HttpResponse<?>> {

    private static final Logger LOG = LoggerFactory.getLogger(UnexpectedHandler.class);

    @Override
    @SuppressWarnings("rawtypes")
    public HttpResponse<?> handle(HttpRequest request, Throwable failure) {
        var correlationId = Exchange.correlationId(request);
        LOG.error("{} {} failed", request.getMethodName(), Exchange.of(request).map(Exchange::route).orElse("of no route"), failure);
        return ProblemResponses.unexpected(correlationId);
    }
}
