package io.gatehouse.platform.http;

import io.gatehouse.platform.Problem;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.convert.ArgumentConversionContext;
import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.bind.binders.TypedRequestArgumentBinder;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Lets a controller's method take a {@link ListRequest}. */
@Singleton
final class ListRequestBinder implements TypedRequestArgumentBinder<ListRequest> {

    @Override
    public Argument<ListRequest> argumentType() {
        return Argument.of(ListRequest.class);
    }

    @Override
    public BindingResult<ListRequest> bind(ArgumentConversionContext<ListRequest> context, HttpRequest<?> request) {
        var parameters = request.getParameters();
        var list = new ListRequest(limit(parameters.get("limit")), parameters.get("cursor"), parameters.get("sort"), parameters.get("q"));
        return () -> Optional.of(list);
    }

    private static int limit(@Nullable String text) {
        if (text == null) {
            return ListRequest.DEFAULT_LIMIT;
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw Problem.invalid("limit", text, "The limit must be from 1 to " + ListRequest.MAX_LIMIT + ".");
        }
    }
}
