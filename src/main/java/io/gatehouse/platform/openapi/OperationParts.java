package io.gatehouse.platform.openapi;

import io.gatehouse.platform.http.IfMatch;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.MergePatch;
import io.gatehouse.platform.http.Page;
import io.gatehouse.platform.http.Revised;
import io.gatehouse.platform.http.Role;
import io.gatehouse.platform.http.Scope;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.web.router.UriRouteInfo;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What an operation has in common with all others of its kind, told by the annotations and parameters of its route. */
final class OperationParts {

    private static final Map<String, String> REFUSALS = new TreeMap<>(Map.ofEntries(
            Map.entry("400", "Malformed"), Map.entry("401", "NotAuthenticated"), Map.entry("403", "NotAllowed"), Map.entry("404", "NotFound"),
            Map.entry("406", "NotAcceptable"), Map.entry("409", "Conflict"), Map.entry("412", "PreconditionFailed"),
            Map.entry("413", "TooLarge"), Map.entry("415", "UnsupportedMediaType"), Map.entry("422", "Invalid"),
            Map.entry("429", "TooMany"), Map.entry("500", "InternalError"), Map.entry("503", "Unavailable")));

    private static final Map<String, String> SUCCESSES = Map.of("200", "Done.", "201", "It has been created.", "204", "Done; there is nothing more to say.");

    private static final Pattern LOGINS = Pattern.compile("/api/v1/auth/(login.*|refresh)");
    /** It is their body that names what may not be there. */
    private static final Pattern JOINING = Pattern.compile("/join(/leave)?");

    private final Branch document;
    private final UriRouteInfo<?, ?> route;
    private final Argument<?>[] arguments;
    private final boolean open;

    OperationParts(Branch document, UriRouteInfo<?, ?> route) {
        this.document = document;
        this.route = route;
        arguments = route.getTargetMethod().getArguments();
        open = roles().equals(Set.of(SecurityRule.IS_ANONYMOUS));
    }

    void complete(Branch operation) {
        rights(operation);
        parameters(operation);
        body(operation);
        successes(operation);
        refusals(operation);
    }

    private Set<String> roles() {
        // Those on the method go before those on its class, and are not added to them.
        return route.getTargetMethod().getAnnotationMetadata().getValue(Secured.class, String[].class).map(Set::of).orElse(Set.of());
    }

    private void rights(Branch operation) {
        operation.put("security", open ? new ArrayList<>() : new ArrayList<>(List.of(Branch.of("bearer", new ArrayList<>()).members())));
        var who = open ? "" : "\n\n" + (roles().contains(Role.USER) ? "For every user" : "For administrators") + ". " + scope();
        operation.put("description", (operation.text("description").orElse("") + who).strip());
    }

    private String scope() {
        return route.getTargetMethod().stringValue(Scope.class)
                .map(area -> "An API key needs the scope `" + area + (reads() ? ":read" : ":write") + "`.")
                .orElse("API keys are refused.");
    }

    private boolean reads() {
        return route.getHttpMethod() == HttpMethod.GET;
    }

    private void parameters(Branch operation) {
        var known = new ArrayList<Object>();
        for (var parameter : operation.branches("parameters")) {
            if (parameter.text("in").orElseThrow().equals("path") || readsParameter(parameter)) {
                parameter.find("schema").ifPresent(OperationParts::withoutNull);
                known.add(parameter.members());
            }
        }
        if (takes(ListRequest.class)) {
            ListRequest.PARAMETERS.forEach(name -> known.add(Branch.reference("parameters", name).members()));
        }
        if (takes(IfMatch.class)) {
            known.add(Branch.reference("parameters", "If-Match").members());
        }
        if (reads() && hasTag()) {
            known.add(Branch.reference("parameters", "If-None-Match").members());
        }
        if (waits()) {
            known.add(Branch.reference("parameters", "Prefer").members());
        }
        if (creates(operation)) {
            known.add(Branch.reference("parameters", "Idempotency-Key").members());
        }
        if (known.isEmpty()) {
            operation.remove("parameters");
        } else {
            operation.put("parameters", known);
        }
    }

    private boolean readsParameter(Branch parameter) {
        var name = parameter.text("name").orElseThrow();
        return Arrays.stream(arguments).anyMatch(argument -> names(argument, QueryValue.class, name) || names(argument, Header.class, name));
    }

    private static boolean names(Argument<?> argument, Class<? extends Annotation> annotation, String name) {
        var metadata = argument.getAnnotationMetadata();
        return metadata.hasAnnotation(annotation)
                && metadata.stringValue(annotation).filter(text -> !text.isEmpty()).orElse(argument.getName()).equals(name);
    }

    /** A parameter that is not given is left out. */
    private static void withoutNull(Branch schema) {
        if (schema.get("type") instanceof List<?> types) {
            schema.put("type", types.getFirst());
        }
    }

    private void body(Branch operation) {
        var body = body();
        if (body == null) {
            operation.remove("requestBody");
            return;
        }
        operation.at("requestBody").at("content").members().keySet().forEach(mediaType -> {
            var content = operation.at("requestBody").at("content").at(mediaType);
            if (body.getType() == MergePatch.class) {
                content.put("schema", Branch.reference("schemas", patch(body)));
            } else {
                // The processor takes whatever has no annotation for a part of the body.
                content.at("schema").branches("allOf").stream().findFirst().ifPresent(first -> content.put("schema", first));
            }
        });
    }

