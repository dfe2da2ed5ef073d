package io.gatehouse.identity;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table {@code password_resets}. */
@Singleton
final class PasswordResetRows {

    /** A token that still is good. */
    record Usable(String username, Instant expiresAt) {
    }

    /** Any older token of this user is void. */
    Instant put(Handle handle, int uidNumber, OneTimeToken token, Duration life) {
        return handle.createQuery("""
                        insert into password_resets (uid_number, token_hash, expires_at)
                        values (:uidNumber, :hash, clock_timestamp() + :millis * interval '1 millisecond')
                        on conflict (uid_number) do update set token_hash = excluded.token_hash, created_at = now(), expires_at = excluded.expires_at
                        returning expires_at""")
                .bind("uidNumber", uidNumber).bind("hash", token.hash()).bind("millis", life.toMillis())
                .mapTo(OffsetDateTime.class).one().toInstant();
    }

    Optional<Usable> find(Handle handle, OneTimeToken token) {
        return handle.createQuery("""
                        select u.username, r.expires_at from password_resets r join users u using (uid_number)
                        where r.token_hash = :hash and r.expires_at > clock_timestamp() and u.status = 'active'""")
                .bind("hash", token.hash())
                .map((row, context) -> new Usable(row.getString("username"), row.getObject("expires_at", OffsetDateTime.class).toInstant()))
                .findOne();
    }

    void deleteExpired(Handle handle) {
        handle.execute("delete from password_resets where expires_at <= now()");
    }
}
