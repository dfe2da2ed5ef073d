package io.gatehouse.platform.http;

import io.gatehouse.platform.Problem;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpHeaders;
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

    /** In {@code WWW-Authenticate}, as RFC 6750 section 3 has it: nothing more than that to whoever presented no token. */
    private static final String INVALID = "Bearer error=\"invalid_token\"";

    @Override
    @SuppressWarnings("rawtypes")
    public MutableHttpResponse<?> handle(HttpRequest request, AuthorizationException refusal) {
        var duty = ((HttpRequest<?>) request).getAttribute(FirstDutyRule.DUTY, FirstDuty.class).orElse(null);
        if (refusal.isForbidden() && duty != null) {
            return ProblemResponses.of(duty.refusal());
        }
        if (refusal.isForbidden()) {
            return forbidden(((HttpRequest<?>) request).getAttribute(ScopeRule.LACK, String.class).orElse(null));
        }
        var response = ProblemResponses.of(
                Problem.of(Problem.Kind.UNAUTHORIZED, "An access token is needed; the one presented, if any, is not valid."));
        if (request.getHeaders().contains(HttpHeaders.AUTHORIZATION)) {
            response.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, INVALID);
        }
        return response;
    }

    private static MutableHttpResponse<?> forbidden(@Nullable String lack) {
        if (lack == null) {
            return ProblemResponses.of(Problem.of(Problem.Kind.FORBIDDEN, "Your role does not allow this."));
        }
        if (lack.equals(ScopeRule.NO_SCOPE)) {
            return ProblemResponses.of(Problem.of(Problem.Kind.FORBIDDEN, "No API key may do this: log in for it."));
        }
        return ProblemResponses.of(Problem.of(Problem.Kind.FORBIDDEN, "This API key lacks the scope " + lack + "."))
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"insufficient_scope\", scope=\"" + lack + "\"");
    }
}
