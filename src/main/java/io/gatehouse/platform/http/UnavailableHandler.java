package io.gatehouse.platform.http;

import io.gatehouse.platform.Problem;
import io.gatehouse.platform.Unavailable;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Tells that the database is gone, for now. */
@Singleton
final class UnavailableHandler implements ExceptionHandler<Unavailable, HttpResponse<?>> {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    @Override
    @SuppressWarnings("rawtypes")
    public HttpResponse<?> handle(HttpRequest request, Unavailable unavailable) {
        return ProblemResponses.of(Problem.of(Problem.Kind.UNAVAILABLE, unavailable.getMessage()), RETRY_AFTER);
    }
}