    private @Nullable Argument<?> body() {
        return Arrays.stream(arguments).filter(argument -> argument.getAnnotationMetadata().hasAnnotation(Body.class)).findFirst().orElse(null);
    }

    /** The name of the schema of what a patch may name. */
    private String patch(Argument<?> body) {
        var metadata = body.getAnnotationMetadata();
        var creation = metadata.classValue(PatchOf.class).orElseThrow(() -> new IllegalStateException(
                route.getHttpMethodName() + " " + route.getUriMatchTemplate() + " takes a patch, but has no @PatchOf."));
        var schemas = document.at("components").at("schemas");
        var name = metadata.stringValue(PatchOf.class, "name").filter(text -> !text.isEmpty()).orElseGet(() -> creation.getSimpleName().replaceFirst("^New", "") + "Patch");
        var schema = schemas.find(creation.getSimpleName()).orElseThrow(() -> new IllegalStateException(
                creation.getSimpleName() + " is no body of any other request, and needs @RequestBody to be described.")).copy();
        schema.put("description", "What shall be different; what is not named stays.");
        var properties = schema.at("properties");
        Arrays.stream(metadata.stringValues(PatchOf.class, "except")).forEach(properties::remove);
        var required = new HashSet<>(schema.list("required"));
        required.addAll(List.of(metadata.stringValues(PatchOf.class, "notNull")));
        properties.members().forEach((property, value) -> {
            var below = properties.at(property);
            if (required.contains(property) || isFlag(below)) {
                withoutNull(below);
            }
        });
        schema.remove("required");
        schemas.put(name, schema);
        return name;
    }

    private static boolean isFlag(Branch schema) {
        return schema.get("type") instanceof List<?> types && types.contains("boolean");
    }

    private void successes(Branch operation) {
        operation.at("responses").members().keySet().stream().filter(status -> status.startsWith("2")).forEach(status -> {
            var response = operation.at("responses").at(status);
            if (response.text("description").filter(text -> !text.endsWith(status + " response")).isEmpty()) {
                response.put("description", SUCCESSES.getOrDefault(status, "Done."));
            }
            var headers = response.at("headers");
            headers.put("X-Request-Id", Branch.reference("headers", "X-Request-Id"));
            if (hasTag() && response.has("content")) {
                headers.put("ETag", Branch.reference("headers", "ETag"));
            }
            if (waits()) {
                headers.put("Preference-Applied", Branch.reference("headers", "Preference-Applied"));
            }
            if (status.equals("201")) {
                headers.put("Location", Branch.reference("headers", "Location"));
            }
            if (response.find("content").filter(content -> content.has(MediaType.TEXT_EVENT_STREAM)).isPresent()) {
                response.at("content").at(MediaType.TEXT_EVENT_STREAM).put("schema", Branch.of("type", "string"));
                headers.put("X-Accel-Buffering", Branch.reference("headers", "X-Accel-Buffering"));
            }
            if (route.getResponseBodyType().getType() == Page.class) {
                headers.put("Link", Branch.reference("headers", "Link"));
            }
        });
        if (reads() && hasTag()) {
            operation.at("responses").put("304", Branch.reference("responses", "NotModified"));
        }
    }

    private void refusals(Branch operation) {
        var statuses = new ArrayList<>(List.of("400", "406", "422", "429", "500", "503"));
        if (open && LOGINS.matcher(route.getUriMatchTemplate().toPathString()).matches()) {
            statuses.add("401");
        }
        if (!open) {
            statuses.addAll(List.of("401", "403"));
        }
        if (route.getUriMatchTemplate().getVariableNames().stream().findAny().isPresent() || route.getUriMatchTemplate().toPathString().startsWith("/api/v1/me/")) {
            statuses.add("404");
        }
        if (!reads() && JOINING.matcher(route.getUriMatchTemplate().toPathString()).matches()) {
            statuses.add("404");
        }
        if (!reads()) {
            statuses.add("409");
        }
        if (takes(IfMatch.class)) {
            statuses.add("412");
        }
        if (body() != null) {
            statuses.addAll(List.of("413", "415"));
        }
        var responses = operation.at("responses");
        REFUSALS.forEach((status, name) -> {
            if (statuses.contains(status)) {
                responses.put(status, Branch.reference("responses", name));
            }
        });
        responses.put("default", Branch.reference("responses", "Refused"));
    }

    private boolean takes(Class<?> type) {
        return Arrays.stream(arguments).anyMatch(argument -> argument.getType() == type);
    }

    private boolean hasTag() {
        return Revised.class.isAssignableFrom(route.getResponseBodyType().getType()) || route.getAnnotationMetadata().hasAnnotation(Tagged.class);
    }

    private boolean waits() {
        return route.getAnnotationMetadata().booleanValue(Tagged.class, "waits").orElse(false);
    }

    private static boolean creates(Branch operation) {
        return operation.at("responses").has("201");
    }
}
