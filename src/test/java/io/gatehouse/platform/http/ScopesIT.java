package io.gatehouse.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.GatehouseServer;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.web.router.Router;
import io.micronaut.web.router.UriRouteInfo;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every route that is not everybody's, with administrators' keys that have all scopes but the one it needs, and with none but that. */
class ScopesIT {

    private static final String API = "/api/v1";

    /** @param area null: closed to API keys */
    record Route(String method, String path, String area) {

        static Route of(UriRouteInfo<?, ?> route) {
            return new Route(route.getHttpMethodName(), route.getUriMatchTemplate().toPathString().replaceAll("\\{[^}]*}", "1").replaceFirst(API, ""),
                    route.getAnnotationMetadata().stringValue(Scope.class).orElse(null));
        }

        boolean reads() {
            return method.equals("GET") || method.equals("HEAD");
        }

        void assertTold(Answer answer, String detail) {
            if (!method.equals("HEAD")) {
                assertThat(answer.textAt("detail")).isEqualTo(detail);
            }
        }

        Answer ask(String key) {
            return ApiClient.withToken(server, key).send(method, path, reads() || method.equals("DELETE") ? null : "{\"nonsense\": 1}");
        }
    }

    private static GatehouseServer server;

    @BeforeAll
    static void start() {
        server = GatehouseServer.with("gatehouse.requests.per-account", 1000).start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static Stream<Route> routes() {
        return server.bean(Router.class).uriRoutes()
                .filter(route -> route.getUriMatchTemplate().toPathString().startsWith(API)
                        && !roles(route).contains(SecurityRule.IS_ANONYMOUS) && !roles(route).equals(List.of(Role.AGENT)))
                .map(Route::of);
    }

    private static List<String> roles(UriRouteInfo<?, ?> route) {
        return List.of(route.getAnnotationMetadata().getValue(Secured.class, String[].class).orElseThrow(() -> new AssertionError("not secured: " + route)));
    }

    @ParameterizedTest
    @MethodSource("routes")
    void isClosedToAKeyWithoutItsScope(Route route) {
        if (route.area() == null) {
            var answer = route.ask(key(writing(Scope.AREAS)));
            assertThat(answer.status()).as(answer.text()).isEqualTo(403);
            route.assertTold(answer, "No API key may do this: log in for it.");
            return;
        }
        assertThat(Scope.AREAS).contains(route.area());
        var scope = route.area() + (route.reads() ? ":read" : ":write");

        var answer = route.ask(key(writing(Scope.AREAS.stream().filter(area -> !area.equals(route.area())).toList())));

        assertThat(answer.status()).as(answer.text()).isEqualTo(403);
        route.assertTold(answer, "This API key lacks the scope " + scope + ".");
        assertThat(answer.header("WWW-Authenticate")).contains("insufficient_scope", scope);
        if (!route.reads()) {
            assertThat(route.ask(key(List.of(route.area() + ":read"))).status()).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void isOpenToAnAdministratorsKeyWithItsScope(Route route) {
        if (route.area() != null && !route.method().equals("DELETE") && !route.path().endsWith("/events")) {
            var answer = route.ask(key(List.of(route.area() + (route.reads() ? ":read" : ":write"))));

            assertThat(answer.status()).as(answer.text()).isNotIn(401, 403);
        }
    }

    private static List<String> writing(List<String> areas) {
        return areas.stream().map(area -> area + ":write").toList();
    }

    private static String key(List<String> scopes) {
        var created = ApiClient.administrator(server).post("/api-keys", "{\"description\": \"x\", \"scopes\": [\"" + String.join("\", \"", scopes) + "\"]}");
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        server.sql().useHandle(handle -> handle.execute("delete from api_keys where id::text <> ?", created.at("id")));
        return created.textAt("key");
    }
}
