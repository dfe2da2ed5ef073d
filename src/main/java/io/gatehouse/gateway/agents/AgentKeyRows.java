package io.gatehouse.gateway.agents;

import io.gatehouse.gateway.agents.KnownAgentKeys.Known;
import io.gatehouse.platform.Network;
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
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The table {@code agent_keys}. */
@Singleton
final class AgentKeyRows {

    private static final String SELECT = """
            select k.id, k.site_id, k.name, k.expires_at, k.allowed_networks::text[] as networks, k.created_at, k.created_by,
                   (select max(a.seen_at) from agents a where a.key_id = k.id) as last_used_at
            from agent_keys k""";

    private static final Listing<AgentKey> LISTING = Listing.of(SELECT, AgentKeyRows::key)
            .key("k.id::text", Listing.Type.TEXT, AgentKey::id)
            .sort("name", "k.name", Listing.Type.TEXT, AgentKey::name)
            .sort("createdAt", "k.created_at", Listing.Type.TIME, AgentKey::createdAt)
            .search("k.name");

    Page<AgentKey> list(Handle handle, ListRequest request, int site) {
        return LISTING.page(handle, request, new Conditions().equal("k.site_id", site));
    }

    Optional<AgentKey> find(Handle handle, int site, UUID id) {
        return handle.createQuery(SELECT + " where k.site_id = :site and k.id = :id").bind("site", site).bind("id", id)
                .map(AgentKeyRows::key).findOne();
    }

    /**
     * Keys of a site are made one after the other.
     *
     * @return the site's name; empty if there is no such site
     */
    Optional<String> lockSite(Handle handle, int site) {
        return handle.createQuery("select name from sites where id = :site for no key update").bind("site", site).mapTo(String.class).findOne();
    }

    boolean hasName(Handle handle, int site, String name) {
        return handle.createQuery("select exists (select from agent_keys where site_id = :site and name = :name)")
                .bind("site", site).bind("name", name).mapTo(boolean.class).one();
    }

    int count(Handle handle, int site) {
        return handle.createQuery("select count(*) from agent_keys where site_id = :site").bind("site", site).mapTo(int.class).one();
    }

    UUID insert(Handle handle, int site, String name, byte[] hash, @Nullable Instant expiresAt, List<String> networks, String createdBy) {
        return handle.createQuery("""
                        insert into agent_keys (site_id, name, secret_hash, expires_at, allowed_networks, created_by)
                        values (:site, :name, :hash, :expiresAt, cast(:networks as cidr[]), :createdBy) returning id""")
                .bind("site", site)
                .bind("name", name)
                .bind("hash", hash)
                .bind("expiresAt", expiresAt == null ? null : expiresAt.atOffset(ZoneOffset.UTC))
                .bindArray("networks", String.class, networks)
                .bind("createdBy", createdBy)
                .mapTo(UUID.class)
                .one();
    }

    void delete(Handle handle, UUID id) {
        handle.execute("delete from agent_keys where id = ?", id);
    }

    /** For {@link KnownAgentKeys}. */
    List<Known> known(Handle handle) {
        return handle.createQuery("""
                        select id, site_id, name, secret_hash, expires_at, allowed_networks::text[] as networks from agent_keys""")
                .map((row, context) -> new Known(
                        row.getObject("id", UUID.class),
                        row.getInt("site_id"),
                        row.getString("name"),
                        row.getBytes("secret_hash"),
                        time(row, "expires_at"),
                        Stream.of(texts(row, "networks")).map(Network::parse).toList()))
                .list();
    }

    private static AgentKey key(ResultSet row, StatementContext context) throws SQLException {
        return new AgentKey(
                row.getString("id"),
                row.getInt("site_id"),
                row.getString("name"),
                null,
                time(row, "expires_at"),
                List.of(texts(row, "networks")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getString("created_by"),
                time(row, "last_used_at"));
    }

    private static String[] texts(ResultSet row, String column) throws SQLException {
        return (String[]) row.getArray(column).getArray();
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
