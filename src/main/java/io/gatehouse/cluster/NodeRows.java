package io.gatehouse.cluster;

import io.gatehouse.platform.MasterKey;
import io.gatehouse.platform.http.Conditions;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Listing;
import io.gatehouse.platform.http.Page;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The table {@code nodes}. */
@Singleton
final class NodeRows {

    private static final int MOST_HOLDERS = 100;

    private static final String SELECT = """
            select n.id, n.site_id, n.name, host(n.ipv4_address) as ipv4_address, n.api_url, n.api_token_id_or_username,
                   n.api_token_secret_or_password is not null as has_secret, n.disable_tls_verification, n.image_storage, n.volume_storage,
                   n.revision, n.created_at, n.updated_at
            from nodes n
            """;

    private static final Listing<Node> LISTING = Listing.of(SELECT, NodeRows::node)
            .key("n.id", Listing.Type.NUMBER, Node::id)
            .sort("name", "n.name", Listing.Type.TEXT, Node::name)
            .sort("id", "n.id", Listing.Type.NUMBER, Node::id)
            .sort("siteId", "n.site_id", Listing.Type.NUMBER, Node::siteId)
            .sort("createdAt", "n.created_at", Listing.Type.TIME, Node::createdAt)
            .search("n.name", "host(n.ipv4_address)", "n.api_url");

    private final MasterKey key;

    NodeRows(MasterKey key) {
        this.key = key;
    }

    Optional<Node> find(Handle handle, int id) {
        return handle.createQuery(SELECT + "where n.id = :id").bind("id", id).map(NodeRows::node).findOne();
    }

    /** Without regard to case. */
    Optional<Node> find(Handle handle, String name) {
        return handle.createQuery(SELECT + "where lower(n.name) = lower(:name)").bind("name", name).map(NodeRows::node).findOne();
    }

    Optional<Node> find(Handle handle, IpAddress address) {
        return handle.createQuery(SELECT + "where n.ipv4_address = cast(:address as inet)")
                .bind("address", address.toString()).map(NodeRows::node).findOne();
    }

    Page<Node> list(Handle handle, ListRequest request, @Nullable Integer siteId, @Nullable String name) {
        return LISTING.page(handle, request, new Conditions().equal("n.site_id", siteId).and("lower(n.name) = lower(:name)", "name", name));
    }

    /** @return its id */
    int insert(Handle handle, NodeValues node) {
        int id = handle.createQuery("""
                        insert into nodes (site_id, name, ipv4_address, api_url, api_token_id_or_username, disable_tls_verification,
                                           image_storage, volume_storage)
                        values (:siteId, :name, cast(:ipv4Address as inet), :apiUrl, :apiTokenIdOrUsername, :disableTlsVerification,
                                :imageStorage, :volumeStorage)
                        returning id""")
                .bindMap(node.shown())
                .mapTo(int.class)
                .one();
        if (node.apiTokenSecretOrPassword() != null) {
            updateSecret(handle, id, node.apiTokenSecretOrPassword());
        }
        return id;
    }

    /** All but the secret. */
    void update(Handle handle, int id, NodeValues node) {
        handle.createUpdate("""
                        update nodes set site_id = :siteId, name = :name, ipv4_address = cast(:ipv4Address as inet), api_url = :apiUrl,
                               api_token_id_or_username = :apiTokenIdOrUsername, disable_tls_verification = :disableTlsVerification,
                               image_storage = :imageStorage, volume_storage = :volumeStorage
                        where id = :id""")
                .bindMap(node.shown())
                .bind("id", id)
                .execute();
    }

    void updateSecret(Handle handle, int id, @Nullable String secret) {
        handle.createUpdate("update nodes set api_token_secret_or_password = :sealed where id = :id")
                .bind("sealed", secret == null ? null : key.encrypt(secret.getBytes(StandardCharsets.UTF_8), context(id)))
                .bind("id", id)
                .execute();
    }

    /** In the clear. */
    Optional<String> secret(Handle handle, int id) {
        return handle.createQuery("select api_token_secret_or_password from nodes where id = :id and api_token_secret_or_password is not null")
                .bind("id", id)
                .mapTo(byte[].class)
                .findOne()
                .map(sealed -> new String(key.decrypt(sealed, context(id)), StandardCharsets.UTF_8));
    }

    void delete(Handle handle, int id) {
        handle.execute("delete from nodes where id = ?", id);
    }

    /** Containers of the node. */
    List<String> holders(Handle handle, int id) {
        return handle.createQuery("select 'container:' || hostname from containers where node_id = :id order by hostname limit :most")
                .bind("id", id)
                .bind("most", MOST_HOLDERS)
                .mapTo(String.class)
                .list();
    }

    boolean isOfContainer(Handle handle, IpAddress address) {
        return handle.createQuery("select exists (select from occupied_addresses where container and address = cast(:address as inet))")
                .bind("address", address.toString())
                .mapTo(boolean.class)
                .one();
    }

    /** Containers of the node that would lie outside of the network. */
    List<String> outside(Handle handle, int id, Network network) {
        return handle.createQuery("""
                        select holder from occupied_addresses
                        where node_id = :id and container and not is_host_of(network_of(cast(:member as inet), cast(:mask as inet)), address)
                        order by holder limit :most""")
                .bind("id", id)
                .bind("member", network.member().toString())
                .bind("mask", network.mask().toString())
                .bind("most", MOST_HOLDERS)
                .mapTo(String.class)
                .list();
    }

    /** A secret that was moved to another row cannot be read there. */
    private static String context(int id) {
        return "nodes.api_token_secret_or_password:" + id;
    }

    private static Node node(ResultSet row, StatementContext context) throws SQLException {
        return new Node(
                row.getInt("id"),
                row.getInt("site_id"),
                row.getString("name"),
                row.getString("ipv4_address"),
                row.getString("api_url"),
                row.getString("api_token_id_or_username"),
                row.getBoolean("has_secret"),
                row.getBoolean("disable_tls_verification"),
                row.getString("image_storage"),
                row.getString("volume_storage"),
                row.getLong("revision"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }
}
