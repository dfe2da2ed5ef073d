package io.gatehouse.platform;

import io.micronaut.core.annotation.Nullable;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** A time in the future, as requests name it. */
public final class Deadline {

    private static final int LAST_YEAR = 9999;

    private Deadline() {
    }

    /**
     * @param text a time of RFC 3339; null for none
     * @throws Problem if it is none, or not in the future
     */
    public static @Nullable Instant of(String field, @Nullable String text, Instant now) {
        if (text == null) {
            return null;
        }
        var time = parse(text);
        if (time == null) {
            throw Problem.invalid(field, text, "A time of RFC 3339 is needed, such as 2030-01-31T12:00:00Z.");
        }
        if (!time.isAfter(now)) {
            throw Problem.invalid(field, text, "The time must be in the future.");
        }
        return time;
    }

    private static @Nullable Instant parse(String text) {
        try {
            var time = OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC);
            return time.getYear() > LAST_YEAR ? null : time.toInstant().truncatedTo(ChronoUnit.MICROS);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
