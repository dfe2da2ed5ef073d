package io.gatehouse.ldap;

import io.gatehouse.directory.AttributeType;
import io.gatehouse.directory.Ber;
import io.gatehouse.directory.BerWriter;
import io.gatehouse.directory.DirectoryLayout;
import io.gatehouse.directory.DirectoryView;
import io.gatehouse.directory.Entry;
import io.gatehouse.directory.Shape;
import java.util.ArrayList;
import java.util.EnumMap;
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

    /**
     * @param included  the types to write that the shape holds
     * @param constants those of them with the same values in all its entries, encoded
     * @param own       which of the others, by their position
     */
    private record Plan(List<AttributeType> included, byte[] constants, boolean[] own, List<AttributeType> derived) {
    }

    private static final String ALL_USER = "*";
    private static final String ALL_OPERATIONAL = "+";

    private final List<String> requested;
    private final DirectoryLayout layout;
    private final Set<AttributeType> named = new HashSet<>();
    private boolean allUser;
    private boolean allOperational;
    private final Map<DirectoryView.Extent, Map<Shape, Plan>> plans = new EnumMap<>(DirectoryView.Extent.class);
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
        int count = 0;
        int length = plan.constants().length;
        int offset = entry.attributesOffset();
        boolean extending = false;
        for (boolean included : plan.own()) {
            int end = Ber.end(entry.encoded(), offset);
            if (included) {
                if (!extending) {
                    runs[count++] = offset;
                    count++;
                }
                runs[count - 1] = end;
                length += end - offset;
            }
            extending = included;
            offset = end;
        }
        var derived = derived(view, entry, plan);
        for (var attribute : derived) {
            length += attribute.length;
        }
        target.header(tag, length).raw(plan.constants(), 0, plan.constants().length);
        for (int i = 0; i < count; i += 2) {
            target.raw(entry.encoded(), runs[i], runs[i + 1] - runs[i]);
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
            var attribute = view.derivedAttribute(entry, type);
            if (attribute != null) {
                attributes.add(attribute);
            }
        }
        return attributes;
    }

    private static void writeTypes(BerWriter target, byte tag, DirectoryView view, Entry entry, Plan plan) {
        var types = new BerWriter(256);
        plan.included().forEach(type -> types.attribute(type.name(), List.of()));
        for (var type : plan.derived()) {
            if (view.derivedAttribute(entry, type) != null) {
                types.attribute(type.name(), List.of());
            }
        }
        target.header(tag, types.length()).raw(types.buffer(), 0, types.length());
    }

    private Plan plan(DirectoryView view, Entry entry) {
        var ofExtent = plans.computeIfAbsent(view.extent(entry), extent -> new IdentityHashMap<>());
        var plan = ofExtent.get(entry.shape());
        if (plan == null) {
            plan = newPlan(view, entry);
            ofExtent.put(entry.shape(), plan);
        }
        return plan;
    }

    private Plan newPlan(DirectoryView view, Entry entry) {
        var shape = entry.shape();
        var included = shape.types().stream().filter(type -> takes(type) && view.shows(entry, type)).toList();
        var constants = new BerWriter(256);
        int offset = 0;
        for (int i = 0; i < shape.constantCount(); i++) {
            int end = Ber.end(shape.constants(), offset);
            if (included.contains(shape.types().get(i))) {
                constants.raw(shape.constants(), offset, end - offset);
            }
            offset = end;
        }
        var own = new boolean[shape.types().size() - shape.constantCount()];
        for (int i = 0; i < own.length; i++) {
            own[i] = included.contains(shape.types().get(shape.constantCount() + i));
        }
        runs = own.length + 1 > runs.length ? new int[own.length + 1] : runs;
        var derived = layout.derivedTypes().stream()
                .filter(type -> shape.position(type) < 0 && takes(type) && view.shows(entry, type))
                .toList();
        return new Plan(included, constants.toByteArray(), own, derived);
    }
}
