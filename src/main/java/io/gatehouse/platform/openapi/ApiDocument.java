package io.gatehouse.platform.openapi;

import io.micronaut.core.util.SupplierUtil;
import io.micronaut.web.router.Router;
import io.micronaut.web.router.UriRouteInfo;
import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.info.Info;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The OpenAPI document of this server. */
@Singleton
@OpenAPIDefinition(info = @Info(title = "Gatehouse", version = "as built"))
final class ApiDocument {

    /** What the annotation processor wrote. */
    private static final String GENERATED = "META-INF/swagger/gatehouse.yml";
    private static final String SHARED = "openapi/shared.yml";
    private static final String EXAMPLES = "openapi/examples.yml";

    private static final int TAG_LENGTH = 32;

    /** @param entityTag a strong one, with its quotes */
    record Text(String yaml, String entityTag) {
    }

    private final Supplier<Text> text = SupplierUtil.memoized(this::write);
    private final Router router;

    ApiDocument(Router router) {
        this.router = router;
    }

    Text text() {
        return text.get();
    }

    private Text write() {
        var yaml = complete().yaml();
        return new Text(yaml, "\"" + digest(yaml) + "\"");
    }

    private Branch complete() {
        var document = Branch.read(GENERATED);
        new GeneratedParts(document).tidy();
        var routes = routes();
        document.at("paths").members().keySet().forEach(path -> document.at("paths").at(path).members().keySet().forEach(method -> {
            var route = routes.get(method + " " + path);
            if (route != null) {
                new OperationParts(document, route).complete(document.at("paths").at(path).at(method));
            }
        }));
        new Schemas(document).complete();
        document.merge(Branch.read(SHARED));
        new Examples(Branch.read(EXAMPLES)).show(document);
        document.put("paths", sorted(document.at("paths").members()));
        return document;
    }

    private Map<String, UriRouteInfo<?, ?>> routes() {
        return router.uriRoutes().collect(Collectors.toMap(
                route -> route.getHttpMethodName().toLowerCase(Locale.ROOT) + " " + path(route), route -> route, (first, second) -> first));
    }

    /** As OpenAPI writes it: a variable is a name in braces. */
    private static String path(UriRouteInfo<?, ?> route) {
        return route.getUriMatchTemplate().toPathString().replaceAll("\\{[+/]?([^},:]+)[^}]*}", "{$1}");
    }

    private static Map<String, Object> sorted(Map<String, Object> paths) {
        var sorted = new LinkedHashMap<String, Object>();
        paths.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return sorted;
    }

    private static String digest(String text) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, TAG_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
