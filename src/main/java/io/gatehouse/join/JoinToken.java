package io.gatehouse.join;

import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;

/**
 * With what a container joins, told once.
 *
 * @param token     good once
 * @param expiresAt and until then
 * @param command   to paste into a root shell in the container
 */
@Serdeable
record JoinToken(String token, Instant expiresAt, String command) {

    /** Without the token. */
    @Override
    public String toString() {
        return "JoinToken[" + expiresAt + "]";
    }
}
