package io.gatehouse.auth;

import io.gatehouse.platform.http.Conditions;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Listing;
import io.gatehouse.platform.http.Page;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementContext;

/** The tables {@code api_keys} and {@code api_key_usage}. */
@Singleton
final class ApiKeyRows {

    private static final String SELECT = """
            select k.id, k.prefix, k.description, u.username, k.service_account, k.scopes, k.expires_at, k.allowed_networks::text[] as networks,
                   k.rate_limit, k.created_at, k.created_by, k.last_used_at, host(k.last_used_address) as last_used_address, k.revision
            from api_keys k left join users u using (uid_number)""";

    private static final Listing<ApiKey> LISTING = Listing.of(SELECT, ApiKeyRows::key)
            .key("k.id::text", Listing.Type.TEXT, ApiKey::id)
            .sort("createdAt", "k.created_at", Listing.Type.TIME, ApiKey::createdAt)
            .sort("description", "k.description", Listing.Type.TEXT, ApiKey::description)
            .sort("prefix", "k.prefix", Listing.Type.TEXT, ApiKey::prefix)
            .search("k.description", "k.prefix");

    /**
     * A key that somebody presents, at this moment.
     *
     * @param usable    not expired, and its owner is not suspended
     * @param unnoticed whether it is time to note that it is used
     */
    record Presented(
            UUID id, byte[] hash, boolean usable, @Nullable String username, @Nullable String serviceAccount, boolean administrator, boolean secondFactor,
            List<String> scopes, List<String> networks, int rateLimit, boolean unnoticed) {
    }

    Optional<Presented> present(Handle handle, String prefix) {
        return handle.createQuery("""
                        select k.id, k.secret_hash, k.service_account, u.username, k.scopes, k.allowed_networks::text[] as networks, k.rate_limit,
                               (k.expires_at is null or k.expires_at > now()) and (k.service_account is not null or u.status = 'active') as usable,
                               k.last_used_at is null or k.last_used_at < now() - interval '1 minute' as unnoticed,\s"""
                        + Rights.ADMINISTRATOR + " as administrator, " + Rights.SECOND_FACTOR + " as second_factor from api_keys k left join users u using (uid_number) where k.prefix = :prefix")
                .bind("prefix", prefix)
                .map((row, context) -> new Presented(
                        row.getObject("id", UUID.class),
                        row.getBytes("secret_hash"),
                        row.getBoolean("usable"),
                        row.getString("username"),
                        row.getString("service_account"),
                        row.getBoolean("administrator"),
                        row.getBoolean("second_factor"),
                        texts(row, "scopes"),
                        texts(row, "networks"),
                        row.getInt("rate_limit"),
                        row.getBoolean("unnoticed")))
                .findOne();
    }

    /**
     * Counts one use, by whatever node, in the minute that the first use after the last minute began.
     *
     * @return false if the minute has had as many as it may, and this one is not counted
     */
    boolean count(Handle handle, UUID key, int limit) {
        return handle.createUpdate("""
                        insert into api_key_usage as present (key_id, window_start, used) values (:key, clock_timestamp(), 1)
                        on conflict (key_id) do update set
                            used = case when present.window_start <= excluded.window_start - interval '1 minute' then 1 else present.used + 1 end,
                            window_start = case when present.window_start <= excluded.window_start - interval '1 minute'
                                                then excluded.window_start else present.window_start end
                        where present.window_start <= excluded.window_start - interval '1 minute' or present.used < :limit""")
                .bind("key", key).bind("limit", limit).execute() > 0;
    }

    /** Until the key's next minute begins. */
    Duration untilNextMinute(Handle handle, UUID key) {
        return handle.createQuery("""
                        select extract(epoch from window_start + interval '1 minute' - clock_timestamp()) * 1000
                        from api_key_usage where key_id = :key""")
                .bind("key", key).mapTo(double.class).findOne()
                .map(millis -> Duration.ofMillis(Math.max(0, Math.round(millis)))).orElse(Duration.ZERO);
    }

    /** Unless somebody else has done so within the last minute. */
    void notice(Handle handle, UUID key, InetAddress address) {
        handle.execute("""
                update api_keys set last_used_at = now(), last_used_address = cast(? as inet)
                where id = ? and (last_used_at is null or last_used_at < now() - interval '1 minute')""", address.getHostAddress(), key);
    }

