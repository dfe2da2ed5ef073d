package io.gatehouse.platform;

import io.micronaut.core.annotation.Nullable;
import java.time.Instant;
import java.util.List;

/** Until when and from where a secret is good, as its owner says: the fields {@code expiresAt} and {@code allowedNetworks}. */
public final class AccessLimits {

    private static final int MAX_NETWORKS = 64;

    private AccessLimits() {
    }

    /**
     * @param text a time of RFC 3339; null for never
     * @throws Problem if it is none, or not in the future
     */
    public static @Nullable Instant expiry(@Nullable String text, Instant now) {
        return Deadline.of("expiresAt", text, now);
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

    private static String network(String text) {
        try {
            return Network.parse(text).toString();
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("allowedNetworks", text, e.getMessage());
        }
    }
}
