package io.gatehouse.cluster;

import io.gatehouse.platform.http.Conditions;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Listing;
import io.gatehouse.platform.http.Listing.Type;
import io.gatehouse.platform.http.Page;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The table {@code containers}. */
@Singleton
final class ContainerRows {

    private static final String SELECT = """
            select c.*, host(c.ipv4_address) as address, n.site_id, u.username, m.joined_at
            from containers c join nodes n on n.id = c.node_id join users u on u.uid_number = c.owner
                left join machine_accounts m on m.container_id = c.id""";

    private static final Listing<Container> LISTING = Listing.of(SELECT, ContainerRows::container)
            .key("c.id", Type.NUMBER, Container::id)
            .sort("hostname", "c.hostname", Type.TEXT, Container::hostname)
            .sort("createdAt", "c.created_at", Type.TIME, Container::createdAt)
            .sort("status", "c.status", Type.TEXT, container -> container.status().text())
            .search("c.hostname", "c.template", "u.username");

    Page<Container> list(Handle handle, ListRequest request, Conditions conditions) {
        return LISTING.page(handle, request, conditions);
    }

    Optional<Container> find(Handle handle, int id) {
        return handle.createQuery(SELECT + " where c.id = :id").bind("id", id).map(ContainerRows::container).findOne();
    }

    /** Empty if the site has no nodes. */
    Optional<Integer> emptiestNode(Handle handle, int site) {
        return handle.createQuery("""
                        select n.id from nodes n left join containers c on c.node_id = n.id
                        where n.site_id = :site group by n.id order by count(c.id), n.id limit 1""")
                .bind("site", site)
                .mapTo(int.class)
                .findOne();
    }

    boolean siteExists(Handle handle, int site) {
        return handle.createQuery("select exists (select from sites where id = :site)").bind("site", site).mapTo(boolean.class).one();
    }

    boolean macAddressIsTaken(Handle handle, MacAddress address) {
        return handle.createQuery("select exists (select from containers where mac_address = cast(:address as macaddr))")
                .bind("address", address.text())
                .mapTo(boolean.class)
                .one();
    }

    /** The DHCP range of the node's site and the name of the site; empty if it has none. */
    Optional<String> range(Handle handle, int node) {
        return handle.createQuery("""
                        select host(lower(s.dhcp_range)) || '-' || host(upper(s.dhcp_range)) || ' of site ' || s.name
                        from nodes n join sites s on s.id = n.site_id where n.id = :node and s.dhcp_range is not null""")
                .bind("node", node)
                .mapTo(String.class)
                .findOne();
    }

    /** The lowest address in the DHCP range of the node's site that nobody has. A free one is the first, or follows one in use. */
    Optional<String> freeAddress(Handle handle, int node) {
        return handle.createQuery("""
                        with range as (select s.dhcp_range as all from nodes n join sites s on s.id = n.site_id where n.id = :node),
                             used as (select address from occupied_addresses union all select gateway from sites where gateway is not null)
                        select host(candidate.address)
                        from range, lateral (select lower(range.all) as address
                                             union all select used.address + 1 from used where used.address <@ range.all) candidate
                        where candidate.address <@ range.all and not exists (select from used where used.address = candidate.address)
                        order by candidate.address limit 1""")
                .bind("node", node)
                .mapTo(String.class)
                .findOne();
    }

    /** The first rule that the container would break because of what else there is. Its owner stays until the transaction ends. */
    Optional<WorkloadRule> brokenRule(Handle handle, ContainerDraft draft) {
        return handle.createQuery("""
                        select case
                            when not exists (select from users where username = :username for key share) then 'container_owner'
                            when not exists (select from nodes where id = :nodeId) then 'container_node'
                            when cast(:creationJobId as integer) is not null
                                and not exists (select from jobs where id = cast(:creationJobId as integer)) then 'container_creation_job'
                            when exists (select from containers where hostname = :hostname and id is distinct from cast(:id as integer)) then 'container_hostname_unique'
                            when exists (select from containers where node_id = :nodeId and container_id = cast(:containerId as integer) and id is distinct from cast(:id as integer))
                                then 'container_vmid_unique'
                            when exists (select from containers where mac_address = cast(:macAddress as macaddr) and id is distinct from cast(:id as integer))
                                then 'container_mac_unique'
                            when exists (select from nodes n join sites s on s.id = n.site_id
                                         where n.id = :nodeId and not is_host_of(s.network, cast(:ipv4Address as inet)))
                                then 'container_address_in_network'
                            when exists (select from sites where gateway = cast(:ipv4Address as inet)) then 'container_address_gateway'
                            when exists (select from nodes where ipv4_address = cast(:ipv4Address as inet)) then 'container_address_of_node'
                            when exists (select from containers where ipv4_address = cast(:ipv4Address as inet) and id is distinct from cast(:id as integer))
                                then 'container_address_unique'
                        end""")
                .bindMap(draft.values())
                .mapTo(String.class)
                .findOne()
                .map(WorkloadRule::of);
    }

    /** @return its id */
    int insert(Handle handle, ContainerDraft draft) {
        return handle.createUpdate("""
                        insert into containers (hostname, owner, status, template, node_id, container_id, mac_address, ipv4_address,
                                                ai_container, creation_job_id)
                        select :hostname, uid_number, :status, cast(:template as text), :nodeId, cast(:containerId as integer),
                               cast(:macAddress as macaddr), cast(:ipv4Address as inet), :aiContainer, cast(:creationJobId as integer)
                        from users where username = :username""")
                .bindMap(draft.values())
                .executeAndReturnGeneratedKeys("id")
                .mapTo(int.class)
                .one();
    }

    void update(Handle handle, ContainerDraft draft) {
        handle.createUpdate("""
                        update containers set hostname = :hostname, owner = u.uid_number, status = :status, template = cast(:template as text),
                            node_id = :nodeId, container_id = cast(:containerId as integer), mac_address = cast(:macAddress as macaddr),
                            ipv4_address = cast(:ipv4Address as inet), ai_container = :aiContainer,
                            creation_job_id = cast(:creationJobId as integer)
                        from users u where u.username = :username and id = :id""")
                .bindMap(draft.values())
                .execute();
    }

    void releaseAddress(Handle handle, int id) {
        handle.execute("update containers set ipv4_address = null where id = ?", id);
    }

    void delete(Handle handle, int id) {
        handle.execute("delete from containers where id = ?", id);
    }

    private static Container container(ResultSet row, StatementContext context) throws SQLException {
        return new Container(
                row.getInt("id"),
                row.getString("hostname"),
                row.getString("username"),
                ContainerStatus.parse(row.getString("status")),
                row.getString("template"),
                row.getInt("site_id"),
                row.getInt("node_id"),
                integer(row, "container_id"),
                row.getString("mac_address"),
                row.getString("address"),
                row.getString("ai_container"),
                integer(row, "creation_job_id"),
                instant(row, "joined_at"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant(),
                row.getLong("revision"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static @Nullable Integer integer(ResultSet row, String column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? null : value;
    }
}
