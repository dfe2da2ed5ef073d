package io.gatehouse.auth;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.List;

/**
 * A login that still is good.
 *
 * @param current     whether it is the one that asks
 * @param address     where the login came from
 * @param lastAddress where it was seen last
 * @param userAgent   what the client called itself at the login
 * @param lastSeenAt  to the minute
 * @param expiresAt   when it ends however much it is used; unused it ends earlier
 * @param amr         how its owner proved who he is, named as in RFC 8176: pwd, and otp or recovery_code with mfa
 */
@Serdeable
record Session(
        String id,
        boolean current,
        @Nullable String address,
        @Nullable String lastAddress,
        @Nullable String userAgent,
        Instant createdAt,
        Instant lastSeenAt,
        Instant expiresAt,
        List<String> amr) {

    Session seenFrom(@Nullable String session) {
        return new Session(id, id.equals(session), address, lastAddress, userAgent, createdAt, lastSeenAt, expiresAt, amr);
    }
}
