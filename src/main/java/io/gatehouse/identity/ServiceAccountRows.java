package io.gatehouse.identity;

import io.gatehouse.platform.http.Conditions;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Listing;
import io.gatehouse.platform.http.Page;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** The table {@code service_accounts}. */
@Singleton
final class ServiceAccountRows {

    private static final RowMapper<Row> MAPPER = (row, context) -> new Row(
            row.getString("name"),
            row.getString("description"),
            LdapSecondFactor.parse(row.getString("ldap_second_factor")),
            row.getLong("usn"),
            row.getObject("created_at", OffsetDateTime.class).toInstant(),
            row.getObject("updated_at", OffsetDateTime.class).toInstant());

    private static final Listing<Row> LISTING = Listing.of("select * from service_accounts", MAPPER)
            .key("name", Listing.Type.TEXT, Row::name)
            .sort("name", "name", Listing.Type.TEXT, Row::name)
            .sort("createdAt", "created_at", Listing.Type.TIME, Row::createdAt)
            .search("name", "description");

    record Row(String name, @Nullable String description, @Nullable LdapSecondFactor ldapSecondFactor, long revision, Instant createdAt, Instant updatedAt) {
    }

    Optional<Row> find(Handle handle, String name) {
        return handle.createQuery("select * from service_accounts where name = :name").bind("name", name).map(MAPPER).findOne();
    }

    Page<Row> list(Handle handle, ListRequest request) {
        return LISTING.page(handle, request, new Conditions());
    }

    void insert(Handle handle, String name, @Nullable String description, @Nullable LdapSecondFactor policy, String passwordHash) {
        handle.createUpdate("""
                        insert into service_accounts (name, description, ldap_second_factor, password_hash)
                        values (:name, :description, :policy, :hash)""")
                .bind("name", name)
                .bind("description", description)
                .bind("policy", policy == null ? null : policy.text())
                .bind("hash", passwordHash)
                .execute();
    }

    void updatePassword(Handle handle, String name, String passwordHash) {
        handle.execute("update service_accounts set password_hash = ?, password_changed_at = clock_timestamp() where name = ?", passwordHash, name);
    }

    void replaceHash(Handle handle, String name, String oldHash, String hash) {
        handle.execute("update service_accounts set password_hash = ? where name = ? and password_hash = ?", hash, name, oldHash);
    }

    void update(Handle handle, String name, @Nullable String description, @Nullable LdapSecondFactor policy) {
        handle.execute("update service_accounts set description = ?, ldap_second_factor = ? where name = ?", description,
                policy == null ? null : policy.text(), name);
    }

    void delete(Handle handle, String name) {
        handle.execute("delete from service_accounts where name = ?", name);
    }
}
