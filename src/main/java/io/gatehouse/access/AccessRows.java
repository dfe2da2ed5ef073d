package io.gatehouse.access;

import io.gatehouse.platform.Network;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** Reads what {@link AccessRules} are made of. */
@Singleton
public final class AccessRows {

    private static final String POLICIES = """
            select p.id, p.name, p.priority, p.effect, p.valid_from, p.valid_until, p.login, p.sudo_commands, p.sudo_run_as, p.sudo_authenticate,
                   array(select uid_number from policy_targets where policy_id = p.id and uid_number is not null) as users,
                   array(select gid_number from policy_targets where policy_id = p.id and gid_number is not null) as groups,
                   array(select site_id from policy_destinations where policy_id = p.id and site_id is not null) as sites,
                   array(select node_id from policy_destinations where policy_id = p.id and node_id is not null) as nodes,
                   array(select container_id from policy_destinations where policy_id = p.id and container_id is not null) as containers,
                   array(select network::text from policy_destinations where policy_id = p.id and network is not null) as networks,
                   p.entry_uuid, p.usn, p.created_at, p.updated_at
            from policies p where p.active
            """;
    private static final String PLACES = """
            select c.id, c.hostname, s.internal_domain, c.node_id, n.site_id, host(c.ipv4_address) as address, c.owner,
                   array(select uid_number from container_collaborators where container_id = c.id) as collaborators
            from containers c join nodes n on n.id = c.node_id join sites s on s.id = n.site_id
            """;

    /** The policies that are switched on, whether they count at this time or not. */
    public List<Policy> policies(Handle handle) {
        return handle.createQuery(POLICIES).map(AccessRows::policy).list();
    }

    /** Those with a change number above {@code usn}, and of these others those that exist; as far as they are switched on. */
    public List<Policy> policies(Handle handle, long usn, Collection<Integer> others) {
        return handle.createQuery(POLICIES + "and (p.usn > :usn or p.id = any(:others))").bind("usn", usn)
                .bindArray("others", Integer.class, others.toArray()).map(AccessRows::policy).list();
    }

    public List<Place> places(Handle handle) {
        return handle.createQuery(PLACES).map(AccessRows::place).list();
    }

    /** Of these containers those that exist, and all on these nodes or at these sites. */
    public List<Place> places(Handle handle, Collection<Integer> containers, Collection<Integer> nodes, Collection<Integer> sites) {
        return handle.createQuery(PLACES + "where c.id = any(:containers) or c.node_id = any(:nodes) or n.site_id = any(:sites)")
                .bindArray("containers", Integer.class, containers.toArray()).bindArray("nodes", Integer.class, nodes.toArray())
                .bindArray("sites", Integer.class, sites.toArray()).map(AccessRows::place).list();
    }

    /** @param container a host name, or an id in figures; a name goes first */
    Optional<Ground.Address> address(Handle handle, String container) {
        return handle.createQuery("""
                        select c.id, s.name as site, n.name as node, u.username as owner
                        from containers c join nodes n on n.id = c.node_id join sites s on s.id = n.site_id join users u on u.uid_number = c.owner
                        where c.hostname = lower(:container) or c.id::text = :container
                        order by c.hostname = lower(:container) desc limit 1""")
                .bind("container", container)
                .map((row, context) -> new Ground.Address(row.getInt("id"), row.getString("site"), row.getString("node"), row.getString("owner")))
                .findOne();
    }

    /** By gid numbers; whoever is in one of them, at any depth, is an administrator. */
    Set<Integer> administratorGroups(Handle handle) {
        return handle.createQuery("select gid_number from groups where is_administrator").mapTo(Integer.class).set();
    }

    /** The setting {@code access_default}, as it is in this transaction. */
    public DefaultAccess byDefault(Handle handle) {
        return handle.createQuery("select value from settings where key = 'access_default'").mapTo(String.class).findOne()
                .map(DefaultAccess::parse).orElse(DefaultAccess.OPEN);
    }

    private static Policy policy(ResultSet row, StatementContext context) throws SQLException {
        return new Policy(row.getInt("id"), row.getString("name"), row.getInt("priority"), Effect.parse(row.getString("effect")),
                instant(row, "valid_from"), instant(row, "valid_until"), row.getBoolean("login"), sudo(row),
                new Subjects(numbers(row, "users"), numbers(row, "groups")),
                new Destinations(numbers(row, "sites"), numbers(row, "nodes"), numbers(row, "containers"),
                        texts(row.getArray("networks")).stream().map(Network::parse).toList()),
                row.getObject("entry_uuid", UUID.class), row.getLong("usn"), instant(row, "created_at"), instant(row, "updated_at"));
    }

    static @Nullable Sudo sudo(ResultSet row) throws SQLException {
        var commands = row.getArray("sudo_commands");
        return commands == null ? null : new Sudo(texts(commands), texts(row.getArray("sudo_run_as")), row.getBoolean("sudo_authenticate"));
    }

    private static Place place(ResultSet row, StatementContext context) throws SQLException {
        var address = row.getString("address");
        return new Place(row.getInt("id"), row.getString("hostname"), row.getString("internal_domain"), row.getInt("node_id"),
                row.getInt("site_id"), address == null ? null : InetAddress.ofLiteral(address), row.getInt("owner"), numbers(row, "collaborators"));
    }

    private static Set<Integer> numbers(ResultSet row, String column) throws SQLException {
        return Set.of((Integer[]) row.getArray(column).getArray());
    }

    private static List<String> texts(Array array) throws SQLException {
        return Stream.of((String[]) array.getArray()).toList();
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var timestamp = row.getTimestamp(column);
        return timestamp == null ? null : timestamp.toInstant();
    }
}
