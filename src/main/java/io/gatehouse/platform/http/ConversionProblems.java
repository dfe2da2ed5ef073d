package io.gatehouse.platform.http;

import io.gatehouse.platform.Problem;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.core.convert.exceptions.ConversionErrorException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ConversionErrorHandler;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;

/** Tells which parameter has a value of a wrong type. */
@Singleton
@Replaces(ConversionErrorHandler.class)
final class ConversionProblems implements ExceptionHandler<ConversionErrorException, HttpResponse<?>> {

    @Override
    @SuppressWarnings("rawtypes")
    public HttpResponse<?> handle(HttpRequest request, ConversionErrorException failure) {
        // A body that was refused while it was read.
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Problem problem) {
                return ProblemResponses.of(problem);
            }
        }
        var argument = failure.getArgument();
        var rule = argument.getType() == Boolean.class ? "The value must be true or false." : "The value is of the wrong type.";
        return ProblemResponses.of(Problem.invalidSecret(argument.getName(), rule));
    }
}
