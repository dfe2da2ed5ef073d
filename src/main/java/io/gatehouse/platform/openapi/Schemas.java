package io.gatehouse.platform.openapi;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules that all schemas follow: requests are read strictly, answers show every field. */
final class Schemas {

    private static final String REFERENCE = "#/components/schemas/";

    private final Branch document;
    private final Branch schemas;

    Schemas(Branch document) {
        this.document = document;
        schemas = document.at("components").at("schemas");
    }

    void complete() {
        var asked = new HashSet<String>();
        var answered = new HashSet<String>();
        for (var path : document.at("paths").members().keySet()) {
            for (var method : document.at("paths").at(path).members().keySet()) {
                var operation = document.at("paths").at(path).at(method);
                operation.find("requestBody").ifPresent(body -> collect(body, asked));
                operation.at("responses").members().keySet().forEach(status -> collect(operation.at("responses").at(status), answered));
            }
        }
        discriminate();
        schemas.members().keySet().removeIf(name -> !asked.contains(name) && !answered.contains(name));
        asked.forEach(name -> strict(schemas.at(name)));
        document.all().forEach(Schemas::withNull);
        answered.forEach(name -> whole(schemas.at(name)));
    }

    /** The property that tells the kinds of a thing apart is a property of each kind. */
    private void discriminate() {
        for (var name : List.copyOf(schemas.members().keySet())) {
            schemas.at(name).find("discriminator").ifPresent(discriminator -> discriminator.at("mapping").members().forEach((value, target) -> {
                var property = Branch.of("type", "string");
                property.put("enum", new ArrayList<>(List.of(value)));
                schemas.at(target.toString().substring(REFERENCE.length())).at("properties")
                        .put(discriminator.text("propertyName").orElseThrow(), property);
            }));
        }
    }

    private void collect(Branch branch, Set<String> names) {
        branch.all().forEach(below -> below.text("$ref").filter(target -> target.startsWith(REFERENCE)).ifPresent(target -> {
            var name = target.substring(REFERENCE.length());
            if (!schemas.has(name)) {
                throw new IllegalStateException("There is no schema " + name + ".");
            }
            if (names.add(name)) {
                collect(schemas.at(name), names);
            }
        }));
    }

    /** Null is as good as nothing there, so that what is needed cannot be null. */
    private static void strict(Branch schema) {
        if (!schema.has("properties")) {
            return;
        }
        schema.put("type", "object");
        schema.put("additionalProperties", false);
        if (schema.has("required")) {
            var properties = schema.at("properties");
            for (var name : schema.list("required")) {
                var property = properties.at(name.toString());
                if (property.get("type") instanceof List<?> types) {
                    property.put("type", types.getFirst());
                }
            }
        }
    }

    /** What may be null has null among its values. */
    private static void withNull(Branch schema) {
        if (schema.get("enum") instanceof List<?> && schema.get("type") instanceof List<?> types && types.contains("null")) {
            schema.list("enum").add(null);
        }
    }

    private static void whole(Branch schema) {
        if (schema.has("properties")) {
            schema.put("type", "object");
            schema.put("required", new ArrayList<>(schema.at("properties").members().keySet()));
        }
    }
}
