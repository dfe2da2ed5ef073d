package io.gatehouse.audit;

import io.gatehouse.platform.http.Role;
import io.micronaut.core.convert.ArgumentConversionContext;
import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.bind.binders.TypedRequestArgumentBinder;
import io.micronaut.security.authentication.Authentication;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Lets a controller's method take the {@link Actor} of a request. */
@Singleton
final class ActorBinder implements TypedRequestArgumentBinder<Actor> {

    private static final String KEY_PREFIX = "apiKey";
    private static final String SERVICE_ACCOUNT = "serviceAccount";

    @Override
    public Argument<Actor> argumentType() {
        return Argument.of(Actor.class);
    }

    @Override
    public BindingResult<Actor> bind(ArgumentConversionContext<Actor> context, HttpRequest<?> request) {
        var actor = actor(request);
        return () -> Optional.of(actor);
    }

    private static Actor actor(HttpRequest<?> request) {
        var address = request.getRemoteAddress().getAddress().getHostAddress();
        var userAgent = request.getHeaders().get(HttpHeaders.USER_AGENT);
        return request.getUserPrincipal(Authentication.class).map(caller -> {
            var key = attribute(caller, KEY_PREFIX);
            return caller.getRoles().contains(Role.SERVICE)
                    ? new Actor(Actor.Kind.SERVICE_ACCOUNT, attribute(caller, SERVICE_ACCOUNT), key, address, userAgent)
                    : new Actor(Actor.Kind.USER, caller.getName(), key, address, userAgent);
        }).orElseGet(() -> Actor.anonymous(address, userAgent));
    }

    private static String attribute(Authentication caller, String name) {
        return caller.getAttributes().get(name) instanceof String value ? value : null;
    }
}
