package io.gatehouse.platform.http;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.http.HttpRequest;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.security.rules.SecurityRuleResult;
import io.micronaut.web.router.RouteAttributes;
import jakarta.inject.Singleton;
import org.reactivestreams.Publisher;

/** Keeps administrators who lack a second factor that they must have to what it takes to set one up. */
@Singleton
final class SecondFactorRule implements SecurityRule<HttpRequest<?>> {

    /** Set for whoever tells why. */
    static final String LACK = "gatehouse.lacking-second-factor";

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public Publisher<SecurityRuleResult> check(HttpRequest<?> request, @Nullable Authentication authentication) {
        var route = RouteAttributes.getRouteMatch(request).orElse(null);
        if (authentication == null || route == null || !PrincipalAttributes.lacksSecondFactor(authentication) || ScopeRule.isEverybodys(route)
                || route.getRouteInfo().getAnnotationMetadata().hasAnnotation(OpenWithoutSecondFactor.class)) {
            return Publishers.just(SecurityRuleResult.UNKNOWN);
        }
        request.setAttribute(LACK, true);
        return Publishers.just(SecurityRuleResult.REJECTED);
    }
}
