package io.gatehouse.platform.http;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.http.HttpRequest;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.security.rules.SecurityRuleResult;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.RouteMatch;
import jakarta.inject.Singleton;
import java.util.Arrays;
import org.reactivestreams.Publisher;

/** Keeps the agent of a site to routes that name {@link Role#AGENT} and, as their variable {@code siteId}, that site. */
@Singleton
final class SiteRule implements SecurityRule<HttpRequest<?>> {

    private static final String SITE_ID = "siteId";

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public Publisher<SecurityRuleResult> check(HttpRequest<?> request, @Nullable Authentication authentication) {
        var route = RouteAttributes.getRouteMatch(request).orElse(null);
        boolean stranger = authentication != null && authentication.getRoles().contains(Role.AGENT)
                && route != null && !ScopeRule.isEverybodys(route) && !isOwn(route, authentication);
        return Publishers.just(stranger ? SecurityRuleResult.REJECTED : SecurityRuleResult.UNKNOWN);
    }

    private static boolean isOwn(RouteMatch<?> route, Authentication agent) {
        var roles = route.getRouteInfo().getAnnotationMetadata().stringValues(Secured.class);
        var site = route.getVariableValues().get(SITE_ID);
        return Arrays.asList(roles).contains(Role.AGENT) && site != null && site.toString().equals(String.valueOf(PrincipalAttributes.site(agent)));
    }
}
