package io.gatehouse.platform.http;

import io.gatehouse.platform.Problem;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import java.io.EOFException;

/** Of a client that left before its request's body was whole: nothing has failed here, and hardly anybody reads this. */
@Singleton
final class EndedEarly implements ExceptionHandler<EOFException, HttpResponse<?>> {

    @Override
    @SuppressWarnings("rawtypes")
    public HttpResponse<?> handle(HttpRequest request, EOFException end) {
        return ProblemResponses.of(Problem.of(Problem.Kind.MALFORMED, "The body ended early."));
    }
}
