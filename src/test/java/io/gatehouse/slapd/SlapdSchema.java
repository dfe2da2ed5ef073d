package io.gatehouse.slapd;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.schema.AttributeTypeDefinition;
import com.unboundid.ldap.sdk.schema.ObjectClassDefinition;
import com.unboundid.ldap.sdk.schema.SchemaElement;
import com.unboundid.ldif.LDIFException;
import com.unboundid.ldif.LDIFReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The project's own schema files, as lines of a slapd.conf(5). */
final class SlapdSchema {

    private final List<AttributeTypeDefinition> attributeTypes = new ArrayList<>();
    private final List<ObjectClassDefinition> objectClasses = new ArrayList<>();

    private SlapdSchema() {
    }

    /** @param folder LDIF files with {@code attributeTypes} and {@code objectClasses} values (RFC 4512, 4.2) */
    static SlapdSchema read(Path folder) throws IOException, LDAPException, LDIFException {
        var schema = new SlapdSchema();
        try (var files = Files.list(folder)) {
            for (var file : files.filter(path -> path.toString().endsWith(".ldif")).sorted().toList()) {
                schema.add(file);
            }
        }
        return schema;
    }

    private void add(Path file) throws IOException, LDAPException, LDIFException {
        try (var reader = new LDIFReader(file.toFile())) {
            for (var entry = reader.readEntry(); entry != null; entry = reader.readEntry()) {
                for (var definition : valuesOf(entry.getAttributeValues("attributeTypes"))) {
                    attributeTypes.add(new AttributeTypeDefinition(definition));
                }
                for (var definition : valuesOf(entry.getAttributeValues("objectClasses"))) {
                    objectClasses.add(new ObjectClassDefinition(definition));
                }
            }
        }
    }

    private static List<String> valuesOf(String[] values) {
        return values == null ? List.of() : List.of(values);
    }

    /** @param builtIn OIDs of what slapd defines by itself and refuses to be told again */
    List<String> configuration(Set<String> builtIn) {
        var lines = new ArrayList<String>();
        inOrder(attributeTypes, type -> builtIn.contains(type.getOID()), SlapdSchema::superiorsOf)
                .forEach(type -> lines.add("attributetype " + userDefined(type)));
        inOrder(objectClasses, type -> builtIn.contains(type.getOID()), type -> List.of(type.getSuperiorClasses()))
                .forEach(type -> lines.add("objectclass " + type));
        return lines;
    }

    private static List<String> superiorsOf(AttributeTypeDefinition type) {
        return type.getSuperiorType() == null ? List.of() : List.of(type.getSuperiorType());
    }

    /** slapd reads the file once from top to bottom: a superior comes before what is derived from it. */
    private static <T extends SchemaElement> List<T> inOrder(List<T> elements, Predicate<T> known, Superiors<T> superiors) {
        var waiting = new ArrayList<>(elements);
        waiting.removeIf(known);
        var ordered = new ArrayList<T>();
        while (!waiting.isEmpty()) {
            var ready = waiting.stream().filter(element -> superiors.of(element).stream()
                    .noneMatch(name -> waiting.stream().anyMatch(other -> other != element && isNamed(other, name)))).toList();
            if (ready.isEmpty()) {
                throw new IllegalStateException("The schema derives elements from each other in a circle: " + waiting);
            }
            ordered.addAll(ready);
            waiting.removeAll(ready);
        }
        return ordered;
    }

    private static boolean isNamed(SchemaElement element, String name) {
        return switch (element) {
            case AttributeTypeDefinition type -> type.hasNameOrOID(name);
            case ObjectClassDefinition type -> type.hasNameOrOID(name);
            default -> false;
        };
    }

    /** slapd accepts no operational attributes from its configuration, so that ours become ordinary ones there. */
    private static String userDefined(AttributeTypeDefinition type) {
        return type.toString().replaceAll(" (NO-USER-MODIFICATION|USAGE \\w+)(?= )", "");
    }

    private interface Superiors<T> {
        List<String> of(T element);
    }
}
