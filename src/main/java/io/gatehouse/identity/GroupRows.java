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
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The tables {@code groups} and {@code memberships}. */
@Singleton
final class GroupRows {

    private static final String SELECT = """
            select g.*, (select count(*) from memberships m where m.gid_number = g.gid_number) as member_count
            from groups g
            """;

    private static final Listing<Group> LISTING = Listing.of(SELECT, GroupRows::group)
            .key("g.cn", Listing.Type.TEXT, Group::cn)
            .sort("cn", "g.cn", Listing.Type.TEXT, Group::cn)
            .sort("gidNumber", "g.gid_number", Listing.Type.NUMBER, Group::gidNumber)
            .sort("createdAt", "g.created_at", Listing.Type.TIME, Group::createdAt)
            .search("g.cn", "g.description");

    private static final Listing<String> MEMBERS = Listing
            .of("select u.username from memberships m join users u using (uid_number)", (row, context) -> row.getString("username"))
            .key("u.username", Listing.Type.TEXT, username -> username)
            .search("u.username", "u.cn");

    Optional<Group> find(Handle handle, String cn) {
        return handle.createQuery(SELECT + "where g.cn = :cn").bind("cn", cn).map(GroupRows::group).findOne();
    }

    Page<Group> list(Handle handle, ListRequest request, @Nullable Integer gidNumber, @Nullable Boolean administrator) {
        return LISTING.page(handle, request, new Conditions().equal("g.gid_number", gidNumber).equal("g.is_administrator", administrator));
    }

    Page<String> members(Handle handle, int gidNumber, ListRequest request) {
        return MEMBERS.page(handle, request, new Conditions().equal("m.gid_number", gidNumber));
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

    private static Group group(ResultSet row, StatementContext context) throws SQLException {
        return new Group(
                row.getInt("gid_number"),
                row.getString("cn"),
                row.getString("description"),
                row.getBoolean("is_administrator"),
                LdapSecondFactor.orDefault(row.getString("ldap_second_factor")),
                row.getInt("member_count"),
                row.getLong("usn"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }
}
