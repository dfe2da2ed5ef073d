package io.gatehouse.join;

import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table {@code join_tokens}. */
@Singleton
final class JoinTokenRows {

    /**
     * A token for a container, instead of any other.
     *
     * @return when it ends
     */
    Instant replace(Handle handle, int container, byte[] hash) {
        return handle.createQuery("""
                        insert into join_tokens (container_id, token_hash, expires_at) values (:container, :hash, now() + interval '1 hour')
                        on conflict (container_id) do update set token_hash = excluded.token_hash, expires_at = excluded.expires_at, redeemed_at = null
                        returning expires_at""")
                .bind("container", container)
                .bind("hash", hash)
                .mapTo(OffsetDateTime.class)
                .one()
                .toInstant();
    }

    Optional<JoinTicket> find(Handle handle, byte[] hash) {
        return handle.createQuery("""
                        select c.id, c.hostname, u.username,
                               case when t.redeemed_at is not null then 'used' when t.expires_at <= now() then 'expired' else 'good' end as state
                        from join_tokens t join containers c on c.id = t.container_id join users u on u.uid_number = c.owner
                        where t.token_hash = :hash""")
                .bind("hash", hash)
                .map((row, context) -> new JoinTicket(row.getInt("id"), row.getString("hostname"), row.getString("username"),
                        JoinTicket.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT))))
                .findOne();
    }

    /** @return whose it was; empty if it was not good any more */
    Optional<Integer> redeem(Handle handle, byte[] hash) {
        return handle.createQuery("""
                        update join_tokens set redeemed_at = now() where token_hash = :hash and redeemed_at is null and expires_at > now()
                        returning container_id""")
                .bind("hash", hash)
                .mapTo(Integer.class)
                .findOne();
    }

    void delete(Handle handle, int container) {
        handle.execute("delete from join_tokens where container_id = ?", container);
    }
}
