package io.gatehouse.platform.http;

import io.gatehouse.platform.Problem;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.web.router.MethodBasedRouteInfo;
import io.micronaut.web.router.RouteAttributes;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Refuses query parameters that a route does not read: a misspelt filter would show everything. */
@ServerFilter("/api/**")
final class KnownParameters {

    private final Map<MethodBasedRouteInfo<?, ?>, Set<String>> known = new ConcurrentHashMap<>();

    /** @throws Problem if there is one */
    @RequestFilter
    void check(HttpRequest<?> request) {
        if (request.getParameters().isEmpty()) {
            return;
        }
        RouteAttributes.getRouteInfo(request).ifPresent(info -> {
            if (info instanceof MethodBasedRouteInfo<?, ?> route) {
                var names = known.computeIfAbsent(route, KnownParameters::names);
                request.getParameters().forEach((name, values) -> check(names, name, values.size()));
            }
        });
    }

    private static void check(Set<String> names, String name, int occurrences) {
        if (!names.contains(name)) {
            throw Problem.invalidSecret(name, names.isEmpty() ? "This call takes no query parameters."
                    : "There is no such query parameter; there are " + String.join(", ", names.stream().sorted().toList()) + ".");
        }
        if (occurrences > 1) {
            throw Problem.invalidSecret(name, "The query parameter is given more than once.");
        }
    }

    private static Set<String> names(MethodBasedRouteInfo<?, ?> route) {
        var names = new HashSet<String>();
        Arrays.stream(route.getTargetMethod().getArguments()).forEach(argument -> {
            if (argument.getType() == ListRequest.class) {
                names.addAll(ListRequest.PARAMETERS);
            } else if (argument.getAnnotationMetadata().hasAnnotation(QueryValue.class)) {
                names.add(argument.getAnnotationMetadata().stringValue(QueryValue.class).filter(name -> !name.isEmpty()).orElse(argument.getName()));
            }
        });
        return names;
    }
}
