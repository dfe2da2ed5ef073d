package io.gatehouse.join;

import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table {@code machine_accounts}. */
@Singleton
final class MachineAccountRows {

    record Row(Instant joinedAt, Instant secretChangedAt, long usn) {
    }

    Optional<Row> find(Handle handle, int container) {
        return handle.createQuery("select joined_at, secret_changed_at, usn from machine_accounts where container_id = :container")
                .bind("container", container)
                .map((row, context) -> new Row(row.getObject("joined_at", OffsetDateTime.class).toInstant(),
                        row.getObject("secret_changed_at", OffsetDateTime.class).toInstant(), row.getLong("usn")))
                .findOne();
    }

    /**
     * Makes the account of a container that joins, or gives it a new secret.
     *
     * @return the container's name at this moment
     */
    String join(Handle handle, int container, byte[] secretHash) {
        return handle.createQuery("""
                        insert into machine_accounts (container_id, joined_as, secret_hash) select id, hostname, :hash from containers where id = :container
                        on conflict (container_id) do update set joined_as = excluded.joined_as, secret_hash = excluded.secret_hash,
                            secret_changed_at = clock_timestamp(), joined_at = clock_timestamp()
                        returning joined_as""")
                .bind("container", container)
                .bind("hash", secretHash)
                .mapTo(String.class)
                .one();
    }

    /** Gives the account a new secret, which goes with the container's present name. */
    void rotate(Handle handle, int container, byte[] secretHash) {
        handle.execute("""
                update machine_accounts set secret_hash = ?, secret_changed_at = clock_timestamp(),
                    joined_as = (select hostname from containers where id = machine_accounts.container_id) where container_id = ?""", secretHash, container);
    }

    void delete(Handle handle, int container) {
        handle.execute("delete from machine_accounts where container_id = ?", container);
    }

    /** The container whose account has this secret, and its name. */
    Optional<Holder> holder(Handle handle, byte[] secretHash) {
        return handle.createQuery("""
                        select c.id, c.hostname from machine_accounts m join containers c on c.id = m.container_id where m.secret_hash = :hash""")
                .bind("hash", secretHash)
                .map((row, context) -> new Holder(row.getInt("id"), row.getString("hostname")))
                .findOne();
    }

    record Holder(int containerId, String hostname) {
    }
}
