package io.gatehouse.gateway.certificates;

import io.micronaut.core.annotation.Nullable;
import java.time.Duration;

/** No certificate was issued; the message tells why, and no secret. */
final class IssuanceFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable Duration retryAfter;

    /** @param retryAfter how long somebody asks to be left alone; null if nobody does */
    IssuanceFailure(String message, @Nullable Duration retryAfter) {
        super(message, null, false, false);
        this.retryAfter = retryAfter;
    }

    IssuanceFailure(String message) {
        this(message, null);
    }

    @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
