package io.gatehouse.audit;

import io.gatehouse.platform.Printable;
import io.micronaut.core.annotation.Nullable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Something that happened.
 *
 * @param action  what, as a dotted name: {@code identity.user.created}
 * @param target  to whom or what: {@code user:alice}
 * @param outcome whether it was done or refused
 * @param detail  strings, numbers, booleans, and lists and maps of them; never a secret
 */
public record AuditEvent(Actor actor, String action, @Nullable String target, Outcome outcome, Map<String, Object> detail) {

    /** How it ended. */
    public enum Outcome { SUCCESS, FAILURE }

    private static final String CHANGES = "changes";
    private static final int TARGET_LENGTH = 300;

    public AuditEvent {
        target = target == null ? null : Printable.text(target, TARGET_LENGTH);
        detail = Collections.unmodifiableMap(new LinkedHashMap<>(detail));
    }

    public static AuditEvent success(Actor actor, String action, @Nullable String target) {
        return new AuditEvent(actor, action, target, Outcome.SUCCESS, Map.of());
    }

    public static AuditEvent failure(Actor actor, String action, @Nullable String target) {
        return new AuditEvent(actor, action, target, Outcome.FAILURE, Map.of());
    }

    /** The same event with one more detail. */
    public AuditEvent with(String name, Object value) {
        var more = new LinkedHashMap<>(detail);
        more.put(name, value);
        return new AuditEvent(actor, action, target, outcome, more);
    }

    /** The same event, which also changed this field; unless both values are equal. Not for secrets: see {@link #masked}. */
    public AuditEvent changed(String field, @Nullable Object before, @Nullable Object after) {
        return Objects.equals(before, after) ? this : with(field, new Change(before, after));
    }

    /** The same event, which also changed a secret. */
    public AuditEvent masked(String field) {
        return with(field, Change.MASKED);
    }

    /** The same event, which also changed these fields; where both values are equal, nothing changed. */
    public AuditEvent changes(Map<String, Change> changes) {
        var event = this;
        for (var change : changes.entrySet()) {
            event = event.changed(change.getKey(), change.getValue().before(), change.getValue().after());
        }
        return event;
    }

    /** Whether it changed any field. */
    public boolean changedAnything() {
        return detail.containsKey(CHANGES);
    }

    private AuditEvent with(String field, Change change) {
        var changes = new LinkedHashMap<String, Object>();
        if (detail.get(CHANGES) instanceof Map<?, ?> present) {
            present.forEach((name, value) -> changes.put((String) name, value));
        }
        var values = new LinkedHashMap<String, Object>();
        values.put("before", change.before());
        values.put("after", change.after());
        changes.put(field, values);
        return with(CHANGES, changes);
    }
}