    /** Keys are made one after the other, so that nobody gets more than he may have. */
    void lockCreation(Handle handle) {
        handle.execute("select pg_advisory_xact_lock(hashtext('gatehouse.api-keys'))");
    }

    /** @return the user's number; empty if he may not act any more */
    Optional<Integer> lockUser(Handle handle, String username) {
        return handle.createQuery("select uid_number from users where username = :username and status = 'active' for key share")
                .bind("username", username).mapTo(Integer.class).findOne();
    }

    /** @return whether there is such a service account */
    boolean lockServiceAccount(Handle handle, String name) {
        return handle.createQuery("select true from service_accounts where name = :name for key share")
                .bind("name", name).mapTo(boolean.class).findOne().isPresent();
    }

    int countOf(Handle handle, @Nullable Integer uidNumber, @Nullable String serviceAccount) {
        return handle.createQuery("select count(*) from api_keys where uid_number = :uidNumber or service_account = :serviceAccount")
                .bind("uidNumber", uidNumber).bind("serviceAccount", serviceAccount).mapTo(int.class).one();
    }

    /** @return empty if another key has that prefix */
    Optional<UUID> insert(Handle handle, ApiKeyToken token, @Nullable Integer uidNumber, @Nullable String serviceAccount, ApiKeyTerms terms,
                          String createdBy) {
        var insertion = handle.createQuery("""
                        insert into api_keys (prefix, secret_hash, uid_number, service_account, created_by,
                                              description, scopes, expires_at, allowed_networks, rate_limit)
                        values (:prefix, :hash, :uidNumber, :serviceAccount, :createdBy,
                                :description, :scopes, :expiresAt, cast(:networks as cidr[]), :rateLimit)
                        on conflict (prefix) do nothing returning id""")
                .bind("prefix", token.prefix())
                .bind("hash", token.hash())
                .bind("uidNumber", uidNumber)
                .bind("serviceAccount", serviceAccount)
                .bind("createdBy", createdBy);
        return bind(insertion, terms).mapTo(UUID.class).findOne();
    }

    void update(Handle handle, String id, ApiKeyTerms terms) {
        bind(handle.createUpdate("""
                update api_keys set description = :description, scopes = :scopes, expires_at = :expiresAt,
                                    allowed_networks = cast(:networks as cidr[]), rate_limit = :rateLimit, revision = revision + 1
                where id = cast(:id as uuid)"""), terms).bind("id", id).execute();
    }

    void delete(Handle handle, String id) {
        handle.execute("delete from api_keys where id = cast(? as uuid)", id);
    }

    Optional<ApiKey> find(Handle handle, UUID id) {
        return handle.createQuery(SELECT + " where k.id = :id").bind("id", id).map(ApiKeyRows::key).findOne();
    }

    /** Nobody else changes it before this transaction ends. */
    Optional<ApiKey> lock(Handle handle, UUID id) {
        return handle.createQuery(SELECT + " where k.id = :id for update of k").bind("id", id).map(ApiKeyRows::key).findOne();
    }

    /** @param owner the only user whose keys may be shown; null for all keys */
    Page<ApiKey> list(Handle handle, ListRequest request, @Nullable String owner, @Nullable String username, @Nullable String serviceAccount) {
        return LISTING.page(handle, request, new Conditions()
                .equal("u.username", owner).equal("u.username", username).equal("k.service_account", serviceAccount));
    }

    private static <S extends SqlStatement<S>> S bind(S statement, ApiKeyTerms terms) {
        return statement
                .bind("description", terms.description())
                .bindArray("scopes", String.class, terms.scopes())
                .bind("expiresAt", terms.expiresAt() == null ? null : terms.expiresAt().atOffset(ZoneOffset.UTC))
                .bindArray("networks", String.class, terms.allowedNetworks())
                .bind("rateLimit", terms.rateLimit());
    }

    private static ApiKey key(ResultSet row, StatementContext context) throws SQLException {
        return new ApiKey(
                row.getString("id"),
                row.getString("prefix"),
                null,
                row.getString("description"),
                row.getString("username"),
                row.getString("service_account"),
                texts(row, "scopes"),
                time(row, "expires_at"),
                texts(row, "networks"),
                row.getInt("rate_limit"),
                time(row, "created_at"),
                row.getString("created_by"),
                time(row, "last_used_at"),
                row.getString("last_used_address"),
                row.getLong("revision"));
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
