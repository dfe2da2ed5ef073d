package io.gatehouse.platform;

import io.micronaut.core.annotation.Nullable;
import java.time.Instant;

/** A time in the future, as requests name it. */
public final class Deadline {

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
        var time = Timestamp.parse(field, text);
        if (!time.isAfter(now)) {
            throw Problem.invalid(field, text, "The time must be in the future.");
        }
        return time;
    }
}
