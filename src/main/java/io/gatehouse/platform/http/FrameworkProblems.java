package io.gatehouse.platform.http;

import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.Error;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import jakarta.inject.Singleton;
import java.util.stream.Collectors;

/** Gives the refusals of the HTTP layer itself (unknown paths, wrong methods, bodies that are no JSON) the form of all others. */
@Singleton
final class FrameworkProblems implements ErrorResponseProcessor<Object> {

    @Override
    @SuppressWarnings("unchecked")
    public MutableHttpResponse<Object> processResponse(ErrorContext context, MutableHttpResponse<?> response) {
        var status = HttpStatus.valueOf(response.code());
        var problem = (MutableHttpResponse<Object>) ProblemResponses.of(status, detail(status, context));
        response.getHeaders().forEach((name, values) -> {
            if (!problem.getHeaders().contains(name)) {
                values.forEach(value -> problem.header(name, value));
            }
        });
        return problem;
    }

    private static String detail(HttpStatus status, ErrorContext context) {
        return status == HttpStatus.NOT_FOUND
                ? "There is no such path."
                : context.getErrors().stream().map(Error::getMessage).collect(Collectors.joining(" "));
    }
}
