package io.gatehouse.identity;

import io.gatehouse.platform.http.Conditions;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Listing;
import io.gatehouse.platform.http.Page;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The table {@code app_passwords}. */
@Singleton
final class AppPasswordRows {

    private static final String SELECT = """
            select a.id, a.name, a.expires_at, a.allowed_networks::text[] as networks, a.created_at, a.last_used_at,
                   host(a.last_used_address) as last_used_address from app_passwords a""";

    private static final Listing<AppPassword> LISTING = Listing.of(SELECT, AppPasswordRows::appPassword)
            .key("a.id::text", Listing.Type.TEXT, AppPassword::id)
            .sort("createdAt", "a.created_at", Listing.Type.TIME, AppPassword::createdAt)
            .sort("name", "a.name", Listing.Type.TEXT, AppPassword::name)
            .search("a.name");

    Page<AppPassword> list(Handle handle, int uidNumber, ListRequest request) {
        return LISTING.page(handle, request, new Conditions().equal("a.uid_number", uidNumber));
    }

    int count(Handle handle, int uidNumber) {
        return handle.createQuery("select count(*) from app_passwords where uid_number = :uidNumber").bind("uidNumber", uidNumber).mapTo(int.class).one();
    }

    UUID insert(Handle handle, int uidNumber, String name, byte[] hash, @Nullable Instant expiresAt, List<String> networks) {
        return handle.createQuery("""
                        insert into app_passwords (uid_number, name, secret_hash, expires_at, allowed_networks)
                        values (:uidNumber, :name, :hash, :expiresAt, cast(:networks as cidr[])) returning id""")
                .bind("uidNumber", uidNumber)
                .bind("name", name)
                .bind("hash", hash)
                .bind("expiresAt", expiresAt == null ? null : expiresAt.atOffset(ZoneOffset.UTC))
                .bindArray("networks", String.class, networks)
                .mapTo(UUID.class).one();
    }

    Optional<AppPassword> find(Handle handle, int uidNumber, UUID id) {
        return handle.createQuery(SELECT + " where a.uid_number = :uidNumber and a.id = :id")
                .bind("uidNumber", uidNumber).bind("id", id).map(AppPasswordRows::appPassword).findOne();
    }

    void delete(Handle handle, UUID id) {
        handle.execute("delete from app_passwords where id = ?", id);
    }

    void deleteAll(Handle handle, int uidNumber) {
        handle.execute("delete from app_passwords where uid_number = ?", uidNumber);
    }

    /** Unless somebody else has done so within the last minute. */
    void notice(Handle handle, UUID id, String address) {
        handle.execute("""
                update app_passwords set last_used_at = now(), last_used_address = cast(? as inet)
                where id = ? and (last_used_at is null or last_used_at < now() - interval '1 minute')""", address, id);
    }

    private static AppPassword appPassword(ResultSet row, StatementContext context) throws SQLException {
        return new AppPassword(row.getString("id"), row.getString("name"), null, time(row, "expires_at"),
                List.of((String[]) row.getArray("networks").getArray()), row.getObject("created_at", OffsetDateTime.class).toInstant(),
                time(row, "last_used_at"), row.getString("last_used_address"));
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
