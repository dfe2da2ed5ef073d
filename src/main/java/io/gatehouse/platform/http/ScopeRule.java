package io.gatehouse.platform.http;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.security.rules.SecurityRuleResult;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.RouteMatch;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.reactivestreams.Publisher;

/** Keeps API keys to their scopes, before any rule about roles lets them in. */
@Singleton
final class ScopeRule implements SecurityRule<HttpRequest<?>> {

    /** What the key lacks, for whoever tells so: a scope, or {@link #NO_SCOPE}. */
    static final String LACK = "gatehouse.lacking-scope";
    static final String NO_SCOPE = "";

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public Publisher<SecurityRuleResult> check(HttpRequest<?> request, @Nullable Authentication authentication) {
        var route = RouteAttributes.getRouteMatch(request).orElse(null);
        var lack = authentication == null || route == null || isEverybodys(route) || PrincipalAttributes.apiKey(authentication) == null
                ? null : lack(request.getMethod(), route, PrincipalAttributes.scopes(authentication));
        if (lack == null) {
            return Publishers.just(SecurityRuleResult.UNKNOWN);
        }
        request.setAttribute(LACK, lack);
        return Publishers.just(SecurityRuleResult.REJECTED);
    }

    private static @Nullable String lack(HttpMethod method, RouteMatch<?> route, Collection<String> scopes) {
        var area = route.getRouteInfo().getAnnotationMetadata().stringValue(Scope.class).orElse(null);
        if (area == null) {
            return NO_SCOPE;
        }
        boolean reads = method == HttpMethod.GET || method == HttpMethod.HEAD;
        var enough = reads ? List.of(area + ":read", area + ":write") : List.of(area + ":write");
        return enough.stream().anyMatch(scopes::contains) ? null : enough.getFirst();
    }

    /** What is not secured by roles is left to the rules about it, which let nobody in who is not meant. */
    static boolean isEverybodys(RouteMatch<?> route) {
        // As the rule about roles reads them: those on the method go before those on its class, and are not added to them.
        return route.getRouteInfo().getAnnotationMetadata().getValue(Secured.class, String[].class)
                .map(roles -> Arrays.asList(roles).contains(SecurityRule.IS_ANONYMOUS)).orElse(true);
    }
}
