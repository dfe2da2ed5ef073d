package io.gatehouse.directory;

import io.gatehouse.credentials.PasswordHashing;
import io.gatehouse.platform.Database;
import io.gatehouse.platform.Transactions;
import io.gatehouse.testing.GatehouseServer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/** People, groups and service accounts put into a server's database by plain SQL; the directory shows them on return. */
public final class DirectoryRows {

    /** The password of everybody who is made here. */
    public static final String PASSWORD = "staple battery horse";

    /** A change of any table. */
    public interface Change {

        void apply(Handle handle);
    }

    private final GatehouseServer server;
    private final String passwordHash;

    public DirectoryRows(GatehouseServer server) {
        this.server = server;
        passwordHash = server.bean(PasswordHashing.class).hash(PASSWORD);
    }

    /** One transaction. */
    public void write(Change change) {
        server.bean(Transactions.class).<Void, RuntimeException>write(handle -> {
            change.apply(handle);
            return null;
        });
    }

    public void sql(String statement, Object... values) {
        write(handle -> handle.execute(statement, values));
    }

    /** As the role that owns the tables. */
    public void asOwner(String statement) {
        server.bean(Database.class).asOwner(handle -> handle.execute(statement));
        write(handle -> { });
    }

    /** An active member of {@code ldapusers} and of these groups; returns the uid number. */
    public int person(String username, String... groups) {
        var uidNumber = new int[1];
        write(handle -> uidNumber[0] = insertPerson(handle, username, groups));
        return uidNumber[0];
    }

    /** The same within a larger transaction. */
    public int insertPerson(Handle handle, String username, String... groups) {
        int uidNumber = returned(handle.createUpdate("""
                insert into users (username, cn, sn, given_name, mail, home_directory, status, password_hash, password_changed_at)
                values (:username, initcap(:username) || ' Example', 'Example', initcap(:username), :username || '@example.org',
                        '/home/' || :username, 'active', :hash, now())
                """).bind("username", username).bind("hash", passwordHash), "uid_number");
        insertMember(handle, username, "ldapusers");
        for (var cn : groups) {
            insertMember(handle, username, cn);
        }
        return uidNumber;
    }

    /** Returns the gid number. */
    public int group(String cn) {
        var gidNumber = new int[1];
        write(handle -> gidNumber[0] = insertGroup(handle, cn));
        return gidNumber[0];
    }

    public int insertGroup(Handle handle, String cn) {
        return returned(handle.createUpdate("insert into groups (cn) values (:cn)").bind("cn", cn), "gid_number");
    }

    public void member(String username, String cn) {
        write(handle -> insertMember(handle, username, cn));
    }

    public void insertMember(Handle handle, String username, String cn) {
        handle.execute("""
                insert into memberships (uid_number, gid_number)
                select uid_number, g.gid_number from users, groups g where username = ? and g.cn = ?
                """, username, cn);
    }

    /** Puts one group into another. */
    public void insertNesting(Handle handle, String outer, String inner) {
        handle.execute("""
                insert into group_nestings (gid_number, member_gid_number)
                select o.gid_number, i.gid_number from groups o, groups i where o.cn = ? and i.cn = ?
                """, outer, inner);
    }

    public void suspend(String username) {
        sql("update users set status = 'suspended' where username = ?", username);
    }

    /** Returns the DN to bind with. */
    public String serviceAccount(String name) {
        sql("insert into service_accounts (name, password_hash) values (?, ?)", name, passwordHash);
        return "cn=" + name + ",ou=services," + server.baseDn();
    }

    private static int returned(Update update, String column) {
        return update.executeAndReturnGeneratedKeys(column).mapTo(Integer.class).one();
    }
}
