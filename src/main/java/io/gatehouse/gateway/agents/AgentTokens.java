package io.gatehouse.gateway.agents;

import io.gatehouse.gateway.agents.KnownAgentKeys.Known;
import io.gatehouse.platform.http.ClientAddress;
import io.gatehouse.platform.http.PrincipalAttributes;
import io.gatehouse.platform.http.Role;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.http.HttpRequest;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.token.validator.TokenValidator;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import org.reactivestreams.Publisher;

/** Knows agents by the key that they present as a bearer token. */
@Singleton
final class AgentTokens implements TokenValidator<HttpRequest<?>> {

    private final KnownAgentKeys keys;
    private final ClientAddress clientAddress;

    AgentTokens(KnownAgentKeys keys, ClientAddress clientAddress) {
        this.keys = keys;
        this.clientAddress = clientAddress;
    }

    @Override
    public Publisher<Authentication> validateToken(String token, HttpRequest<?> request) {
        return keys.find(token, clientAddress.of(request)).map(AgentTokens::principal).map(Publishers::just).orElseGet(Publishers::empty);
    }

    private static Authentication principal(Known key) {
        return Authentication.build(key.name(), List.of(Role.AGENT),
                Map.of(PrincipalAttributes.SITE, key.site(), PrincipalAttributes.AGENT_KEY, key.id().toString()));
    }
}
