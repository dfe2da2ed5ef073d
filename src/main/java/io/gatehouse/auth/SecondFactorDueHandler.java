package io.gatehouse.auth;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;

/** Tells how a login goes on. */
@Singleton
final class SecondFactorDueHandler implements ExceptionHandler<SecondFactorDue, HttpResponse<?>> {

    private static final MediaType PROBLEM_JSON = MediaType.of("application/problem+json");

    @Override
    @SuppressWarnings("rawtypes")
    public HttpResponse<?> handle(HttpRequest request, SecondFactorDue due) {
        return HttpResponse.status(HttpStatus.UNAUTHORIZED).body(due.document()).contentType(PROBLEM_JSON)
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer").header(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
