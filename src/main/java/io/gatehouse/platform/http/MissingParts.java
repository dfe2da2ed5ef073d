package io.gatehouse.platform.http;

import io.gatehouse.platform.Problem;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.micronaut.http.server.exceptions.UnsatisfiedRouteHandler;
import io.micronaut.web.router.exceptions.UnsatisfiedBodyRouteException;
import io.micronaut.web.router.exceptions.UnsatisfiedRouteException;
import jakarta.inject.Singleton;

/** Tells what a request lacks. */
@Singleton
@Replaces(UnsatisfiedRouteHandler.class)
final class MissingParts implements ExceptionHandler<UnsatisfiedRouteException, HttpResponse<?>> {

    @Override
    @SuppressWarnings("rawtypes")
    public HttpResponse<?> handle(HttpRequest request, UnsatisfiedRouteException lack) {
        return ProblemResponses.of(lack instanceof UnsatisfiedBodyRouteException
                ? Problem.of(Problem.Kind.MALFORMED, "A body is needed: a JSON object.")
                : Problem.invalidSecret(lack.getArgument().getName(), "A value is needed."));
    }
}
