package io.gatehouse.gateway.dns;

import io.micronaut.core.annotation.Nullable;
import java.time.Duration;

/** A request to Cloudflare had no success; the message tells why, and no secret. */
public final class CloudflareFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean unreachable;
    private final transient @Nullable Duration retryAfter;

    /**
     * @param unreachable whether other requests would fare no better at present
     * @param retryAfter  how long Cloudflare asks to be left alone; null if it does not
     */
    CloudflareFailure(String message, boolean unreachable, @Nullable Duration retryAfter) {
        super(message, null, false, false);
        this.unreachable = unreachable;
        this.retryAfter = retryAfter;
    }

    CloudflareFailure(String message) {
        this(message, false, null);
    }

    static CloudflareFailure noZone(String domain) {
        return new CloudflareFailure("Cloudflare has no active zone for " + domain + " that these credentials may see.");
    }

    boolean isUnreachable() {
        return unreachable;
    }

    /** How long Cloudflare asks to be left alone; null if it does not. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
