package io.gatehouse.platform;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** A time, as requests name it. */
public final class Timestamp {

    private static final int LAST_YEAR = 9999;

    private Timestamp() {
    }

    /**
     * As exact as the database keeps it.
     *
     * @throws Problem if it is no time of RFC 3339
     */
    public static Instant parse(String field, String text) {
        try {
            var time = OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC);
            if (time.getYear() > 0 && time.getYear() <= LAST_YEAR) {
                return time.toInstant().truncatedTo(ChronoUnit.MICROS);
            }
        } catch (DateTimeException notATime) {
            // told below
        }
        throw Problem.invalid(field, text, "A time of RFC 3339 is needed, such as 2030-01-31T12:00:00Z.");
    }
}
