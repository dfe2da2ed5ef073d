package io.gatehouse.ldap;

import io.gatehouse.directory.AttributeType;
import io.gatehouse.directory.BerWriter;
import io.gatehouse.directory.DirectoryLayout;
import io.gatehouse.directory.DirectoryView;
import io.gatehouse.directory.Entry;
import io.gatehouse.directory.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which attributes a search asks for (RFC 4511 section 4.5.1.8, RFC 3673, RFC 4529), and how an entry's are copied out of its
 * encoded form. What is worked out for one entry serves all of the same shape. Used by one connection's thread.
 */
final class AttributeSelection {

    /** @param include by position in the shape */
    private record Plan(boolean[] include, List<AttributeType> derived) {
    }

    private static final String ALL_USER = "*";
    private static final String ALL_OPERATIONAL = "+";

    private final List<String> requested;
    private final DirectoryLayout layout;
    private final Set<AttributeType> named = new HashSet<>();
    private boolean allUser;
    private boolean allOperational;
    private final Map<Shape, Plan> whole = new IdentityHashMap<>();
    private final Map<Shape, Plan> limited = new IdentityHashMap<>();
    private int[] runs = new int[32];

    AttributeSelection(List<String> requested, DirectoryLayout layout) {
        this.requested = requested;
        this.layout = layout;
        allUser = requested.isEmpty();
        for (var description : requested) {
            add(description);
        }
    }

    private void add(String description) {
        if (description.equals(ALL_USER)) {
            allUser = true;
        } else if (description.equals(ALL_OPERATIONAL)) {
            allOperational = true;
        } else if (description.startsWith("@")) {
            named.addAll(layout.schema().attributesOf(description.substring(1)));
        } else {
            var type = layout.schema().find(description);
            if (type != null) {
                named.addAll(type.withSubtypes());
            }
        }
    }

    boolean isFor(List<String> other) {
        return requested.equals(other);
    }

    boolean takes(AttributeType type) {
        return named.contains(type) || (type.isOperational() ? allOperational : allUser);
    }

    /** Appends a PartialAttributeList with the given tag. */
    void write(BerWriter target, byte tag, DirectoryView view, Entry entry, boolean typesOnly) {
        var plan = plan(view, entry);
        if (typesOnly) {
            writeTypes(target, tag, view, entry, plan);
            return;
        }
        int length = 0;
        int count = 0;
        var encoded = entry.encoded();
        int offset = entry.attributesOffset();
        boolean extending = false;
        for (boolean included : plan.include()) {
            int end = entry.end(offset);
            if (included) {
                if (extending) {
                    runs[count - 1] = end;
                } else {
                    if (count + 2 > runs.length) {
                        runs = Arrays.copyOf(runs, runs.length * 2);
                    }
                    runs[count++] = offset;
                    runs[count++] = end;
                }
                length += end - offset;
            }
            extending = included;
            offset = end;
        }
        var derived = derived(view, entry, plan);
        for (var attribute : derived) {
            length += attribute.length;
        }
        target.header(tag, length);
        for (int i = 0; i < count; i += 2) {
            target.raw(encoded, runs[i], runs[i + 1] - runs[i]);
        }
        for (var attribute : derived) {
            target.raw(attribute, 0, attribute.length);
        }
    }

    private static List<byte[]> derived(DirectoryView view, Entry entry, Plan plan) {
        if (plan.derived().isEmpty()) {
            return List.of();
        }
        var attributes = new ArrayList<byte[]>(plan.derived().size());
        for (var type : plan.derived()) {
            var attribute = view.snapshot().derivedAttribute(entry, type);
            if (attribute != null) {
                attributes.add(attribute);
            }
        }
        return attributes;
    }

    private static void writeTypes(BerWriter target, byte tag, DirectoryView view, Entry entry, Plan plan) {
        var types = new BerWriter(256);
        for (int i = 0; i < plan.include().length; i++) {
            if (plan.include()[i]) {
                types.attribute(entry.shape().types().get(i).name(), List.of());
            }
        }
        for (var type : plan.derived()) {
            if (view.snapshot().derivedAttribute(entry, type) != null) {
                types.attribute(type.name(), List.of());
            }
        }
        target.header(tag, types.length()).raw(types.buffer(), 0, types.length());
    }

    private Plan plan(DirectoryView view, Entry entry) {
        var plans = view.showsAll(entry) ? whole : limited;
        var plan = plans.get(entry.shape());
        if (plan == null) {
            plan = newPlan(view, entry);
            plans.put(entry.shape(), plan);
        }
        return plan;
    }

    private Plan newPlan(DirectoryView view, Entry entry) {
        var types = entry.shape().types();
        var include = new boolean[types.size()];
        for (int i = 0; i < include.length; i++) {
            include[i] = takes(types.get(i)) && view.shows(entry, types.get(i));
        }
        var derived = layout.derivedTypes().stream()
                .filter(type -> entry.shape().position(type) < 0 && takes(type) && view.shows(entry, type))
                .toList();
        return new Plan(include, derived);
    }
}
