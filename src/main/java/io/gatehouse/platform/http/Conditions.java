package io.gatehouse.platform.http;

import io.micronaut.core.annotation.Nullable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which rows a list shows: all of the conditions together. Mutable, for one list. */
public final class Conditions {

    private final List<String> terms = new ArrayList<>();
    private final Map<String, Object> bindings = new LinkedHashMap<>();

    /** @param value null for no condition */
    public Conditions equal(String expression, @Nullable Object value) {
        if (value != null) {
            var name = "c" + terms.size();
            terms.add(expression + " = :" + name);
            bindings.put(name, value);
        }
        return this;
    }

    /**
     * @param condition SQL that uses {@code :name}; never a part of a request
     * @param value     null for no condition
     */
    public Conditions and(String condition, String name, @Nullable Object value) {
        if (value != null) {
            terms.add("(" + condition + ")");
            bindings.put(name, value);
        }
        return this;
    }

    /** What {@code :name} stands for in the list's own statement. */
    public Conditions binding(String name, Object value) {
        bindings.put(name, value);
        return this;
    }

    List<String> terms() {
        return terms;
    }

    Map<String, Object> bindings() {
        return bindings;
    }
}
