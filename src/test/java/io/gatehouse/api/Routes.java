package io.gatehouse.api;

import io.gatehouse.testing.GatehouseServer;
import io.micronaut.http.HttpMethod;
import io.micronaut.web.router.Router;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a server answers to. */
final class Routes {

    private Routes() {
    }

    /** Methods and paths, with variables as names in braces; HEAD goes with GET everywhere. */
    static Set<String> of(GatehouseServer server) {
        return server.bean(Router.class).uriRoutes()
                .filter(route -> route.getHttpMethod() != HttpMethod.HEAD && route.getHttpMethod() != HttpMethod.OPTIONS)
                .map(route -> route.getHttpMethodName() + " " + route.getUriMatchTemplate().toPathString().replaceAll("\\{([^:}]+)[^}]*}", "{$1}"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
