package io.gatehouse.audit;

import io.micronaut.core.convert.ArgumentConversionContext;
import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.bind.binders.TypedRequestArgumentBinder;
import jakarta.inject.Singleton;
import java.security.Principal;
import java.util.Optional;

/** Lets a controller's method take the {@link Actor} of a request. */
@Singleton
final class ActorBinder implements TypedRequestArgumentBinder<Actor> {

    @Override
    public Argument<Actor> argumentType() {
        return Argument.of(Actor.class);
    }

    @Override
    public BindingResult<Actor> bind(ArgumentConversionContext<Actor> context, HttpRequest<?> request) {
        var name = request.getUserPrincipal().map(Principal::getName).orElse(Actor.ANONYMOUS_NAME);
        var actor = new Actor(name, request.getRemoteAddress().getAddress().getHostAddress());
        return () -> Optional.of(actor);
    }
}
