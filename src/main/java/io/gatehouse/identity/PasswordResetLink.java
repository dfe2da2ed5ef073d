package io.gatehouse.identity;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;

/**
 * A password reset that an administrator has made.
 *
 * @param delivery {@code mail}, or {@code link} where this server sends no mail or the user has no address: then the caller passes the link on
 * @param link     told this once; null if it goes by mail
 */
@Serdeable
public record PasswordResetLink(String delivery, @Nullable String link, Instant expiresAt) {

    /** Without the link. */
    @Override
    public String toString() {
        return "PasswordResetLink[" + delivery + "]";
    }
}
