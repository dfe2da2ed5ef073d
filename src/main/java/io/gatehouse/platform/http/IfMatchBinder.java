package io.gatehouse.platform.http;

import io.micronaut.core.convert.ArgumentConversionContext;
import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.bind.binders.TypedRequestArgumentBinder;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Lets a controller's method take {@link IfMatch}. */
@Singleton
final class IfMatchBinder implements TypedRequestArgumentBinder<IfMatch> {

    @Override
    public Argument<IfMatch> argumentType() {
        return Argument.of(IfMatch.class);
    }

    @Override
    public BindingResult<IfMatch> bind(ArgumentConversionContext<IfMatch> context, HttpRequest<?> request) {
        var headers = request.getHeaders().getAll(HttpHeaders.IF_MATCH);
        var condition = headers.isEmpty() ? IfMatch.ANY : IfMatch.parse(String.join(",", headers));
        return () -> Optional.of(condition);
    }
}
