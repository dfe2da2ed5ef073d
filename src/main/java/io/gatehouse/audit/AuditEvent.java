package io.gatehouse.audit;

import io.micronaut.core.annotation.Nullable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something that happened.
 *
 * @param actor   who did it
 * @param address where the request came from
 * @param action  what, as a dotted name: {@code identity.user.created}
 * @param target  to whom or what: {@code user:alice}
 * @param outcome whether it was done or refused
 * @param detail  strings, numbers, booleans, and lists and maps of them; never a secret
 */
public record AuditEvent(
        String actor,
        @Nullable String address,
        String action,
        @Nullable String target,
        Outcome outcome,
        Map<String, Object> detail) {

    /** How it ended. */
    public enum Outcome { SUCCESS, FAILURE }

    public AuditEvent {
        detail = Collections.unmodifiableMap(new LinkedHashMap<>(detail));
    }

    public static AuditEvent success(Actor actor, String action, @Nullable String target) {
        return new AuditEvent(actor.name(), actor.address(), action, target, Outcome.SUCCESS, Map.of());
    }

    public static AuditEvent failure(Actor actor, String action, @Nullable String target) {
        return new AuditEvent(actor.name(), actor.address(), action, target, Outcome.FAILURE, Map.of());
    }

    /** The same event with one more detail. */
    public AuditEvent with(String name, Object value) {
        var more = new LinkedHashMap<>(detail);
        more.put(name, value);
        return new AuditEvent(actor, address, action, target, outcome, more);
    }
}
