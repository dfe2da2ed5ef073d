package io.gatehouse.platform.http;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.http.HttpRequest;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.security.rules.SecurityRuleResult;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.RouteMatch;
import jakarta.inject.Singleton;
import java.util.Arrays;
import org.reactivestreams.Publisher;

/** Keeps whoever has a {@link FirstDuty} to what it takes to do it. */
@Singleton
final class FirstDutyRule implements SecurityRule<HttpRequest<?>> {

    /** The duty that stands in the way, for whoever tells why. */
    static final String DUTY = "gatehouse.first-duty";

    private static final String USERNAME = "username";

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public Publisher<SecurityRuleResult> check(HttpRequest<?> request, @Nullable Authentication authentication) {
        var route = RouteAttributes.getRouteMatch(request).orElse(null);
        var duty = authentication == null ? null : PrincipalAttributes.firstDuty(authentication);
        if (route == null || duty == null || ScopeRule.isEverybodys(route) || isOpenBefore(duty, route, authentication.getName())) {
            return Publishers.just(SecurityRuleResult.UNKNOWN);
        }
        request.setAttribute(DUTY, duty);
        return Publishers.just(SecurityRuleResult.REJECTED);
    }

    private static boolean isOpenBefore(FirstDuty duty, RouteMatch<?> route, String username) {
        var open = route.getRouteInfo().getAnnotationMetadata().enumValues(OpenBefore.class, FirstDuty.class);
        return Arrays.asList(open).contains(duty) && username.equals(route.getVariableValues().getOrDefault(USERNAME, username));
    }
}
