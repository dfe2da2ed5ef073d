package io.gatehouse.platform.http;

import io.gatehouse.platform.Problem;
import io.micronaut.core.convert.ArgumentConversionContext;
import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.bind.binders.TypedRequestArgumentBinder;
import io.micronaut.security.authentication.Authentication;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Lets a controller's method take the {@link Caller}. */
@Singleton
final class CallerBinder implements TypedRequestArgumentBinder<Caller> {

    @Override
    public Argument<Caller> argumentType() {
        return Argument.of(Caller.class);
    }

    @Override
    public BindingResult<Caller> bind(ArgumentConversionContext<Caller> context, HttpRequest<?> request) {
        var authentication = request.getUserPrincipal(Authentication.class)
                .orElseThrow(() -> Problem.of(Problem.Kind.UNAUTHORIZED, "An access token is needed."));
        var caller = new Caller(authentication.getName(), authentication.getRoles().contains(Role.ADMINISTRATOR));
        return () -> Optional.of(caller);
    }
}
