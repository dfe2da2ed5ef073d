package io.gatehouse.audit;

import io.gatehouse.platform.Network;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.Conditions;
import io.micronaut.core.annotation.Nullable;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which events are shown; what is null does not matter.
 *
 * @param action a whole name, or the first part of it with {@code .*} behind
 * @param since  the earliest
 * @param until  after the latest
 */
record AuditFilter(
        @Nullable String actor,
        @Nullable String actorType,
        @Nullable String action,
        @Nullable String target,
        @Nullable String outcome,
        @Nullable String address,
        @Nullable OffsetDateTime since,
        @Nullable OffsetDateTime until) {

    private static final int LONGEST = 300;
    private static final String PART = "[a-z][a-z0-9-]*";
    private static final Pattern ACTION = Pattern.compile(PART + "(\\." + PART + ")*(\\.\\*)?");
    private static final int ACTION_LENGTH = 128;

    /** @throws Problem if one of the values cannot be what it should be */
    static AuditFilter of(@Nullable String actor, @Nullable String actorType, @Nullable String action, @Nullable String target,
                          @Nullable String outcome, @Nullable String address, @Nullable String since, @Nullable String until) {
        var filter = new AuditFilter(
                text("actor", actor),
                oneOf("actorType", actorType, Actor.Kind.values(), Actor.Kind::text),
                action(action),
                text("target", target),
                oneOf("outcome", outcome, AuditEvent.Outcome.values(), value -> value.name().toLowerCase(Locale.ROOT)),
                address(address),
                time("since", since),
                time("until", until));
        if (filter.since != null && filter.until != null && !filter.since.isBefore(filter.until)) {
            throw Problem.invalid("until", until, "This must be later than since.");
        }
        return filter;
    }

    Conditions conditions() {
        boolean family = action != null && action.endsWith(".*");
        return new Conditions()
                .equal("e.actor", actor)
                .equal("e.actor_type", actorType)
                .equal("e.action", family ? null : action)
                // Letters, digits, dots and hyphens only: nothing of it means anything to LIKE.
                .and("e.action like :family", "family", family ? action.substring(0, action.length() - 1) + "%" : null)
                .equal("e.target", target)
                .equal("e.outcome", outcome)
                .equal("e.address", address)
                .and("e.at >= :since", "since", since)
                .and("e.at < :until", "until", until);
    }

    private static @Nullable String text(String field, @Nullable String value) {
        if (value != null && (value.isEmpty() || value.length() > LONGEST || value.chars().anyMatch(Character::isISOControl))) {
            throw Problem.invalid(field, value, "1 to " + LONGEST + " characters are needed, none of them a control character.");
        }
        return value;
    }

    private static <T> @Nullable String oneOf(String field, @Nullable String value, T[] choices, Function<T, String> name) {
        if (value != null && Arrays.stream(choices).map(name).noneMatch(value::equals)) {
            throw Problem.invalid(field, value, "This must be one of " + Arrays.stream(choices).map(name).collect(Collectors.joining(", ")) + ".");
        }
        return value;
    }

    private static @Nullable String action(@Nullable String value) {
        if (value != null && (value.length() > ACTION_LENGTH || !ACTION.matcher(value).matches())) {
            throw Problem.invalid("action", value, "A dotted name such as identity.user.created is needed, or its first parts and an asterisk: identity.*.");
        }
        return value;
    }

    /** As it is recorded. */
    private static @Nullable String address(@Nullable String value) {
        try {
            return value == null ? null : Network.address(value).getHostAddress();
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("address", value, "An IPv4 or IPv6 address is needed, such as 192.0.2.7.");
        }
    }

    private static @Nullable OffsetDateTime time(String field, @Nullable String value) {
        try {
            var time = value == null ? null : OffsetDateTime.parse(value).withOffsetSameInstant(ZoneOffset.UTC);
            if (time == null || time.getYear() > 0 && time.getYear() < 10_000) {
                return time;
            }
        } catch (DateTimeException e) {
            // told below
        }
        throw Problem.invalid(field, value, "A time as in RFC 3339 is needed, such as " + Instant.EPOCH + "; a + must be written %2B in a URL.");
    }
}
