package io.gatehouse.platform;

import io.micronaut.core.annotation.Nullable;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Until when and from where a secret is good, as its owner says: the fields {@code expiresAt} and {@code allowedNetworks}. */
public final class AccessLimits {

    private static final int MAX_NETWORKS = 64;
    private static final int LAST_YEAR = 9999;

    private AccessLimits() {
    }

    /**
     * @param text a time of RFC 3339; null for never
     * @throws Problem if it is none, or not in the future
     */
    public static @Nullable Instant expiry(@Nullable String text, Instant now) {
        if (text == null) {
            return null;
        }
        var expiry = time(text);
        if (expiry == null) {
            throw Problem.invalid("expiresAt", text, "A time of RFC 3339 is needed, such as 2030-01-31T12:00:00Z.");
        }
        if (!expiry.isAfter(now)) {
            throw Problem.invalid("expiresAt", text, "The time must be in the future.");
        }
        return expiry;
    }

    /**
     * @param texts addresses and networks; null for anywhere
     * @return networks, each once; none for anywhere
     * @throws Problem if one of them is neither, or there are more than 64
     */
    public static List<String> networks(@Nullable List<String> texts) {
        if (texts == null) {
            return List.of();
        }
        if (texts.size() > MAX_NETWORKS) {
            throw Problem.invalidSecret("allowedNetworks", "At most " + MAX_NETWORKS + " networks are possible.");
        }
        return texts.stream().map(AccessLimits::network).distinct().toList();
    }

    private static @Nullable Instant time(String text) {
        try {
            var time = OffsetDateTime.parse(text);
            return time.getYear() > LAST_YEAR ? null : time.toInstant().truncatedTo(ChronoUnit.MICROS);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static String network(String text) {
        try {
            return Network.parse(text).toString();
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("allowedNetworks", text, e.getMessage());
        }
    }
}
