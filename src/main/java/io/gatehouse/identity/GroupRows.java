package io.gatehouse.identity;

import io.gatehouse.platform.http.Conditions;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Listing;
import io.gatehouse.platform.http.Page;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The tables {@code groups}, {@code group_nestings} and {@code memberships}. */
@Singleton
final class GroupRows {

    private static final int MOST_HOLDERS = 100;

    private static final String SELECT = """
            select g.*, (select count(*) from memberships m where m.gid_number = g.gid_number) as member_count,
                   array(select i.cn from group_nestings n join groups i on i.gid_number = n.member_gid_number
                         where n.gid_number = g.gid_number order by i.cn) as member_groups,
                   array(select o.cn from group_nestings n join groups o on o.gid_number = n.gid_number
                         where n.member_gid_number = g.gid_number order by o.cn) as member_of
            from groups g
            """;

    private static final Listing<Group> LISTING = Listing.of(SELECT, GroupRows::group)
            .key("g.cn", Listing.Type.TEXT, Group::cn)
            .sort("cn", "g.cn", Listing.Type.TEXT, Group::cn)
            .sort("gidNumber", "g.gid_number", Listing.Type.NUMBER, Group::gidNumber)
            .sort("createdAt", "g.created_at", Listing.Type.TIME, Group::createdAt)
            .search("g.cn", "g.description");

    private static final Listing<String> MEMBERS = Listing
            .of("select u.username from users u", (row, context) -> row.getString("username"))
            .key("u.username", Listing.Type.TEXT, username -> username)
            .search("u.username", "u.cn");

    Optional<Group> find(Handle handle, String cn) {
        return handle.createQuery(SELECT + "where g.cn = :cn").bind("cn", cn).map(GroupRows::group).findOne();
    }

    Page<Group> list(Handle handle, ListRequest request, @Nullable Integer gidNumber, @Nullable Boolean administrator) {
        return LISTING.page(handle, request, new Conditions().equal("g.gid_number", gidNumber).equal("g.is_administrator", administrator));
    }

    /** @param effective also of those who are members of a group in this one */
    Page<String> members(Handle handle, int gidNumber, boolean effective, ListRequest request) {
        return MEMBERS.page(handle, request, new Conditions()
                .and("u.uid_number in (select m.uid_number from memberships m where m.gid_number "
                        + (effective ? "in (select groups_below(array[cast(:group as integer)])))" : "= :group)"), "group", gidNumber));
    }

    void insert(Handle handle, String cn, @Nullable String description, boolean administrator, LdapSecondFactor policy) {
        handle.createUpdate("""
                        insert into groups (cn, description, is_administrator, ldap_second_factor)
                        values (:cn, :description, :administrator, :policy)""")
                .bind("cn", cn)
                .bind("description", description)
                .bind("administrator", administrator)
                .bind("policy", policy.text())
                .execute();
    }

    void update(Handle handle, int gidNumber, String cn, @Nullable String description, boolean administrator, LdapSecondFactor policy) {
        handle.createUpdate("""
                        update groups set cn = :cn, description = :description, is_administrator = :administrator, ldap_second_factor = :policy
                        where gid_number = :gidNumber""")
                .bind("cn", cn)
                .bind("description", description)
                .bind("administrator", administrator)
                .bind("policy", policy.text())
                .bind("gidNumber", gidNumber)
                .execute();
    }

    void delete(Handle handle, int gidNumber) {
        handle.execute("delete from groups where gid_number = ?", gidNumber);
    }

    /** The policies that name it. */
    List<String> holders(Handle handle, int gidNumber) {
        return handle.createQuery("""
                        select 'policy:' || name from policies where id in (select policy_id from policy_targets where gid_number = :gidNumber)
                        order by name limit :most""")
                .bind("gidNumber", gidNumber)
                .bind("most", MOST_HOLDERS)
                .mapTo(String.class)
                .list();
    }

    /** @return whether that is new */
    boolean addMember(Handle handle, int uidNumber, String cn) {
        return handle.execute("""
                insert into memberships (uid_number, gid_number) select ?, gid_number from groups where cn = ?
                on conflict do nothing""", uidNumber, cn) > 0;
    }

    /** @return whether the user was a member */
    boolean removeMember(Handle handle, int uidNumber, int gidNumber) {
        return handle.execute("delete from memberships where uid_number = ? and gid_number = ?", uidNumber, gidNumber) > 0;
    }

    /** Whether the members of this group are administrators, by itself or by a group that it is in. */
    boolean administers(Handle handle, int gidNumber) {
        return handle.createQuery("select :group in (select gid_number from administering_groups)").bind("group", gidNumber).mapTo(boolean.class).one();
    }

    /** Whether a group is this one, or in it at any depth. */
    boolean contains(Handle handle, int gidNumber, int inner) {
        return handle.createQuery("select :inner in (select groups_below(array[cast(:group as integer)]))")
                .bind("inner", inner).bind("group", gidNumber).mapTo(boolean.class).one();
    }

    /** @return whether that is new */
    boolean nest(Handle handle, int gidNumber, int inner) {
        return handle.execute("insert into group_nestings (gid_number, member_gid_number) values (?, ?) on conflict do nothing", gidNumber, inner) > 0;
    }

    /** @return whether the one was right in the other */
    boolean unnest(Handle handle, int gidNumber, int inner) {
        return handle.execute("delete from group_nestings where gid_number = ? and member_gid_number = ?", gidNumber, inner) > 0;
    }

    private static Group group(ResultSet row, StatementContext context) throws SQLException {
        return new Group(
                row.getInt("gid_number"),
                row.getString("cn"),
                row.getString("description"),
                row.getBoolean("is_administrator"),
                LdapSecondFactor.orDefault(row.getString("ldap_second_factor")),
                row.getInt("member_count"),
                List.of((String[]) row.getArray("member_groups").getArray()),
                List.of((String[]) row.getArray("member_of").getArray()),
                row.getLong("usn"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }
}
