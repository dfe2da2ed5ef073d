package io.gatehouse.access;

import io.gatehouse.cluster.Text;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.Timestamp;
import io.micronaut.core.annotation.Nullable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a policy is, each value well-formed; whether there are those whom and where it names, the database tells. */
record PolicyValues(
        String name,
        @Nullable String description,
        int priority,
        Effect effect,
        boolean active,
        @Nullable Instant validFrom,
        @Nullable Instant validUntil,
        List<Reference> targets,
        List<Reference> destinations,
        boolean login,
        @Nullable Sudo sudo) {

    private static final int DEFAULT_PRIORITY = 100;
    private static final int LONGEST_NAME = 64;
    private static final int MOST_REFERENCES = 1000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]+([ ._-][A-Za-z0-9]+)*");
    private static final Set<ReferenceKind> SUBJECTS = EnumSet.of(ReferenceKind.USER, ReferenceKind.GROUP);
    private static final Set<ReferenceKind> PLACES = EnumSet.complementOf(EnumSet.copyOf(SUBJECTS));

    /** @throws Problem if a value breaks a rule */
    static PolicyValues of(NewPolicy wish) {
        var from = wish.validFrom() == null ? null : Timestamp.parse("validFrom", wish.validFrom());
        var until = wish.validUntil() == null ? null : Timestamp.parse("validUntil", wish.validUntil());
        if (from != null && until != null && !from.isBefore(until)) {
            throw Problem.invalid("validUntil", wish.validUntil(), "A policy ends after it begins.");
        }
        boolean login = !Boolean.FALSE.equals(wish.login());
        if (!login && wish.sudo() == null) {
            throw Problem.invalid("login", false, "A policy that decides about no login needs to say something of sudo.");
        }
        return new PolicyValues(
                name(Text.required("name", wish.name())),
                wish.description() == null ? null : Text.remark("description", wish.description()),
                priority(Objects.requireNonNullElse(wish.priority(), DEFAULT_PRIORITY)),
                effect(Text.required("effect", wish.effect())),
                !Boolean.FALSE.equals(wish.active()),
                from,
                until,
                references(NewPolicy.TARGETS, SUBJECTS, wish.targets(), PolicyTarget::type, PolicyTarget::id),
                references(NewPolicy.DESTINATIONS, PLACES, wish.destinations(), PolicyDestination::type, PolicyDestination::id),
                login,
                wish.sudo() == null ? null : wish.sudo().checked());
    }

    /** As the audit log tells them. */
    Map<String, Object> shown() {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("name", name);
        shown.put("description", description);
        shown.put("priority", priority);
        shown.put("effect", effect.text());
        shown.put("active", active);
        shown.put("validFrom", Objects.toString(validFrom, null));
        shown.put("validUntil", Objects.toString(validUntil, null));
        shown.put(NewPolicy.TARGETS, targets.stream().map(Reference::toString).sorted().toList());
        shown.put(NewPolicy.DESTINATIONS, destinations.stream().map(Reference::toString).sorted().toList());
        shown.put("login", login);
        shown.put("sudo", sudo == null ? null : Map.of("commands", sudo.commands(), "runAs", sudo.runAs(), "authenticate", sudo.authenticate()));
        return shown;
    }

    /**
     * As a filter of a list names one.
     *
     * @throws Problem if it is none
     */
    static Reference target(String text) {
        return reference("target", SUBJECTS, text, "group:ldapusers");
    }

    /**
     * As a filter of a list names one.
     *
     * @throws Problem if it is none
     */
    static Reference destination(String text) {
        return reference("destination", PLACES, text, "cidr:0.0.0.0/0");
    }

    private static Reference reference(String field, Set<ReferenceKind> kinds, String text, String example) {
        var parts = text.split(":", 2);
        var kind = ReferenceKind.of(parts[0]).filter(kinds::contains);
        if (kind.isEmpty() || parts.length < 2) {
            throw Problem.invalid(field, text, words(kinds) + " with a name behind a colon is needed, such as " + example + ".");
        }
        return Reference.of(kind.get(), field, parts[1]);
    }

    private static String name(String name) {
        if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
            throw Problem.invalid("name", name, "1 to " + LONGEST_NAME
                    + " letters and digits are needed, between them single blanks, dots, underscores and hyphens.");
        }
        return name;
    }

    private static int priority(int priority) {
        if (priority < 0 || priority > Policy.LAST_PRIORITY) {
            throw Problem.invalid("priority", priority, "A number from 0 to " + Policy.LAST_PRIORITY + " is needed; the lowest wins.");
        }
        return priority;
    }

    private static Effect effect(String text) {
        return switch (text) {
            case "allow" -> Effect.ALLOW;
            case "deny" -> Effect.DENY;
            default -> throw Problem.invalid("effect", text, "The effect is allow or deny.");
        };
    }

    private static <T> List<Reference> references(String field, Set<ReferenceKind> kinds, List<T> items,
                                                  Function<T, String> type, Function<T, String> id) {
        if (items.size() > MOST_REFERENCES) {
            throw Problem.invalidSecret(field, "At most " + MOST_REFERENCES + " are possible.");
        }
        var references = new ArrayList<Reference>();
        for (int i = 0; i < items.size(); i++) {
            var place = field + "[" + i + "]";
            var kindField = place + ".type";
            var kind = Text.required(kindField, type.apply(items.get(i)));
            references.add(Reference.of(
                    ReferenceKind.of(kind).filter(kinds::contains).orElseThrow(() -> Problem.invalid(kindField, kind, "The type is " + words(kinds) + ".")),
                    place + ".id", Text.required(place + ".id", id.apply(items.get(i)))));
        }
        return references;
    }

    private static String words(Set<ReferenceKind> kinds) {
        return kinds.stream().map(ReferenceKind::text).collect(Collectors.joining(" or "));
    }
}
