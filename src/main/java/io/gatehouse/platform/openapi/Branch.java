package io.gatehouse.platform.openapi;

import io.micronaut.core.annotation.Nullable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * A mapping in a YAML document, with the document below it. Changes go to the document.
 *
 * @param members by name, in their order; mappings are maps, sequences lists
 */
record Branch(Map<String, Object> members) {

    private static final int LINE_WIDTH = 130;

    Branch() {
        this(new LinkedHashMap<>());
    }

    /** @param resource on the class path */
    static Branch read(String resource) {
        try (InputStream in = Branch.class.getResourceAsStream("/" + resource)) {
            if (in == null) {
                throw new IllegalStateException("There is no " + resource + " in this build.");
            }
            return new Branch(new Yaml(new SafeConstructor(new LoaderOptions())).load(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Branch of(String name, Object value) {
        var branch = new Branch();
        branch.members.put(name, value);
        return branch;
    }

    static Branch reference(String kind, String name) {
        return of("$ref", "#/components/" + kind + "/" + name);
    }

    Branch with(String name, Object value) {
        put(name, value);
        return this;
    }

    void put(String name, Object value) {
        members.put(name, value instanceof Branch branch ? branch.members : value);
    }

    void remove(String name) {
        members.remove(name);
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    @Nullable Object get(String name) {
        return members.get(name);
    }

    Optional<String> text(String name) {
        return Optional.ofNullable((String) members.get(name));
    }

    Optional<Branch> find(String name) {
        return members.get(name) instanceof Map<?, ?> below ? Optional.of(of(below)) : Optional.empty();
    }

    /** The mapping of this name, which is made if there is none. */
    Branch at(String name) {
        return of((Map<?, ?>) members.computeIfAbsent(name, missing -> new LinkedHashMap<>()));
    }

    /** The sequence of this name, which is made if there is none. */
    @SuppressWarnings("unchecked")
    List<Object> list(String name) {
        return (List<Object>) members.computeIfAbsent(name, missing -> new ArrayList<>());
    }

    /** The mappings in the sequence of this name. */
    List<Branch> branches(String name) {
        return members.get(name) instanceof List<?> items
                ? items.stream().filter(Map.class::isInstance).map(item -> of((Map<?, ?>) item)).toList()
                : List.of();
    }

    /** Puts another mapping's content over this one's; mappings that both have are put together in the same way. */
    void merge(Branch other) {
        other.members.forEach((name, value) -> {
            if (value instanceof Map<?, ?> below && members.get(name) instanceof Map<?, ?>) {
                at(name).merge(of(below));
            } else {
                members.put(name, value);
            }
        });
    }

    /** This mapping and all below it, deepest last. */
    List<Branch> all() {
        var found = new ArrayList<Branch>();
        collect(members, found);
        return found;
    }

    private static void collect(@Nullable Object value, List<Branch> found) {
        if (value instanceof Map<?, ?> map) {
            found.add(of(map));
            map.values().forEach(below -> collect(below, found));
        } else if (value instanceof List<?> list) {
            list.forEach(below -> collect(below, found));
        }
    }

    Branch copy() {
        return of((Map<?, ?>) copyOf(members));
    }

    private static @Nullable Object copyOf(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                var copy = new LinkedHashMap<Object, Object>();
                map.forEach((name, below) -> copy.put(name, copyOf(below)));
                yield copy;
            }
            case List<?> list -> new ArrayList<>(list.stream().map(Branch::copyOf).toList());
            case null, default -> value;
        };
    }

    String yaml() {
        var options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setDereferenceAliases(true);
        options.setWidth(LINE_WIDTH);
        return new Yaml(options).dump(members);
    }

    @SuppressWarnings("unchecked")
    private static Branch of(Map<?, ?> members) {
        return new Branch((Map<String, Object>) members);
    }
}
