package io.gatehouse.platform.http;

import io.gatehouse.platform.Problem;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.micronaut.security.authentication.AuthorizationException;
import io.micronaut.security.authentication.DefaultAuthorizationExceptionHandler;
import jakarta.inject.Singleton;

/** Tells whoever lacks a right. */
@Singleton
@Replaces(DefaultAuthorizationExceptionHandler.class)
final class AuthorizationProblems implements ExceptionHandler<AuthorizationException, MutableHttpResponse<?>> {

    @Override
    @SuppressWarnings("rawtypes")
    public MutableHttpResponse<?> handle(HttpRequest request, AuthorizationException refusal) {
        return ProblemResponses.of(refusal.isForbidden()
                ? Problem.of(Problem.Kind.FORBIDDEN, "Your role does not allow this.")
                : Problem.of(Problem.Kind.UNAUTHORIZED, "An access token is needed; the one presented, if any, is not valid."));
    }
}
