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

    private static final int MEBIBYTE = 1 << 20;

    private final BodyLimits limits;

    FrameworkProblems(BodyLimits limits) {
        this.limits = limits;
    }

    @Override
    @SuppressWarnings("unchecked")
    public MutableHttpResponse<Object> processResponse(ErrorContext context, MutableHttpResponse<?> response) {
        var defect = Exchange.of(context.getRequest()).map(Exchange::defect).orElse(null);
        var status = defect == null ? HttpStatus.valueOf(response.code()) : defect.status();
        var problem = (MutableHttpResponse<Object>) ProblemResponses.of(status, defect == null ? detail(status, context) : defect.getMessage());
        response.getHeaders().forEach((name, values) -> {
            if (!problem.getHeaders().contains(name)) {
                values.forEach(value -> problem.header(name, value));
            }
        });
        return problem;
    }

    private String detail(HttpStatus status, ErrorContext context) {
        return switch (status) {
            case NOT_FOUND -> "There is no such path.";
            case METHOD_NOT_ALLOWED -> "The path does not have this method; the header Allow lists those it has.";
            case NOT_ACCEPTABLE -> "None of the media types in the header Accept is offered here.";
            case REQUEST_ENTITY_TOO_LARGE -> "The body may have " + limits.of(context.getRequest()) / MEBIBYTE + " MiB here.";
            default -> context.getErrors().stream().map(Error::getMessage).collect(Collectors.joining(" "));
        };
    }
}
