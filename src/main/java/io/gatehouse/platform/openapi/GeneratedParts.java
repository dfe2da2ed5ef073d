package io.gatehouse.platform.openapi;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The document as the annotation processor leaves it, and what it gets wrong. */
final class GeneratedParts {

    private static final Pattern OF_CONTROLLER = Pattern.compile("\\w+Controller\\.(\\w+)");
    private static final Pattern NESTED = Pattern.compile("(\\w+)\\.(\\w+)");
    private static final Pattern PAGE = Pattern.compile("Page_(?:\\w+\\.)?(\\w+)_");
    private static final String REFERENCE = "#/components/schemas/";

    private final Branch document;

    GeneratedParts(Branch document) {
        this.document = document;
    }

    void tidy() {
        renameSchemas();
        document.all().forEach(branch -> {
            branch.remove("explode");
            branch.remove("allowableValues");
            branch.remove("x-type");
            branch.remove("x-enum-descriptions");
            if (branch.get("type") instanceof List<?> types && types.size() > 2) {
                branch.put("type", types.stream().filter(type -> !type.equals("object")).toList());
            }
            if ("null".equals(branch.get("type")) && branch.has("allOf")) {
                mayBeNull(branch);
            }
        });
        // The API writes the values of an enumeration in lower case, with hyphens.
        document.at("components").at("schemas").members().values().stream().filter(Map.class::isInstance).map(GeneratedParts::branch)
                .filter(schema -> schema.has("enum")).forEach(schema -> {
                    schema.put("type", "string");
                    schema.put("enum", schema.list("enum").stream().map(value -> value.toString().toLowerCase(Locale.ROOT).replace('_', '-')).toList());
                });
    }

    /** What refers to another schema, or is null. */
    private static void mayBeNull(Branch branch) {
        var choices = new ArrayList<Object>(branch.list("allOf"));
        choices.add(Branch.of("type", "null").members());
        branch.remove("allOf");
        branch.remove("type");
        branch.put("anyOf", choices);
    }

    private void renameSchemas() {
        var schemas = document.at("components").at("schemas");
        var renamed = new Branch();
        schemas.members().forEach((name, schema) -> {
            if (renamed.has(newName(name))) {
                throw new IllegalStateException("Two schemas would be named " + newName(name) + ".");
            }
            renamed.put(newName(name), schema);
        });
        document.at("components").put("schemas", renamed);
        document.all().forEach(branch -> branch.members().replaceAll((key, value) ->
                value instanceof String target && target.startsWith(REFERENCE) ? REFERENCE + newName(target.substring(REFERENCE.length())) : value));
        renamed.members().values().forEach(schema -> branch(schema).find("discriminator").ifPresent(discriminator -> tellApart(discriminator, renamed)));
    }

    /** Each kind names itself, and no other. */
    private static void tellApart(Branch discriminator, Branch schemas) {
        discriminator.at("mapping").members().forEach((kind, target) -> schemas.at(target.toString().substring(REFERENCE.length()))
                .at("properties").at(discriminator.text("propertyName").orElseThrow()).put("const", kind));
    }

    /** {@code Page_User_} is {@code UserPage}, {@code Service.Http} is {@code HttpService}; what is nested in a controller stands by itself. */
    private static String newName(String name) {
        var page = PAGE.matcher(name);
        if (page.matches()) {
            return page.group(1) + "Page";
        }
        var ofController = OF_CONTROLLER.matcher(name);
        if (ofController.matches()) {
            return ofController.group(1);
        }
        var nested = NESTED.matcher(name);
        return nested.matches() ? nested.group(2) + nested.group(1) : name;
    }

    @SuppressWarnings("unchecked")
    private static Branch branch(Object map) {
        return new Branch((Map<String, Object>) map);
    }
}
