package io.gatehouse.platform.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.gatehouse.platform.Problem;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.beans.BeanIntrospection;
import io.micronaut.core.type.Argument;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** Makes a {@link RequestDocument} of what a JSON object has. */
final class DocumentReader {

    private DocumentReader() {
    }

    /** @param path of the object in the body, with a dot at its end; empty for the body itself */
    static <T> T read(Class<T> type, Map<String, Object> members, String path) {
        var introspection = BeanIntrospection.getIntrospection(type);
        var unread = new HashSet<>(members.keySet());
        var arguments = new ArrayList<>();
        for (var argument : introspection.getConstructorArguments()) {
            var name = argument.getAnnotationMetadata().stringValue(JsonProperty.class).orElse(argument.getName());
            unread.remove(name);
            arguments.add(value(argument, members.get(name), path + name));
        }
        unread.stream().sorted().findFirst().ifPresent(name -> {
            throw Problem.invalidSecret(path + name, "There is no such field.");
        });
        return introspection.instantiate(arguments.toArray());
    }

    /** The refusals do not tell the value: it may be a secret in the wrong place. */
    private static @Nullable Object value(Argument<?> type, @Nullable Object value, String field) {
        if (value == null) {
            return null;
        }
        if (type.getType() == String.class) {
            return typed(String.class, value, field, "A text is needed.");
        }
        if (type.getType() == Boolean.class) {
            return typed(Boolean.class, value, field, "True or false is needed.");
        }
        if (type.getType() == Integer.class) {
            return typed(Integer.class, value, field, "A whole number is needed.");
        }
        if (type.getType() == List.class) {
            return list(type.getFirstTypeVariable().orElseThrow(), typed(List.class, value, field, "A list is needed."), field);
        }
        @SuppressWarnings("unchecked")
        Map<String, Object> members = typed(Map.class, value, field, "An object is needed.");
        return read(type.getType(), members, field + ".");
    }

    /** Of objects, each is named by its place, from 0 on. */
    @SuppressWarnings("unchecked")
    static <T> List<T> list(Argument<T> itemType, List<?> items, String field) {
        var values = new ArrayList<T>();
        for (int i = 0; i < items.size(); i++) {
            var item = items.get(i);
            if (item == null) {
                throw Problem.invalidSecret(field, "A list without null is needed.");
            }
            values.add((T) value(itemType, item, item instanceof Map ? field + "[" + i + "]" : field));
        }
        return values;
    }

    private static <T> T typed(Class<T> type, Object value, String field, String rule) {
        if (!type.isInstance(value)) {
            throw Problem.invalidSecret(field, rule);
        }
        return type.cast(value);
    }
}
