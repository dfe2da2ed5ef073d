package io.gatehouse.identity;

import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
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

    Optional<Group> find(Handle handle, String cn) {
        return handle.createQuery(SELECT + "where g.cn = :cn").bind("cn", cn).map(GroupRows::group).findOne();
    }

    List<Group> list(Handle handle, @Nullable String after, int limit) {
        return handle.createQuery(SELECT + "where g.cn > :after order by g.cn limit :limit")
                .bind("after", after == null ? "" : after)
                .bind("limit", limit)
                .map(GroupRows::group)
                .list();
    }

    List<String> members(Handle handle, int gidNumber, @Nullable String after, int limit) {
        return handle.createQuery("""
                        select u.username from memberships m join users u using (uid_number)
                        where m.gid_number = :gidNumber and u.username > :after order by u.username limit :limit""")
                .bind("gidNumber", gidNumber)
                .bind("after", after == null ? "" : after)
                .bind("limit", limit)
                .mapTo(String.class)
                .list();
    }

    void insert(Handle handle, String cn, @Nullable String description, boolean administrator) {
        handle.createUpdate("insert into groups (cn, description, is_administrator) values (:cn, :description, :administrator)")
                .bind("cn", cn)
                .bind("description", description)
                .bind("administrator", administrator)
                .execute();
    }

    void update(Handle handle, int gidNumber, String cn, @Nullable String description, boolean administrator) {
        handle.createUpdate("""
                        update groups set cn = :cn, description = :description, is_administrator = :administrator
                        where gid_number = :gidNumber""")
                .bind("cn", cn)
                .bind("description", description)
                .bind("administrator", administrator)
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
                row.getInt("member_count"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }
}
