package io.gatehouse.audit;

import io.gatehouse.platform.http.ClientAddress;
import io.gatehouse.platform.http.Exchange;
import io.gatehouse.platform.http.PrincipalAttributes;
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

    private final ClientAddress clientAddress;

    ActorBinder(ClientAddress clientAddress) {
        this.clientAddress = clientAddress;
    }

    @Override
    public Argument<Actor> argumentType() {
        return Argument.of(Actor.class);
    }

    @Override
    public BindingResult<Actor> bind(ArgumentConversionContext<Actor> context, HttpRequest<?> request) {
        var actor = actor(request);
        return () -> Optional.of(actor);
    }

    Actor actor(HttpRequest<?> request) {
        return caller(request).in(Exchange.correlationId(request));
    }

    private Actor caller(HttpRequest<?> request) {
        var address = clientAddress.of(request).getHostAddress();
        var userAgent = request.getHeaders().get(HttpHeaders.USER_AGENT);
        return request.getUserPrincipal(Authentication.class).map(caller -> {
            if (caller.getRoles().contains(Role.AGENT)) {
                return new Actor(Actor.Kind.AGENT, caller.getName(), null, address, userAgent);
            }
            var key = PrincipalAttributes.apiKey(caller);
            return caller.getRoles().contains(Role.SERVICE)
                    ? new Actor(Actor.Kind.SERVICE_ACCOUNT, PrincipalAttributes.serviceAccount(caller), key, address, userAgent)
                    : new Actor(Actor.Kind.USER, caller.getName(), key, address, userAgent);
        }).orElseGet(() -> Actor.anonymous(address, userAgent));
    }
}
