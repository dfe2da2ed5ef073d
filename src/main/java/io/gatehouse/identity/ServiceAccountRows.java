package io.gatehouse.identity;

import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** The table {@code service_accounts}. */
@Singleton
final class ServiceAccountRows {

    private static final RowMapper<Row> MAPPER = (row, context) -> new Row(
            row.getString("name"),
            row.getString("description"),
            row.getObject("created_at", OffsetDateTime.class).toInstant(),
            row.getObject("updated_at", OffsetDateTime.class).toInstant());

    record Row(String name, @Nullable String description, Instant createdAt, Instant updatedAt) {
    }

    Optional<Row> find(Handle handle, String name) {
        return handle.createQuery("select * from service_accounts where name = :name").bind("name", name).map(MAPPER).findOne();
    }

    List<Row> list(Handle handle, @Nullable String after, int limit) {
        return handle.createQuery("select * from service_accounts where name > :after order by name limit :limit")
                .bind("after", after == null ? "" : after)
                .bind("limit", limit)
                .map(MAPPER)
                .list();
    }

    void insert(Handle handle, String name, @Nullable String description, String passwordHash) {
        handle.createUpdate("insert into service_accounts (name, description, password_hash) values (:name, :description, :hash)")
                .bind("name", name)
                .bind("description", description)
                .bind("hash", passwordHash)
                .execute();
    }

    /** @return whether there is such an account */
    boolean updatePassword(Handle handle, String name, String passwordHash) {
        return handle.execute("update service_accounts set password_hash = ?, password_changed_at = clock_timestamp() where name = ?",
                passwordHash, name) > 0;
    }

    void replaceHash(Handle handle, String name, String oldHash, String hash) {
        handle.execute("update service_accounts set password_hash = ? where name = ? and password_hash = ?", hash, name, oldHash);
    }

    /** @return whether there was such an account */
    boolean delete(Handle handle, String name) {
        return handle.execute("delete from service_accounts where name = ?", name) > 0;
    }
}
